/** Two ways to ask for one thing, and a question that has nothing to do with them. */
const ASKED = 'How do I reset my password?';
const REWRITTEN = 'How can I reset my password?';
const UNRELATED = 'What is the boiling point of water at sea level?';

/** How much nearer the rewrite has to be. Models differ much in what they call near. */
const LEAST_MARGIN = 0.1;

/** Throws when the vectors do not tell a rewrite from something else: a wrong pooling or tokenizer shows here. */
export async function testEmbedder(embed: (text: string) => Promise<Float32Array>): Promise<void> {
  const [asked, rewritten, unrelated] = [await embed(ASKED), await embed(REWRITTEN), await embed(UNRELATED)];
  const near = dot(asked, rewritten);
  const far = dot(asked, unrelated);
  if (!(near - far >= LEAST_MARGIN))
    throw new Error(
      `the embedder failed its test: a rewrite has the similarity ${near.toFixed(2)}, something else ${far.toFixed(2)}`,
    );
}

/** Throws when the verifier does not say yes to a rewrite and no to something else. */
export async function testVerifier(verify: (one: string, other: string) => Promise<number>): Promise<void> {
  const same = await verify(ASKED, REWRITTEN);
  const other = await verify(ASKED, UNRELATED);
  if (!(same > 0 && other < 0))
    throw new Error(
      `the verifier failed its test: ${same.toFixed(1)} for a rewrite, ${other.toFixed(1)} for something else`,
    );
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}

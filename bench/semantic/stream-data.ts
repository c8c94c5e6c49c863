import { Random } from '../logs/random.ts';
import { type Label, type LabelledPair, type PairData, pairId, type QuestionPair } from './data.ts';
import { readPairs } from './labelled.ts';
import type { ModelOutputs } from './outputs.ts';

/** Questions that are asked in the stream, and who is near whom. */
export interface StreamTexts {
  readonly texts: readonly string[];
  /** Others by falling cosine, down to LEAST_COSINE: all that any way of serving could take. */
  readonly neighbours: readonly (readonly Neighbour[])[];
}

export interface Neighbour {
  readonly text: number;
  readonly cosine: number;
}

const LEAST_COSINE = 0.75;
/** Questions without a labelled partner: most of what a cache is asked is not a repetition. */
const DISTRACTORS = 2500;
const SEED = 11;

/** Labels of pairs, and what follows from them: what is the same as the same is the same. */
export interface KnownLabels {
  /** Null where nobody has read the pair and nothing follows. */
  of(pair: QuestionPair): Label | null;
}

const labelledPairs = (data: PairData): readonly LabelledPair[] => [...data.judged, ...readPairs(data)];

export const knownLabels = (data: PairData): KnownLabels => {
  const direct = new Map<string, Label>([...data.readings]);
  const parent = new Map<string, string>();
  const root = (text: string): string => {
    let at = text;
    while (parent.has(at)) at = parent.get(at)!;
    return at;
  };
  for (const pair of labelledPairs(data)) {
    direct.set(pairId(pair), pair.label);
    const [one, other] = [root(pair.a), root(pair.b)];
    if (pair.label === 'same' && one !== other) parent.set(one, other);
  }
  return { of: (pair) => direct.get(pairId(pair)) ?? (root(pair.a) === root(pair.b) ? 'same' : null) };
};

const dot = (one: Float32Array, other: Float32Array): number => {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += one[at]! * other[at]!;
  return sum;
};

/** Every text of a labelled pair, and distractors: one text each of noisy pairs that share none with them. */
export const streamTexts = async (data: PairData, outputs: ModelOutputs): Promise<StreamTexts> => {
  const labelled = new Set(labelledPairs(data).flatMap(({ a, b }) => [a, b]));
  const random = new Random(SEED);
  const distractors = new Set<string>();
  while (distractors.size < DISTRACTORS) {
    const { a, b } = random.pick(data.noisy);
    if (!labelled.has(a) && !labelled.has(b) && !distractors.has(b)) distractors.add(a);
  }
  const texts = [...new Set([...labelled, ...distractors])];
  const vectors = await outputs.vectors(texts);
  const neighbours = texts.map((): Neighbour[] => []);
  for (let one = 0; one < texts.length; one += 1)
    for (let other = 0; other < one; other += 1) {
      const cosine = dot(vectors[one]!, vectors[other]!);
      if (cosine < LEAST_COSINE) continue;
      neighbours[one]!.push({ text: other, cosine });
      neighbours[other]!.push({ text: one, cosine });
    }
  for (const list of neighbours) list.sort((a, b) => b.cosine - a.cosine);
  return { texts, neighbours };
};

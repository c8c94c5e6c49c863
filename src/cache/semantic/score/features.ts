import { type Reading, readWords } from './words.ts';

/** What is known of a pair of questions: the texts, and what the local embedder and verifier say of them. */
export interface PairFacts {
  readonly asked: string;
  readonly stored: string;
  /** Of the local embedder's vectors, whatever embedder found the neighbour. */
  readonly cosine: number;
  /** The verifier's logit for (asked, stored), and for (stored, asked). */
  readonly logit: number;
  readonly logitBack: number;
}

/** Words of one side that the other does not have, as multisets. */
const without = (side: readonly string[], other: readonly string[]): string[] => {
  const left = new Map<string, number>();
  for (const word of other) left.set(word, (left.get(word) ?? 0) + 1);
  return side.filter((word) => {
    const count = left.get(word) ?? 0;
    if (count > 0) left.set(word, count - 1);
    return count === 0;
  });
};

/** One letter more, less, other or swapped, in a long word without digits: a typing error more often than a meaning. */
const isNear = (one: string, other: string): boolean => {
  if (Math.min(one.length, other.length) < 5 || Math.abs(one.length - other.length) > 1 || one === other)
    return false;
  if (/\d/.test(one) || /\d/.test(other)) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end))
    end += 1;
  const [a, b] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  return (
    (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
  );
};

/** Takes the pairs that differ by a letter out of both lists; how many there were. */
const takeNear = (one: string[], other: string[]): number => {
  let taken = 0;
  for (let at = one.length - 1; at >= 0; at -= 1) {
    const found = other.findIndex((word) => isNear(one[at]!, word));
    if (found < 0) continue;
    one.splice(at, 1);
    other.splice(found, 1);
    taken += 1;
  }
  return taken;
};

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((word, at) => word === other[at]);

const count = (side: Reading, pattern: RegExp): number =>
  side.words.reduce((sum, word) => sum + Number(pattern.test(word)), 0);
const differs = (a: Reading, b: Reading, pattern: RegExp): number =>
  Math.abs(count(a, pattern) - count(b, pattern));

/**
 * What the model reads, each the same for (a, b) as for (b, a). Kept few: each is one that made pairs it had not seen
 * more certain, and most of what the models miss is in the shape of the questions, not in single words.
 */
export const FEATURES = [
  /** How near the vectors are, spread out where it matters: near 1. */
  'cosine',
  'cosineSquared',
  /** Mean of both readings of the verifier, within ±5: beyond it is sure, and sure is enough. */
  'logit',
  'logitSquared',
  /** Each is fooled alone, seldom both by the same pair. */
  'together',
  /** Words of matter that one of them has more. */
  'added',
  /** Words that differ by a letter. */
  'near',
  'identical',
  /** The same words of matter in the same order. */
  'sameMatter',
  /** 'What is X?' and 'What is X? What is its use?' are similar for both models, and want other answers. */
  'sentences',
  'clauses',
  'firstPerson',
  'length',
  'brevity',
  'grammar',
] as const;
export type FeatureName = (typeof FEATURES)[number];

const CLAUSE = /^(and|or|but|why|how)$/;
const FIRST_PERSON = /^(i|me|my|we|us|our|myself)$/;

/** The features of a pair, in the order of `FEATURES`. */
export const featuresOf = ({ asked, stored, cosine, logit, logitBack }: PairFacts): number[] => {
  const a = readWords(asked);
  const b = readWords(stored);
  const onlyA = without(a.matter, b.matter);
  const onlyB = without(b.matter, a.matter);
  const near = takeNear(onlyA, onlyB);
  const closeness = -Math.log(1.02 - Math.min(1, Math.max(0, cosine)));
  const agreed = Math.max(-5, Math.min(5, (logit + logitBack) / 2));
  return [
    closeness,
    closeness ** 2,
    agreed,
    agreed ** 2,
    closeness * agreed,
    Math.min(4, Math.abs(onlyA.length - onlyB.length)),
    Math.min(2, near),
    Number(a.plain === b.plain),
    Number(isSame(a.matter, b.matter)),
    Math.min(2, Math.abs(a.sentences - b.sentences)),
    Math.min(2, differs(a, b, CLAUSE)),
    Math.min(2, differs(a, b, FIRST_PERSON)),
    Math.min(1.5, Math.abs(Math.log((a.words.length + 1) / (b.words.length + 1)))),
    1 / Math.max(1, Math.min(a.matter.length, b.matter.length)),
    Math.min(6, without(a.grammar, b.grammar).length + without(b.grammar, a.grammar).length),
  ];
};

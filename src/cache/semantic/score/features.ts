import { type Match, match } from '../gate/match.ts';
import { normalise, type Question, readQuestion, type Token } from '../gate/read-question.ts';
import { withoutPoliteness } from './politeness.ts';

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

/**
 * What the model reads, each the same for (a, b) as for (b, a). Kept few: each made pairs more certain that the model
 * had not seen. The gate has finer eyes for single words; most of what the models miss is in the shape of a question.
 */
export const FEATURES = [
  /** How near the vectors are, spread out where it matters: near 1. */
  'cosine',
  'cosineSquared',
  /** Mean of both readings of the verifier, within ±5: beyond it is sure, and sure is enough. */
  'logit',
  'logitSquared',
  /** Each of the two is fooled alone, seldom both by the same pair. */
  'together',
  /** Words of matter that stand in the place of others. */
  'substituted',
  /** Words that say little and that only one side has: 'best', 'some'. Both models take them for more than they are. */
  'weak',
  'typos',
  'synonyms',
  /** Places at which the order of the words is another one. */
  'moved',
  /** 'What is X?' and 'What is X? What is its use?' are near for both models, and want other answers. */
  'sentences',
  'clauses',
  /** 'How do I' and 'How does one' ask the same. */
  'firstPerson',
  'length',
  /** 1 / number of words of matter: of few words, each counts in the models already. */
  'brevity',
  'grammar',
] as const;
export type FeatureName = (typeof FEATURES)[number];

const CLAUSE = /^(?:and|or|but|why|how)$/;
const FIRST_PERSON = /^(?:i|me|my|we|us|our|myself)$/;
/** What may stand in a text without being a sign that means something. */
const PLAIN = /[\p{L}\p{M}\p{N}\s.,;:!?…'"’‘“”()-]/gu;

const wordsOf = (tokens: readonly Token[]): string[] => tokens.map(({ word }) => word);
const weighing = (tokens: readonly Token[], weight: Token['weight']): Token[] =>
  tokens.filter((token) => token.weight === weight);

/** How many words of one side the other does not have, as multisets. */
const missing = (side: readonly string[], other: readonly string[]): number => {
  const left = new Map<string, number>();
  for (const word of other) left.set(word, (left.get(word) ?? 0) + 1);
  return side.filter((word) => {
    const count = left.get(word) ?? 0;
    if (count > 0) left.set(word, count - 1);
    return count === 0;
  }).length;
};

const differs = (a: Question, b: Question, pattern: RegExp): number => {
  const count = (question: Question): number =>
    question.tokens.filter(({ word }) => pattern.test(word)).length;
  return Math.min(2, Math.abs(count(a) - count(b)));
};

const moves = ({ asked, stored, pairs }: Match): number => {
  const places = pairs.map((pair) => [
    asked.content.indexOf(pair.asked),
    stored.content.indexOf(pair.stored),
  ]);
  places.sort((one, other) => one[0]! - other[0]!);
  return Math.min(2, places.filter((place, at) => at > 0 && place[1]! < places[at - 1]![1]!).length);
};

/** The same words in the same order: only case, spaces and punctuation differ, and no sign that means something. */
const areSameWords = (one: string, other: string): boolean =>
  normalise(one) === normalise(other) && one.replace(PLAIN, '') === other.replace(PLAIN, '');

/** The features of a pair, in the order of `FEATURES`. */
export const featuresOf = ({ cosine, logit, logitBack, ...texts }: PairFacts): number[] => {
  const [asked, stored] = [withoutPoliteness(texts.asked), withoutPoliteness(texts.stored)];
  const [a, b] = [readQuestion(asked), readQuestion(stored)];
  const found = match(a, b);
  // The models read a question mark less, or a capital more, as if it meant something. It is not asked of them.
  const isSame = areSameWords(asked, stored);
  const closeness = isSame ? CLOSEST : closenessOf(cosine);
  const agreed = isSame ? SURE : Math.max(-SURE, Math.min(SURE, (logit + logitBack) / 2));
  const as = (likeness: string): number =>
    Math.min(2, found.pairs.filter((pair) => pair.as === likeness).length);
  const strong = [found.onlyAsked, found.onlyStored].map((tokens) => weighing(tokens, 'strong').length);
  const grammar = [a, b].map(({ tokens }) => wordsOf(weighing(tokens, 'function')));
  return [
    closeness,
    closeness ** 2,
    agreed,
    agreed ** 2,
    closeness * agreed,
    Math.min(3, ...strong),
    Math.min(4, weighing([...found.onlyAsked, ...found.onlyStored], 'weak').length),
    Math.min(1, as('typo')),
    as('synonym'),
    moves(found),
    Math.min(2, Math.abs(a.sentences.length - b.sentences.length)),
    differs(a, b, CLAUSE),
    differs(a, b, FIRST_PERSON),
    Math.min(1.5, Math.abs(Math.log((a.length + 1) / (b.length + 1)))),
    1 / Math.max(1, Math.min(a.content.length, b.content.length)),
    Math.min(6, missing(grammar[0]!, grammar[1]!) + missing(grammar[1]!, grammar[0]!)),
  ];
};

const SURE = 5;
const closenessOf = (cosine: number): number => -Math.log(1.02 - Math.min(1, Math.max(0, cosine)));
const CLOSEST = closenessOf(1);

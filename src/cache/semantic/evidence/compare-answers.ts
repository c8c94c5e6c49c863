import type { Embedder, JudgedBy, Verdict } from '../../../core/semantic.ts';
import { answerCosine } from './answer-cosine.ts';
import { compareWords } from './compare-words.ts';
import type { Thresholds } from './thresholds.ts';

export interface Finding {
  readonly verdict: Verdict;
  readonly by: JudgedBy;
  readonly note: string | null;
  /** Of the two answers; null where it was not asked for. */
  readonly cosine: number | null;
}

export interface AnswerPair {
  /** What was asked. */
  readonly asked: string;
  /** The provider's own answer to it. */
  readonly fresh: string;
  /** What the cache gave, or would have given. */
  readonly given: string;
}

export interface ComparisonMeans {
  readonly embedder: Embedder | null;
  readonly thresholds: Thresholds;
  /** Null where no judge is set, or none can be asked now. Null in place of a verdict when it gave none. */
  readonly judge: ((pair: AnswerPair) => Promise<JudgeFinding | null>) | null;
}

export interface JudgeFinding {
  readonly verdict: Verdict;
  readonly reason: string | null;
}

const SURE_WITHOUT_JUDGE = 0.985;

/** Cheapest first: words, a cosine that leaves no doubt, then a model as judge, and without one what the cosine says. */
export async function compareAnswers(
  pair: AnswerPair,
  { embedder, thresholds, judge }: ComparisonMeans,
  signal: AbortSignal,
): Promise<Finding> {
  const { fresh, given } = pair;
  if (fresh.trim() === '' || given.trim() === '') {
    return { verdict: 'unsure', by: 'text', note: 'an answer has no text that can be read', cosine: null };
  }
  const words = compareWords(fresh, given);
  if (words !== null) return { ...words, cosine: null };
  const cosine = embedder === null ? null : await answerCosine(fresh, given, embedder, signal);
  // With a judge at hand, only what is nearly the same needs none: a single other word can turn an answer around.
  if (judge !== null && (cosine === null || cosine < Math.max(thresholds.same, SURE_WITHOUT_JUDGE))) {
    const judged = await judge(pair);
    if (judged !== null) return { verdict: judged.verdict, by: 'judge', note: judged.reason, cosine };
  }
  if (cosine === null) {
    const note = 'the words do not decide, and nobody else could be asked';
    return { verdict: 'unsure', by: 'text', note, cosine };
  }
  const verdict = cosine >= thresholds.same ? 'right' : cosine < thresholds.different ? 'wrong' : 'unsure';
  const note = `likeness of the answers ${cosine.toFixed(3)}: the same from ${thresholds.same.toFixed(3)}, another under ${thresholds.different.toFixed(3)}`;
  return { verdict, by: 'embedding', note, cosine };
}

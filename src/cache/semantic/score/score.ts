import { type Calibration, upperErrorOf } from './calibration.ts';
import { FEATURES, featuresOf, type PairFacts } from './features.ts';

export type { PairFacts } from './features.ts';

export interface PairScore {
  /** That one answer serves both questions, 0 to 1, for a pair that passed the gate. */
  readonly probability: number;
  /** Upper bound of the share of wrong pairs among those that score about the same, 0 to 1. */
  readonly upperError: number;
}

/** Judges pairs that passed the gate. Pure: the same numbers for the same pair, whichever is asked and which stored. */
export interface Score {
  /** The models whose numbers it understands, as `Embedder.id` and `Verifier.id`. */
  readonly embedder: string;
  readonly verifier: string;
  scorePair(facts: PairFacts): PairScore;
  /**
   * Where to serve from: pairs of this probability and above were, all together, wrong in at most `errorBudget` (0 to 1)
   * of the cases, at the upper bound. Infinity when no such point can be shown: then nothing is served.
   */
  leastProbability(errorBudget: number): number;
}

/** Fewer neighbours than this say little about an error. */
const NEIGHBOURS = 80;

/**
 * A logistic model rather than something deeper: only some two thousand pairs were read and judged, and terms that bend
 * it were no better in cross-validation. Probabilities alone are not trusted where it counts, in
 * the last percents: both bounds come from counted pairs that the model had not seen.
 */
export const makeScore = ({ embedder, verifier, bias, weights, sample }: Calibration): Score => {
  const ordered = FEATURES.map((name) => weights[name]);

  const probabilityOf = (facts: PairFacts): number => {
    const sum = featuresOf(facts).reduce((total, value, at) => total + value * ordered[at]!, bias);
    return 1 / (1 + Math.exp(-sum));
  };

  /** Of the rows around that probability, taken in until there are enough pairs on both sides. */
  const upperErrorAt = (probability: number): number => {
    const found = sample.findIndex(([least]) => probability >= least);
    let from = found < 0 ? sample.length - 1 : found;
    let to = from + 1;
    const pairsIn = (): number => sample.slice(from, to).reduce((sum, row) => sum + row[1] + row[2], 0);
    while (pairsIn() < NEIGHBOURS && (from > 0 || to < sample.length)) {
      from = Math.max(0, from - 1);
      to = Math.min(sample.length, to + 1);
    }
    return upperErrorOf(sample.slice(from, to));
  };

  return {
    embedder,
    verifier,
    scorePair: (facts) => {
      const probability = probabilityOf(facts);
      return { probability, upperError: upperErrorAt(probability) };
    },
    leastProbability: (errorBudget) => {
      let found = Number.POSITIVE_INFINITY;
      for (const [at, [least]] of sample.entries())
        if (upperErrorOf(sample.slice(0, at + 1)) <= errorBudget) found = least;
      return found;
    },
  };
};

/** The score that is shipped with the local models; read when the tier is first used. */
export const loadScore = async (): Promise<Score> => {
  const { default: shipped } = await import('./calibration.json', { with: { type: 'json' } });
  return makeScore(shipped as unknown as Calibration);
};

import type { FeatureName } from './features.ts';

/**
 * What `npm run semantic:calibrate` found, as it is shipped in calibration.json. It belongs to one embedder and one
 * verifier: numbers of other models mean something else.
 */
export interface Calibration {
  /** Identities of the models whose numbers were fitted. */
  readonly embedder: string;
  readonly verifier: string;
  /** Of the logistic model over the features as they are, not scaled. */
  readonly bias: number;
  readonly weights: Readonly<Record<FeatureName, number>>;
  /**
   * Pairs that passed the gate, by the probability that a model gave them which had not seen them; most probable
   * first. Each row is [least probability in it, pairs right, pairs wrong, weight of each pair]. The weight makes up for
   * the choice of the pairs: those that look most alike were judged more often than they come.
   */
  readonly sample: readonly (readonly [least: number, right: number, wrong: number, weight: number])[];
}

/**
 * How sure a bound is: 90 % that the truth is not above it, one-sided. More would ask for a larger sample than there is
 * before a budget of 1 % could serve anything: with 165 judged pairs and none wrong it is just reached, at 97.5 % it
 * would take 381. The gateway's own checks watch what is served from there on.
 */
const Z = 1.2816;

/** Upper end of Wilson's interval for a share of `wrong` in `pairs`; 1 when nothing is known. */
const upperShare = (wrong: number, pairs: number): number => {
  if (pairs <= 0) return 1;
  const share = wrong / pairs;
  const square = Z * Z;
  const middle = share + square / (2 * pairs);
  const half = Z * Math.sqrt((share * (1 - share)) / pairs + square / (4 * pairs * pairs));
  return Math.min(1, (middle + half) / (1 + square / pairs));
};

/** Upper bound of the error among all pairs of the rows, as they come in traffic. */
export const upperErrorOf = (rows: Calibration['sample']): number => {
  let [wrong, total, squares] = [0, 0, 0];
  for (const [, right, mistaken, weight] of rows) {
    wrong += mistaken * weight;
    total += (right + mistaken) * weight;
    squares += (right + mistaken) * weight * weight;
  }
  if (total === 0) return 1;
  // Pairs of unequal weight say less than as many of equal weight: so many of those they are worth (Kish).
  const worth = (total * total) / squares;
  return upperShare((wrong / total) * worth, worth);
};

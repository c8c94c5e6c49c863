import { compare } from '../../src/cache/semantic/gate/gate.ts';
import type { Calibration } from '../../src/cache/semantic/score/calibration.ts';
import { FEATURES, featuresOf, type PairFacts } from '../../src/cache/semantic/score/features.ts';
import { Random } from '../logs/random.ts';
import { fitLogistic, type Linear, linearValue, probabilityOf, type Row } from './fit.ts';

/** A pair with its label and everything that the score and the gate need. */
export interface LabelledFacts extends PairFacts {
  readonly isSame: boolean;
  /** Pairs that share a text, directly or through others, are never on both sides of a split. */
  readonly group: number;
  /** Whether the gate lets it pass. */
  readonly passes: boolean;
  /** Where its label comes from: the judged file, our own reading, or made from a text by a harmless rewrite. */
  readonly source: 'judged' | 'read' | 'made';
}

export const passesGate = ({ asked, stored }: { readonly asked: string; readonly stored: string }): boolean =>
  compare(asked, stored) === null;

/** Pairs that were made are many and easy: together they weigh as much as so many judged ones. */
const MADE_WEIGHT = 0.2;
const FOLDS = 10;
/** Cross-validation is repeated with other folds, and the mean taken: one division is a matter of luck. */
const ROUNDS = 3;
/** Pairs in a row of the sample, and rows over which traffic is counted: counts of single rows are mostly luck. */
const ROW = 12;
const ROWS_TOGETHER = 10;

const known = new WeakMap<PairFacts, readonly number[]>();
/** Features are asked for once per fit, and a pair is in many of them. */
const readFeatures = (pair: PairFacts): readonly number[] => {
  const found = known.get(pair) ?? featuresOf(pair);
  known.set(pair, found);
  return found;
};

/** What a model reads of a pair. */
export type ReadPair = (pair: PairFacts) => readonly number[];

const fitPairs = (pairs: readonly LabelledFacts[], read: ReadPair): Linear =>
  fitLogistic(
    pairs.map(
      (pair): Row => ({
        features: read(pair),
        target: Number(pair.isSame),
        weight: pair.source === 'made' ? MADE_WEIGHT : 1,
      }),
    ),
  );

/** Puts each group into one of the folds. */
export const foldsOf = (pairs: readonly LabelledFacts[], folds: number, seed: number): number[] => {
  const random = new Random(seed);
  const chosen = new Map<number, number>();
  return pairs.map(({ group }) => {
    if (!chosen.has(group)) chosen.set(group, random.below(folds));
    return chosen.get(group)!;
  });
};

/** The value (log odds) of each pair by models that saw neither it nor its group, nor any pair of `apart`. */
export const unseenValues = (
  pairs: readonly LabelledFacts[],
  seed: number,
  { apart = [], read = readFeatures }: { apart?: readonly LabelledFacts[]; read?: ReadPair } = {},
): number[] => {
  const all = [...pairs, ...apart];
  const sums = all.map(() => 0);
  for (let round = 0; round < ROUNDS; round += 1) {
    const fold = foldsOf(all, FOLDS, seed + round);
    for (let held = 0; held < FOLDS; held += 1) {
      const model = fitPairs(
        pairs.filter((_, at) => fold[at] !== held),
        read,
      );
      for (const [at, pair] of all.entries())
        if (fold[at] === held) sums[at]! += linearValue(model, read(pair)) / ROUNDS;
    }
  }
  return sums;
};

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * Fits the score, and counts on pairs that each model had not seen how often it is wrong. `traffic` are pairs as they
 * come, without a selection and without labels: they say how much of it each row of the sample stands for.
 */
export const makeCalibration = (
  pairs: readonly LabelledFacts[],
  traffic: readonly PairFacts[],
  models: { readonly embedder: string; readonly verifier: string },
  seed = 1,
): Calibration => {
  const values = unseenValues(pairs, seed);
  // Platt's correction: the values of pairs that were not seen are surer than they may be, if anything.
  const real = pairs
    .map((pair, at) => ({ ...pair, value: values[at]! }))
    .filter((pair) => pair.source !== 'made');
  const platt = fitLogistic(
    real.map((pair): Row => ({ features: [pair.value], target: Number(pair.isSame), weight: 1 })),
    0,
  );
  const model = fitPairs(pairs, readFeatures);
  const slope = platt.weights[0]!;
  const served = real
    .filter((pair) => pair.passes)
    .map((pair) => ({ probability: probabilityOf(slope * pair.value + platt.bias), isSame: pair.isSame }))
    .sort((one, other) => other.probability - one.probability);
  const probabilities = traffic.map((pair) =>
    probabilityOf(slope * linearValue(model, readFeatures(pair)) + platt.bias),
  );
  const sample: [number, number, number, number][] = [];
  let above = Number.POSITIVE_INFINITY;
  for (let from = 0; from < served.length; from += ROW * ROWS_TOGETHER) {
    const together = served.slice(from, from + ROW * ROWS_TOGETHER);
    const least = together.at(-1)!.probability;
    const share = probabilities.filter((one) => one >= least && one < above).length / together.length;
    above = least;
    for (let at = 0; at < together.length; at += ROW) {
      const row = together.slice(at, at + ROW);
      const right = row.filter((pair) => pair.isSame).length;
      sample.push([rounded(row.at(-1)!.probability, 4), right, row.length - right, rounded(share, 3)]);
    }
  }
  return {
    ...models,
    bias: rounded(slope * model.bias + platt.bias, 4),
    weights: Object.fromEntries(
      FEATURES.map((name, at) => [name, rounded(slope * model.weights[at]!, 4)]),
    ) as Calibration['weights'],
    sample,
  };
};

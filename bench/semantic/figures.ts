/** Figures of a ranking and of a share, as they are published. */
import type { CachePoint } from '../../src/core/precision-areas.ts';

export interface Scored {
  readonly score: number;
  readonly isSame: boolean;
}

const ranked = (pairs: readonly Scored[]): Scored[] =>
  [...pairs].sort((one, other) => other.score - one.score);

/** Mean of the precision at each right pair, most probable first. */
export const averagePrecision = (pairs: readonly Scored[]): number => {
  let [right, sum] = [0, 0];
  for (const [at, pair] of ranked(pairs).entries()) {
    if (!pair.isSame) continue;
    right += 1;
    sum += right / (at + 1);
  }
  return right === 0 ? 0 : sum / right;
};

/** Largest share of the right pairs that is found by some threshold at which the precision is reached. */
export const recallAt = (pairs: readonly Scored[], precision: number): number => {
  const all = pairs.filter((pair) => pair.isSame).length;
  let [right, best] = [0, 0];
  const order = ranked(pairs);
  for (const [at, pair] of order.entries()) {
    if (pair.isSame) right += 1;
    // Pairs of one score are served together or not at all.
    if (order[at + 1]?.score !== pair.score && right / (at + 1) >= precision) best = right;
  }
  return all === 0 ? 0 : best / all;
};

/** What each threshold serves of the pairs, and how much of that is right; highest first. */
export const cachePoints = (pairs: readonly Scored[]): CachePoint[] => {
  const order = ranked(pairs);
  let right = 0;
  return order.flatMap((pair, at) => {
    if (pair.isSame) right += 1;
    const isOneOfMany = order[at + 1]?.score === pair.score;
    return isOneOfMany ? [] : [{ hitRate: (at + 1) / order.length, precision: right / (at + 1) }];
  });
};

/** Two-sided 95 % interval of a share by Wilson. */
export const wilson = (count: number, total: number): readonly [low: number, high: number] => {
  if (total === 0) return [0, 1];
  const z = 1.96;
  const share = count / total;
  const middle = share + (z * z) / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  const scale = 1 + (z * z) / total;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
};

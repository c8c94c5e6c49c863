/** Where a cache works at one least score. Both are 0 to 1. */
export interface CachePoint {
  /** Share of all look-ups that would be hits. */
  readonly hitRate: number;
  /** Share of the hits that would be right. */
  readonly precision: number;
}

/** A precision curve in three figures, as in 'Closing the Calibration Gap in Semantic Caching' (arXiv 2606.19719). */
export interface PrecisionAreas {
  /**
   * P-CHR AUC: area under precision against cache hit ratio, from no hits to all look-ups. What lies beyond the last
   * point adds nothing.
   */
  readonly pChrAuc: number;
  /** PR-AUC: area under precision against recall, the right hits of the last point being all there are. */
  readonly prAuc: number;
  /** Calibration retention rate: P-CHR AUC / PR-AUC, how much of the ranking's quality is left for who has to set one bound. Null when nothing was right. */
  readonly crr: number | null;
}

/** `points` from the highest least score, which has the fewest hits, to the lowest. Null without any. */
export function precisionAreas(points: readonly CachePoint[]): PrecisionAreas | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const allRight = last.hitRate * last.precision;
  let [pChrAuc, prAuc] = [0, 0];
  // Before the first point precision is taken to be as it is there.
  let before: CachePoint = { hitRate: 0, precision: points[0]!.precision };
  for (const point of points) {
    const height = (before.precision + point.precision) / 2;
    pChrAuc += height * (point.hitRate - before.hitRate);
    prAuc += height * (point.hitRate * point.precision - before.hitRate * before.precision);
    before = point;
  }
  return allRight === 0
    ? { pChrAuc, prAuc: 0, crr: null }
    : { pChrAuc, prAuc: prAuc / allRight, crr: (pChrAuc * allRight) / prAuc };
}

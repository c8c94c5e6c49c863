/** One point of a curve: where it works when it is set so. Shares are 0 to 1. */
export interface CurvePoint {
  /** What is set. */
  readonly setting: number;
  readonly x: number;
  readonly y: number;
  /** Ends of the interval of `y`. */
  readonly low: number;
  readonly high: number;
  /** What `y` was found from. */
  readonly sample: number;
  readonly isNow: boolean;
}

export interface Frame {
  readonly mostX: number;
  readonly leastY: number;
}

/** Twentieths: counted whole, because shares of them are not exact. */
const STEPS = 20;

/** The part of the square that has something in it; from zero in `x`, up to one in `y`. */
export function frameOfCurve(points: readonly CurvePoint[]): Frame {
  const mostX = Math.max(0, ...points.map(({ x }) => x));
  const leastY = Math.min(1, ...points.map(({ low }) => low));
  return {
    mostX: Math.max(1, Math.min(STEPS, Math.ceil(mostX * 1.02 * STEPS))) / STEPS,
    leastY: Math.max(0, Math.min(STEPS - 1, Math.floor(leastY * STEPS + 1e-9))) / STEPS,
  };
}

const MOST_TICKS = 7;

/** The distance of the lines of an axis, so that they stand on round shares and do not crowd. */
export const tickOf = (length: number): number =>
  [0.01, 0.02, 0.05, 0.1].find((step) => length / step <= MOST_TICKS + 0.001) ?? 0.2;

/** The point nearest to a share of the plot's width; null when there is none. */
export function nearestPoint(points: readonly CurvePoint[], frame: Frame, share: number): number | null {
  let found: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  points.forEach(({ x }, index) => {
    const distance = Math.abs(x / frame.mostX - share);
    if (distance < least) [found, least] = [index, distance];
  });
  return found;
}

import type { TimeRange } from '../../filters/time-range.ts';

const BEFORE_MS = 23 * 3_600_000;
const AFTER_MS = 3_600_000;

/** A day that ends soon after an instant. */
export function rangeAround(instantMs: number): TimeRange {
  return {
    from: new Date(instantMs - BEFORE_MS).toISOString(),
    to: new Date(instantMs + AFTER_MS).toISOString(),
  };
}

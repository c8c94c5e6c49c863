import { INTERVALS } from '../../core/stores/analytics.ts';
import type { Condition } from './conditions.ts';
import type { Dataset } from './fields.ts';
import { LIMITS } from './limits.ts';
import { overLimit } from './refusal.ts';

/** Epoch ms; `to` is exclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export const ALWAYS: TimeRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/**
 * The requests whose bucket is as the condition says, as a range of their times. `datetime` counts in seconds, as the
 * hosted API does, unless the caller's own time has parts of a second: then it is exact.
 */
export function rangeOf(dataset: Dataset, { dimension, operator, values }: Condition): TimeRange {
  const value = values[0] as number;
  const field = dataset.dimensions[dimension];
  const width = field?.kind === 'time' ? INTERVALS[field.interval] : value % 1000 === 0 ? 1000 : 1;
  const floor = Math.floor(value / width) * width;
  const ceiling = Math.ceil(value / width) * width;
  switch (operator) {
    case 'geq':
      return { ...ALWAYS, from: ceiling };
    case 'gt':
      return { ...ALWAYS, from: floor + width };
    case 'leq':
      return { ...ALWAYS, to: floor + width };
    case 'lt':
      return { ...ALWAYS, to: ceiling };
    default:
      // No bucket begins within another.
      return floor === value ? { from: value, to: value + width } : { from: value, to: value };
  }
}

export function intersect(a: TimeRange, b: TimeRange): TimeRange {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

/** The range with its open ends closed, checked against the limits; null when nothing is in it. */
export function boundRange(range: TimeRange, nowMs: number): TimeRange | null {
  const { maxDuration, notOlderThan } = LIMITS;
  const oldest = nowMs - notOlderThan * 1000;
  // Without an upper end the newest records are in, whose clock may be a little ahead of this call.
  const to = Number.isFinite(range.to) ? range.to : nowMs + 60_000;
  const from = Number.isFinite(range.from) ? range.from : Math.max(oldest, to - maxDuration * 1000);
  if (from >= to) return null;
  if (from < oldest) throw overLimit(`cannot request data older than ${notOlderThan}s`);
  if (to - from > maxDuration * 1000) {
    throw overLimit(`query time range is too large: it can't be wider than ${maxDuration}s`);
  }
  return { from, to };
}

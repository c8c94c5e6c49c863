import type { AnalyticsRow } from '../../api/analytics.ts';
import { INTERVALS, type Instants, type Interval } from '../../filters/time-range.ts';

export interface Bar {
  /** Epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
  readonly errors: number;
  readonly limited: number;
}

/** Bars of all buckets that the range touches; those without a request are there with 0. */
export function histogramBars(rows: readonly AnalyticsRow[], range: Instants, interval: Interval): Bar[] {
  const width = INTERVALS[interval];
  const byBucket = new Map(rows.map((row) => [Date.parse(row.bucket ?? ''), row]));
  const bars: Bar[] = [];
  for (let at = Math.floor(range.fromMs / width) * width; at < range.toMs; at += width) {
    const row = byBucket.get(at);
    const limited = row?.rate_limited ?? 0;
    bars.push({
      fromMs: at,
      toMs: at + width,
      requests: row?.requests ?? 0,
      // A refusal by the rate limit counts as an error too; here it has a colour of its own.
      errors: Math.max(0, (row?.errors ?? 0) - limited),
      limited,
    });
  }
  return bars;
}

export interface Stack {
  readonly kind: 'ok' | 'limited' | 'errors';
  /** Shares of the height: 0 is the ground. */
  readonly from: number;
  readonly to: number;
}

/** A bar's parts from the ground up. What is not nothing is never too small to be seen. */
export function stacksOf(bar: Bar, most: number, leastShare: number): Stack[] {
  if (most <= 0) return [];
  const parts = [
    ['ok', Math.max(0, bar.requests - bar.errors - bar.limited)],
    ['limited', bar.limited],
    ['errors', bar.errors],
  ] as const;
  let at = 0;
  return parts.flatMap(([kind, count]): Stack[] => {
    if (count === 0) return [];
    const from = at;
    at = Math.min(1, from + Math.max(count / most, leastShare));
    return [{ kind, from, to: at }];
  });
}

export const mostRequests = (bars: readonly Bar[]): number =>
  bars.reduce((most, { requests }) => Math.max(most, requests), 0);

/** The stretch that was dragged over, in whole bars. */
export function spanOf(bars: readonly Bar[], one: number, other: number): Instants | null {
  const [first, last] = [bars[Math.min(one, other)], bars[Math.max(one, other)]];
  return first && last ? { fromMs: first.fromMs, toMs: last.toMs } : null;
}

import { describe, expect, it } from 'vitest';
import type { AnalyticsRow } from '../../api/analytics.ts';
import { histogramBars, mostRequests, spanOf, stacksOf } from './histogram-data.ts';

const row = (bucket: string, requests: number, errors = 0, limited = 0) =>
  ({ bucket, requests, errors, rate_limited: limited }) as AnalyticsRow;
const at = (text: string) => Date.parse(text);
const range = { fromMs: at('2026-11-22T10:02:30Z'), toMs: at('2026-11-22T10:05:10Z') };

describe('the histogram of the list', () => {
  const bars = histogramBars(
    [row('2026-11-22T10:02:00.000Z', 4, 1), row('2026-11-22T10:04:00.000Z', 10, 9, 8)],
    range,
    'minute',
  );

  it('has a bar for each bucket that the range touches, empty ones too', () => {
    expect(bars.map(({ requests }) => requests)).toEqual([4, 0, 10, 0]);
    expect(bars[0]?.fromMs).toBe(at('2026-11-22T10:02:00Z'));
  });

  it('counts what was limited once', () => {
    expect(bars[2]).toMatchObject({ requests: 10, errors: 1, limited: 8 });
  });

  it('stacks its parts without holes up to its share of the highest', () => {
    expect(mostRequests(bars)).toBe(10);
    expect(stacksOf(bars[2]!, 10, 0)).toEqual([
      { kind: 'ok', from: 0, to: 0.1 },
      { kind: 'limited', from: 0.1, to: 0.9 },
      { kind: 'errors', from: 0.9, to: 1 },
    ]);
    expect(stacksOf(bars[1]!, 10, 0.05)).toEqual([]);
  });

  it('lets one error among many requests be seen', () => {
    const [, errors] = stacksOf(
      { fromMs: 0, toMs: 1, requests: 10_000, errors: 1, limited: 0 },
      20_000,
      0.03,
    );
    expect(errors!.to - errors!.from).toBeCloseTo(0.03);
  });

  it('takes a stretch in either direction, and none that is not there', () => {
    expect(spanOf(bars, 2, 0)).toEqual({ fromMs: bars[0]!.fromMs, toMs: bars[2]!.toMs });
    expect(spanOf(bars, 0, 9)).toBeNull();
  });
});

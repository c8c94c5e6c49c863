import { describe, expect, test } from 'vitest';
import type { Analytics, AnalyticsRow } from '../../api/analytics.ts';
import { filtersOf } from './attention-filters.ts';
import { homeQuestions, prepareGateways, prepareToday } from './prepare.ts';

const figures = { requests: 0, errors: 0, cached_requests: 0, cost: 0, saved: 0, unpriced_requests: 0 };

const row = (hour: number, gateway: string, own: Partial<AnalyticsRow>): AnalyticsRow =>
  ({
    ...figures,
    bucket: `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`,
    group: [gateway],
    ...own,
  }) as AnalyticsRow;

const answer = (rows: AnalyticsRow[]): Analytics => ({
  from: '2026-11-22T00:00:00Z',
  to: '2026-11-22T02:10:00Z',
  interval: 'hour',
  scanned: false,
  rows,
});

test('today’s figures are the sums of its hours, with a value for each hour', () => {
  const today = prepareToday(
    answer([
      row(0, 'a', { requests: 3, cost: 0.5, errors: 1 }),
      row(2, 'a', { requests: 2, unpriced_requests: 1 }),
    ]),
  );
  expect(today.requests).toEqual({ total: 5, values: [3, 0, 2] });
  expect(today.cost).toEqual({ total: 0.5, values: [0.5, 0, 0] });
  expect(today.errors.total).toBe(1);
  expect(today.unpricedRequests).toBe(1);
});

describe('gateways', () => {
  test('have a line each, those without a request too', () => {
    const lines = prepareGateways(
      ['busy', 'quiet'],
      answer([row(1, 'busy', { requests: 4 }), row(2, 'busy', { requests: 1 })]),
    );
    expect(lines.map(({ id, requests, values }) => [id, requests, values])).toEqual([
      ['busy', 5, [0, 4, 1]],
      ['quiet', 0, [0, 0, 0]],
    ]);
  });

  test('that were deleted have none', () => {
    expect(prepareGateways(['here'], answer([row(1, 'gone', { requests: 4 })])).map(({ id }) => id)).toEqual([
      'here',
    ]);
  });
});

test('a day and a month begin where the viewer is', () => {
  const now = new Date(2026, 10, 22, 9, 30).getTime();
  const { today, month } = homeQuestions(now);
  expect(new Date(today.range.from).getTime()).toBe(new Date(2026, 10, 22).getTime());
  expect(new Date(month.range.from).getTime()).toBe(new Date(2026, 10, 1).getTime());
});

test('filters of what needs attention become those of the address; unknown operators are left out', () => {
  expect(
    filtersOf([
      { key: 'status_code', operator: 'gt', value: [499] },
      { key: 'model', operator: 'near', value: ['x'] },
    ]),
  ).toEqual([{ key: 'status_code', operator: 'gt', values: ['499'] }]);
});

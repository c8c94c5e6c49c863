import { describe, expect, test } from 'vitest';
import type { Analytics, AnalyticsRow } from '../../api/analytics.ts';
import { chartSpecs } from './chart-specs.ts';
import {
  chartOfDimension,
  chartOfQuantiles,
  chartOfTokenClasses,
  costOf,
  requestsOf,
  slowOf,
  valuesBefore,
} from './prepare.ts';
import { overviewQuestions, readState } from './questions.ts';

const none = { p50: null, p95: null, p99: null };

function row(
  bucket: string | null,
  group: string[] | null,
  figures: Partial<AnalyticsRow> = {},
): AnalyticsRow {
  return {
    bucket,
    group,
    requests: 0,
    errors: 0,
    rate_limited: 0,
    cached_requests: 0,
    tokens_in: 0,
    tokens_out: 0,
    cached_tokens_in: 0,
    cached_tokens_out: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
    cost: 0,
    saved: 0,
    saved_ms: 0,
    unpriced_requests: 0,
    duration: none,
    ttfb: none,
    overhead: none,
    tokens_per_second: none,
    ...figures,
  };
}

const answer = (rows: AnalyticsRow[], to = '2026-11-22T12:30:00Z'): Analytics => ({
  from: '2026-11-22T10:00:00Z',
  to,
  interval: 'hour',
  scanned: false,
  rows,
});

const TEN = '2026-11-22T10:00:00Z';
const TWELVE = '2026-11-22T12:00:00Z';
const byName = { nameOf: (value: string) => value };

describe('a chart of groups', () => {
  test('has every bucket of the range, and says that the last is not over', () => {
    const chart = chartOfDimension(answer([row(TEN, ['gpt-4o'], { requests: 3 })]), requestsOf, {
      ...byName,
      dimension: 'model',
    });
    expect(chart.starts.map((start) => new Date(start).getUTCHours())).toEqual([10, 11, 12]);
    expect(chart.isUnfinished).toBe(true);
    expect(chart.series.map(({ key, values }) => [key, values])).toEqual([['gpt-4o', [3, 0, 0]]]);
  });

  test('of a range that ended with a bucket is finished', () => {
    const chart = chartOfDimension(answer([], '2026-11-22T12:00:00Z'), requestsOf, {
      ...byName,
      dimension: 'model',
    });
    expect(chart.isUnfinished).toBe(false);
    expect(chart.starts).toHaveLength(2);
  });

  test('of statuses has them in their order and in colours that mean something', () => {
    const rows = [row(TEN, ['5xx'], { requests: 9 }), row(TEN, ['2xx'], { requests: 1 })];
    const chart = chartOfDimension(answer(rows), requestsOf, { ...byName, dimension: 'status_class' });
    expect(chart.series.map(({ key, color }) => [key, color])).toEqual([
      ['2xx', 'plain'],
      ['5xx', 'bad'],
    ]);
  });

  test('takes a model of any name, those that objects have too', () => {
    const rows = ['constructor', '__proto__'].map((name) => row(TEN, [name], { cost: 1 }));
    const chart = chartOfDimension(answer(rows), costOf, { ...byName, dimension: 'model' });
    expect(chart.series.map(({ key, color, sum }) => [key, color, sum])).toEqual([
      ['__proto__', null, 1],
      ['constructor', null, 1],
    ]);
  });

  test('leaves gaps where nothing was measured, and has no line for what is left over', () => {
    const rows = [
      row(TEN, ['a'], { ttfb: { ...none, p95: 120 } }),
      row(TWELVE, null, { ttfb: { ...none, p95: 500 } }),
    ];
    const chart = chartOfDimension(answer(rows), slowOf, { ...byName, dimension: 'model' });
    expect(chart.series.map(({ key, values }) => [key, values])).toEqual([['a', [120, null, null]]]);
  });
});

test('tokens are counted once each: what came from the prompt cache is not input again', () => {
  const figures = {
    tokens_in: 100,
    cache_read_tokens: 60,
    cache_write_tokens: 10,
    tokens_out: 40,
    reasoning_tokens: 15,
  };
  const chart = chartOfTokenClasses(answer([row(TEN, [], figures)]));
  expect(Object.fromEntries(chart.series.map(({ key, sum }) => [key, sum]))).toEqual({
    input: 30,
    cacheRead: 60,
    cacheWrite: 10,
    output: 25,
    reasoning: 15,
  });
});

test('quantiles have gaps and no sums', () => {
  const chart = chartOfQuantiles(answer([row(TWELVE, [], { ttfb: { p50: 10, p95: 20, p99: null } })]));
  expect(chart.series.map(({ key, values, sum }) => [key, values, sum])).toEqual([
    ['p50', [null, null, 10], null],
    ['p95', [null, null, 20], null],
    ['p99', [null, null, null], null],
  ]);
});

test('the period before is laid over the buckets of this one', () => {
  const before = {
    ...answer([row('2026-11-21T11:00:00Z', [], { requests: 7 })]),
    from: '2026-11-21T10:00:00Z',
    to: '2026-11-21T12:30:00Z',
  };
  expect(valuesBefore(before, requestsOf, 3)).toEqual([0, 7, 0]);
  expect(valuesBefore(undefined, requestsOf, 3)).toBeUndefined();
});

describe('what the page asks', () => {
  const now = Date.parse(TWELVE);

  test('is one question for all charts when they are broken down', () => {
    const questions = overviewQuestions('default', readState({ by: 'model' }), now);
    expect(questions.first?.groupBy).toEqual(['model']);
    expect(questions.cost).toBeUndefined();
    for (const { question } of chartSpecs('model')) expect(questions[question]).toBeDefined();
  });

  test('has an answer for each chart when they are not', () => {
    const questions = overviewQuestions('default', readState({}), now);
    for (const { question } of chartSpecs(null)) expect(questions[question]).toBeDefined();
  });

  test('has the period before over time only when it is compared with', () => {
    expect(overviewQuestions('default', readState({}), now).beforeSeries).toBeUndefined();
    expect(overviewQuestions('default', readState({ compare: '1' }), now).beforeSeries?.range).toEqual({
      from: '-48h',
      to: '-24h',
    });
  });

  test('is not broken down by what is no dimension', () => {
    expect(readState({ by: 'password' }).breakDown).toBeNull();
    expect(readState({ by: 'metadata:' }).breakDown).toBeNull();
    expect(readState({ by: 'metadata:team' }).breakDown).toBe('metadata:team');
  });
});

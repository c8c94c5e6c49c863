import { describe, expect, test } from 'vitest';
import { bucketLabel, indexAt, labelledBuckets } from './axis.ts';
import { chartColors, giveColors } from './colors.ts';
import { bucketStarts, type Cell, groupSeries, isEmpty, OTHER, totalAt } from './time-chart-data.ts';

const HOUR = 3_600_000;
const labels = { labelOf: (key: string) => key.toUpperCase(), otherLabel: 'Other' };

describe('buckets', () => {
  test('stand on whole multiples of their width and touch all of the range', () => {
    expect(bucketStarts({ fromMs: 1.5 * HOUR, toMs: 3.2 * HOUR }, 'hour')).toEqual([
      HOUR,
      2 * HOUR,
      3 * HOUR,
    ]);
  });

  test('one that would begin at the end is not there', () => {
    expect(bucketStarts({ fromMs: HOUR, toMs: 3 * HOUR }, 'hour')).toEqual([HOUR, 2 * HOUR]);
  });
});

describe('series', () => {
  const starts = [0, HOUR];
  const cell = (bucket: number, key: string | null, value: number | null): Cell => ({ bucket, key, value });

  test('stand by size, with a value in every bucket', () => {
    const series = groupSeries({
      ...labels,
      starts,
      empty: 0,
      cells: [cell(0, 'a', 1), cell(HOUR, 'b', 5), cell(0, 'b', 2)],
    });
    expect(series.map(({ label, values, sum }) => [label, values, sum])).toEqual([
      ['B', [2, 5], 7],
      ['A', [1, 0], 1],
    ]);
  });

  test('beyond the eighth are added up as other', () => {
    const cells = Array.from({ length: 10 }, (_, index) => cell(0, `m${index}`, 10 - index));
    const series = groupSeries({ ...labels, starts, empty: 0, cells });
    expect(series).toHaveLength(9);
    expect(series.at(-1)).toMatchObject({ key: OTHER, label: 'Other', color: 'other', sum: 3 });
  });

  test('what the gateway already left over joins other', () => {
    const series = groupSeries({
      ...labels,
      starts,
      empty: 0,
      cells: [cell(0, 'a', 1), cell(0, null, 4), cell(HOUR, null, 2)],
    });
    expect(series.map(({ key, values }) => [key, values])).toEqual([
      ['a', [1, 0]],
      [OTHER, [4, 2]],
    ]);
  });

  test('of what is measured have gaps and no sum', () => {
    const [only] = groupSeries({ ...labels, starts, empty: null, cells: [cell(HOUR, 'a', 120)] });
    expect(only?.values).toEqual([null, 120]);
    expect(only?.sum).toBeNull();
  });

  test('keep the order and the colours that they are given', () => {
    const series = groupSeries({
      ...labels,
      starts,
      empty: 0,
      cells: [cell(0, '5xx', 9), cell(0, '2xx', 1)],
      order: ['2xx', '5xx'],
      colorOf: (key) => (key === '5xx' ? 'bad' : undefined),
    });
    expect(series.map(({ key, color }) => [key, color])).toEqual([
      ['2xx', null],
      ['5xx', 'bad'],
    ]);
  });

  test('in a bucket add up to its total; only gaps have none', () => {
    const series = groupSeries({ ...labels, starts, empty: null, cells: [cell(0, 'a', 1), cell(0, 'b', 2)] });
    expect(totalAt(series, 0)).toBe(3);
    expect(totalAt(series, 1)).toBeNull();
    expect(isEmpty({ starts, intervalMs: HOUR, isUnfinished: false, series })).toBe(false);
    expect(isEmpty({ starts, intervalMs: HOUR, isUnfinished: false, series: [] })).toBe(true);
  });
});

describe('colours', () => {
  test('stay with a name when others come', () => {
    const before = giveColors({}, ['gpt-4o']);
    const after = giveColors(before, ['a', 'b', 'gpt-4o', 'c']);
    expect(after['gpt-4o']).toBe(before['gpt-4o']);
  });

  test('are all given out before one is given twice', () => {
    const given = giveColors(
      {},
      Array.from({ length: 12 }, (_, index) => `model ${index}`),
    );
    expect(new Set(Object.values(given)).size).toBe(12);
  });

  test('are never the same twice in a chart', () => {
    const colors = chartColors({ a: 3, b: 3, c: 3 }, ['a', 'b', 'c']);
    expect(colors.get('a')).toBe(3);
    expect(new Set(colors.values()).size).toBe(3);
  });

  test('are given to names that every object has, too', () => {
    const names = ['constructor', '__proto__', 'toString'];
    const colors = chartColors(giveColors({}, names), names);
    expect([...colors.values()].every(Number.isInteger)).toBe(true);
    expect(new Set(colors.values()).size).toBe(3);
  });
});

describe('the axis of time', () => {
  test('finds the bucket under a point', () => {
    expect(indexAt(0, 100, 10)).toBe(0);
    expect(indexAt(55, 100, 10)).toBe(5);
    expect(indexAt(100, 100, 10)).toBe(9);
    expect(indexAt(101, 100, 10)).toBeNull();
    expect(indexAt(5, 100, 0)).toBeNull();
  });

  test.each([200, 400, 800])('has labels that do not touch in %d px', (width) => {
    const starts = Array.from({ length: 96 }, (_, index) => Date.UTC(2026, 10, 22) + index * 900_000);
    const labelled = labelledBuckets(starts, 900_000, width);
    expect(labelled.length).toBeGreaterThan(0);
    expect(labelled.length).toBeLessThanOrEqual(width / 70);
    const gaps = labelled.slice(1).map((index, before) => index - labelled[before]!);
    expect(new Set(gaps).size).toBeLessThanOrEqual(1);
  });

  test('names whole days by their date', () => {
    const midnight = new Date(2026, 10, 3).getTime();
    expect(bucketLabel(midnight, 86_400_000)).toBe('3 Nov');
    expect(bucketLabel(midnight + 9.5 * HOUR, HOUR / 4)).toBe('09:30');
  });
});

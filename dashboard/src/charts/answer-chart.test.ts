import { expect, test } from 'vitest';
import { chartOfGroups } from './answer-chart.ts';
import type { Color } from './colors.ts';

const row = (bucket: string, group: string[] | null, amount: number) => ({ bucket, group, amount });
const answer = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T02:30:00.000Z',
  interval: 'hour' as const,
};
const labelOf = (key: string): string => key.toUpperCase();

test('every bucket of the range is there, and the last one is not over', () => {
  const rows = [row('2026-01-01T01:00:00.000Z', ['a'], 2), row('2026-01-01T01:00:00.000Z', null, 3)];
  const data = chartOfGroups({ ...answer, rows }, ({ amount }) => amount, { labelOf });
  expect(data.starts).toHaveLength(3);
  expect(data.isUnfinished).toBe(true);
  expect(data.series.map(({ label, values }) => [label, values])).toEqual([
    ['A', [0, 2, 0]],
    ['Other', [0, 3, 0]],
  ]);
});

test('series that mean something keep their colour and their order', () => {
  const rows = [row('2026-01-01T00:00:00.000Z', ['b'], 9), row('2026-01-01T00:00:00.000Z', ['a'], 1)];
  const data = chartOfGroups({ ...answer, rows }, ({ amount }) => amount, {
    labelOf,
    meanings: new Map<string, Color>([
      ['a', 'good'],
      ['b', 'muted'],
    ]),
  });
  expect(data.series.map(({ key, color }) => [key, color])).toEqual([
    ['a', 'good'],
    ['b', 'muted'],
  ]);
});

test('nothing at all is no series', () => {
  const rows = [row('2026-01-01T00:00:00.000Z', [''], 0)];
  expect(chartOfGroups({ ...answer, rows }, ({ amount }) => amount, { labelOf }).series).toEqual([]);
});

import { expect, test } from 'vitest';
import type { AuditEntry } from '../../api/audit.ts';
import { marksAt, placeOf } from '../../charts/time-chart-data.ts';
import { marksOf } from './changes.ts';

const entry = (type: string, gateway: string, time: string, result = 'success'): AuditEntry =>
  ({ action: { type: 'update', result, time }, resource: { type, gateway, id: '1' } }) as AuditEntry;

test('what changes how requests of this gateway go is marked, and nothing else', () => {
  const at = '2026-01-01T00:30:00.000Z';
  const marks = marksOf(
    [
      entry('ai_gateway.gateway', 'main', at),
      entry('ai_gateway.gateway', 'other', at),
      entry('ai_gateway.view', 'main', at),
      entry('ai_gateway.provider_config', 'main', at, 'failure'),
    ],
    'main',
  );
  expect(marks).toEqual([{ atMs: Date.parse(at), label: 'Changed gateway' }]);
});

test('a mark stands where its time is, and is told with its bucket', () => {
  const starts = [0, 1000, 2000, 3000];
  const mark = { atMs: 1500, label: 'x' };
  const data = { starts, intervalMs: 1000, isUnfinished: false, series: [], marks: [mark] };
  expect(placeOf(data, mark)).toBe(0.375);
  expect(placeOf(data, { atMs: 9000, label: 'y' })).toBeNull();
  expect(marksAt(data, 1)).toEqual([mark]);
  expect(marksAt(data, 2)).toEqual([]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TailQuery } from '../../src/core/stores/log-tail.ts';
import { aQuery, aRecord, eventually, openTestLogs, type TestLogs } from './logs-fixtures.ts';

let folder: string;
let logs: TestLogs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-tail-'));
  logs = openTestLogs(folder);
});
afterEach(async () => {
  await logs.close();
  rmSync(folder, { recursive: true, force: true });
});

const tail = (change: Partial<TailQuery> = {}) =>
  logs.store.tail({
    account: 'local',
    gateway: 'main',
    filters: [],
    search: null,
    withTexts: false,
    after: 0,
    limit: 100,
    textsAwaitedSince: 0,
    ...change,
  });

async function store(count: number, change: Parameters<typeof aRecord>[0] = {}): Promise<string[]> {
  const records = Array.from({ length: count }, () => aRecord(change));
  for (const record of records) logs.sink.append(record, null);
  const ids = new Set(records.map(({ id }) => id));
  await eventually(
    async () => (await logs.store.list(aQuery({ gateway: change.gateway ?? 'main' }))).rows,
    (rows) => rows.filter(({ id }) => ids.has(id)).length === count,
  );
  return records.map(({ id }) => id);
}

test('a tail begins at the end and shows what comes after, in the order of its coming', async () => {
  await store(3);
  const { rows, last } = await tail({ after: null });
  expect(rows).toEqual([]);
  // An old request whose reply ended late is new all the same.
  const ids = [...(await store(1)), ...(await store(1, { createdAt: 1_700_000_000_000 }))];
  const next = await tail({ after: last });
  expect(next.rows.map(({ id }) => id)).toEqual(ids);
  expect((await tail({ after: next.last })).rows).toEqual([]);
});

test('of many rows the newest are shown, and the others counted', async () => {
  const ids = await store(130);
  const { rows, skipped } = await tail();
  expect(rows.map(({ id }) => id)).toEqual(ids.slice(30));
  expect(skipped).toBe(30);
});

test('filters, search and gateways are kept apart', async () => {
  await store(2, { model: 'one' });
  const [wanted] = await store(1, { model: 'another' });
  await store(1, { gateway: 'other' });
  const byModel = await tail({ filters: [{ key: 'model', operator: 'eq', value: ['another'] }] });
  expect(byModel.rows.map(({ id }) => id)).toEqual([wanted]);
  const bySearch = await tail({ search: 'nothe' });
  expect(bySearch.rows.map(({ id }) => id)).toEqual([wanted]);
  expect((await tail({ gateway: 'missing' })).rows).toEqual([]);
  await expect(tail({ filters: [{ key: 'nonsense', operator: 'eq', value: [1] }] })).rejects.toThrow(
    RangeError,
  );
});

test('a tail goes on after everything was deleted', async () => {
  await store(5);
  const { last } = await tail({ after: null });
  const all = aQuery({ orderBy: 'created_at', direction: 'asc' });
  await logs.store.delete({ ...all, limit: null });
  const { last: begun } = await tail({ after: last });
  const ids = await store(2);
  expect((await tail({ after: begun })).rows.map(({ id }) => id)).toEqual(ids);
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createVectorIndex } from '../vectors/vector-index.ts';
import type { SearchMessage, SearchReport } from './semantic-messages.ts';
import { keyNumber, SemanticRows } from './semantic-rows.ts';
import { entryKey, openSemanticDatabase } from './semantic-schema.ts';
import { SemanticSearcher } from './semantic-searcher.ts';

const NOW = 1_700_000_000_000;

/** Every entry at another angle to the first axis, the later the farther. */
function vectorOf(n: number): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(16);
  vector[0] = Math.cos(n / 200);
  vector[1] = Math.sin(n / 200);
  return vector;
}

const entryOf = (n: number) => ({
  id: `id-${n}`,
  account: 'local',
  gateway: 'main',
  partition: 'one',
  text: `text ${n}`,
  storedAt: NOW,
  expiresAt: NOW + 60_000,
  recordId: `record-${n}`,
  costNanos: 1,
  durationMs: 1,
  model: null,
  provider: null,
});

interface Bench {
  readonly searcher: SemanticSearcher;
  readonly rows: SemanticRows;
  readonly reports: SearchReport[];
  readonly forgotten: number[];
}

const searchers: SemanticSearcher[] = [];
afterEach(() => {
  for (const searcher of searchers.splice(0)) searcher.hear({ kind: 'close' });
});

/** A searcher in this thread, over a file with entries 1 to `count`: what happens between two turns is told here. */
function opened(count: number, budgetBytes = 1e9): Bench {
  const path = join(mkdtempSync(join(tmpdir(), 'tidegate-searcher-')), 'semantic.db');
  const rows = new SemanticRows(openSemanticDatabase(path));
  rows.put(
    Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      line: { entry: entryOf(index + 1), headers: [], size: 1000, vectorBytes: 64, bodyBytes: 1 },
      vector: new Uint8Array(vectorOf(index + 1).buffer),
      body: Buffer.from('a'),
    })),
  );
  const reports: SearchReport[] = [];
  const forgotten: number[] = [];
  const searcher = new SemanticSearcher({
    path,
    budgetBytes,
    index: createVectorIndex(8 * 1_048_576),
    say: (report) => reports.push(report),
    tell: ({ numbers }) => forgotten.push(...numbers),
  });
  searchers.push(searcher);
  searcher.hear({ kind: 'open', lastNumber: count, nowMs: NOW });
  return { searcher, rows, reports, forgotten };
}

const nearest = (id: number, n: number): SearchMessage => ({
  kind: 'nearest',
  id,
  partition: 'one',
  vector: vectorOf(n),
  limit: 3,
  minCosine: 0.5,
  nowMs: NOW,
});
const stats = (id: number): SearchMessage => ({ kind: 'stats', id, account: 'local', gateway: 'main' });
const idsIn = (report: SearchReport | undefined): string[] => {
  if (report?.kind !== 'answer' || !Array.isArray(report.value)) throw new Error('no neighbours');
  return report.value.map(({ entry }) => entry.id);
};

it('answers from what is there while the rest is read in, newest first', async () => {
  const { searcher, reports } = opened(200);
  searcher.hear(stats(1));
  expect(reports).toMatchObject([{ value: { entries: 0, isLoading: true } }]);
  await turn();
  searcher.hear(stats(2));
  expect(reports[1]).toMatchObject({ value: { entries: 64, isLoading: true } });
  searcher.hear(nearest(3, 200));
  await turn();
  expect(idsIn(reports[2])).toEqual(['id-200', 'id-199', 'id-198']);
  for (let turns = 0; turns < 5; turns++) await turn();
  searcher.hear(stats(4));
  expect(reports[3]).toMatchObject({ value: { entries: 200, bytes: 200_000, isLoading: false } });
});

it('does not find what was removed after the search began', async () => {
  const { searcher, rows, reports } = opened(20);
  await turn();
  searcher.hear(nearest(1, 5));
  rows.remove({ account: 'local', gateway: 'main', id: 'id-5', partition: null, storedBefore: null }, 20, 10);
  const key = keyNumber(entryKey('one', 'text 5'));
  searcher.hearFile({ kind: 'gone', numbers: Float64Array.of(5), keys: BigUint64Array.of(key) });
  searcher.hearFile({ kind: 'removed', id: 2, count: 1 });
  await turn();
  expect(reports[0]).toEqual({ kind: 'answer', id: 2, value: 1 });
  expect(idsIn(reports[1])).not.toContain('id-5');
  expect(idsIn(reports[1])).toHaveLength(3);
});

it('does not begin a search that nobody waits for', async () => {
  const { searcher, reports } = opened(20);
  searcher.hear(nearest(1, 5));
  searcher.hear(nearest(2, 5));
  searcher.hear({ kind: 'drop', id: 1 });
  for (let turns = 0; turns < 4; turns++) await turn();
  expect(reports.map((report) => 'id' in report && report.id)).toEqual([2]);
});

it('deletes a row only once it is there, and forgets what could not be written', async () => {
  const { searcher, reports, forgotten } = opened(0);
  const put = (number: number, expiresAt: number): SearchMessage => ({
    kind: 'put',
    number,
    entry: { ...entryOf(number), expiresAt },
    vector: vectorOf(number),
    size: 1000,
  });
  searcher.hear(put(1, NOW + 1));
  searcher.hear(put(2, NOW + 60_000));
  searcher.hear({ kind: 'sweep', nowMs: NOW + 10 });
  await turn();
  await turn();
  expect(forgotten).toEqual([]);
  searcher.hearFile({ kind: 'written', upTo: 1 });
  await turn();
  expect(forgotten).toEqual([1]);
  searcher.hearFile({ kind: 'lost', upTo: 2 });
  searcher.hear(nearest(1, 2));
  await turn();
  expect(idsIn(reports[0])).toEqual([]);
});

it('answers between the steps in which it brings a file that is too large down to its size', async () => {
  const { searcher, reports, forgotten } = opened(600, 800_000);
  for (let turns = 0; turns < 12; turns++) await turn();
  expect(forgotten).toEqual([]);
  // Pages are half empty: of 600,000 bytes of entries only 300,000 may stay.
  searcher.hearFile({ kind: 'used', bytes: 1_600_000 });
  searcher.hear(nearest(1, 300));
  await turn();
  expect(reports).toHaveLength(1);
  expect(forgotten.length).toBeGreaterThan(0);
  expect(forgotten.length).toBeLessThan(280);
  for (let turns = 0; turns < 4; turns++) await turn();
  searcher.hear(stats(2));
  expect(reports[1]).toMatchObject({ value: { entries: 300, bytes: 300_000 } });
  expect(new Set(forgotten).size).toBe(300);
});

it('forgets an entry that the file has written and removed before it was heard of here', async () => {
  const { searcher, reports } = opened(0);
  const key = keyNumber(entryKey('one', 'text 2'));
  searcher.hearFile({ kind: 'written', upTo: 2 });
  searcher.hearFile({ kind: 'gone', numbers: Float64Array.of(2), keys: BigUint64Array.of(key) });
  searcher.hearFile({ kind: 'removed', id: 7, count: 1 });
  searcher.hear({ kind: 'put', number: 1, entry: entryOf(1), vector: vectorOf(1), size: 1000 });
  expect(reports, 'who asked for the removal waits').toEqual([]);
  searcher.hear({ kind: 'put', number: 2, entry: entryOf(2), vector: vectorOf(2), size: 1000 });
  expect(reports.splice(0)).toEqual([{ kind: 'answer', id: 7, value: 1 }]);
  searcher.hear({ kind: 'answer', id: 8, entry: 'id-2', nowMs: NOW });
  expect(reports.splice(0)).toEqual([{ kind: 'answer', id: 8, value: null }]);
  searcher.hear(nearest(9, 2));
  while (reports.length === 0) await turn();
  expect(idsIn(reports[0])).not.toContain('id-2');
});

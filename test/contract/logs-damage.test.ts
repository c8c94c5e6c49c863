import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Health } from '../../src/core/health.ts';
import type { LogRecord } from '../../src/core/stores/logs.ts';
import { createSignal, Signal } from '../../src/records/signal.ts';
import { Spool } from '../../src/records/spool.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { refuseNewerLogs } from '../../src/stores/sqlite/logs.ts';
import { aQuery, aRecord, bodiesOf, clock, eventually, openTestLogs } from './logs-fixtures.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-damage-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a process leaves that died before its writer thread did anything. */
function leaveInSpool(count: number, segmentBytes = 1 << 24): LogRecord[] {
  const silent = () => undefined;
  const spool = new Spool({
    folder: join(folder, 'spool'),
    clock,
    health: new Health(),
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    signal: new Signal(createSignal()),
    segmentBytes,
  });
  const records = Array.from({ length: count }, () => aRecord());
  for (const record of records) spool.append(record, bodiesOf(`question ${record.id}`, 'answer'));
  spool.close();
  return records;
}
const segments = () => readdirSync(join(folder, 'spool')).sort();
const segmentPath = (index: number) => join(folder, 'spool', segments()[index]!);

async function storedIds(logs: ReturnType<typeof openTestLogs>): Promise<string[]> {
  const page = await logs.store.list(aQuery({ direction: 'asc' }));
  return page.rows.map((row) => row.id);
}

test('a torn end is skipped, whatever is missing of it, and all before it is kept', async () => {
  const records = leaveInSpool(20);
  truncateSync(segmentPath(0), statSync(segmentPath(0)).size - 7);
  const more = leaveInSpool(3);
  appendFileSync(segmentPath(1), Buffer.alloc(4096));
  const logs = openTestLogs(folder);
  expect(await storedIds(logs)).toEqual([...records.slice(0, -1), ...more].map((record) => record.id));
  expect(logs.health.list()).toEqual([]);
  expect(logs.health.counters.get('spool_torn_bytes')).toBeGreaterThan(4096);
  await logs.close();
});

test('a damaged segment costs the damaged record, is set aside and named, and the rest goes on', async () => {
  const records = leaveInSpool(40, 5000);
  expect(segments().length).toBeGreaterThan(4);
  const name = segments()[2]!;
  const path = segmentPath(2);
  const bytes = readFileSync(path);
  const second = bytes.indexOf('TGR1', 10);
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, Buffer.from('rubbish'), 0, 7, second + 60);
  closeSync(descriptor);

  const logs = openTestLogs(folder);
  const stored = await storedIds(logs);
  expect(stored).toHaveLength(39);
  const missing = records.filter((record) => !stored.includes(record.id));
  expect(missing).toHaveLength(1);
  expect(logs.health.list().map((entry) => entry.component)).toEqual(['spool-segment']);
  expect(logs.health.list()[0]!.message).toContain(name.replace(/^0+|\.spool$/g, ''));
  await eventually(segments, (names) => names.includes(`${name}.damaged`) && !names.includes(name));
  for (const id of stored) {
    const body = await logs.store.body('local', 'main', id, 'request');
    expect(body?.bytes.toString()).toBe(`question ${id}`);
  }
  await logs.close();
});

test('a segment of nothing but rubbish is passed by', async () => {
  const records = leaveInSpool(3);
  writeFileSync(join(folder, 'spool', '00000000000001.spool'), Buffer.alloc(100_000, 'TGR1 rubbish '));
  const logs = openTestLogs(folder);
  expect(await storedIds(logs)).toEqual(records.map((record) => record.id));
  await logs.close();
});

test('a database that is none is set aside with its bodies and a fresh one goes on', async () => {
  const first = openTestLogs(folder);
  first.sink.append(aRecord(), bodiesOf('a', 'b'));
  expect(await storedIds(first)).toHaveLength(1);
  await first.close();
  writeFileSync(join(folder, 'logs', 'logs.db'), Buffer.alloc(50_000, 'no database '));

  const logs = openTestLogs(folder);
  const record = aRecord();
  logs.sink.append(record, bodiesOf('c', 'd'));
  const stored = await storedIds(logs);
  expect(stored).toContain(record.id);
  expect(readdirSync(join(folder, 'logs')).some((name) => name.startsWith('logs.db.damaged-'))).toBe(true);
  expect(logs.health.isDegraded('log-database')).toBe(true);
  expect(logs.lines.join()).toContain('set aside');
  await logs.close();
});

test('a database that turns out damaged while in use is replaced, and the record at hand is kept', async () => {
  const logs = openTestLogs(folder);
  const before = Array.from({ length: 300 }, () => aRecord());
  for (const record of before) logs.sink.append(record, null);
  expect(await storedIds(logs)).toHaveLength(300);
  await logs.close();
  const path = join(folder, 'logs', 'logs.db');
  const descriptor = openSync(path, 'r+');
  // The first page, with the schema, stays good; the tables are gone.
  const size = statSync(path).size;
  writeSync(descriptor, Buffer.alloc(size - 4096, 0xa5), 0, size - 4096, 4096);
  closeSync(descriptor);

  const again = openTestLogs(folder);
  const record = aRecord();
  again.sink.append(record, null);
  await eventually(
    () => storedIds(again).catch((): string[] => []),
    (ids) => ids.includes(record.id),
  );
  expect(again.health.isDegraded('log-database')).toBe(true);
  await again.close();
});

test('a store that is locked keeps records waiting in the spool and loses none', async () => {
  const logs = openTestLogs(folder);
  const first = aRecord();
  logs.sink.append(first, null);
  expect(await storedIds(logs)).toEqual([first.id]);
  const holder = openDatabase(join(folder, 'logs', 'logs.db'));
  holder.exec('BEGIN IMMEDIATE');
  const waiting = Array.from({ length: 10 }, () => aRecord());
  for (const record of waiting) logs.sink.append(record, null);
  await eventually(
    () => logs.health.isDegraded('log-store'),
    (degraded) => degraded,
  );
  expect(logs.stats().lastError).toContain('stay in the spool');
  expect(await storedIds(logs)).toEqual([first.id]);
  holder.exec('COMMIT');
  holder.close();
  await eventually(
    () => storedIds(logs),
    (ids) => ids.length === 11,
  );
  expect(logs.health.isDegraded('log-store')).toBe(false);
  await logs.close();
});

test('a database of a newer version is left as it is and the spool goes on', async () => {
  const first = openTestLogs(folder);
  expect(await storedIds(first)).toEqual([]);
  await first.close();
  refuseNewerLogs(join(folder, 'logs'));
  const database = openDatabase(join(folder, 'logs', 'logs.db'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => refuseNewerLogs(join(folder, 'logs'))).toThrow('newer');
  const logs = openTestLogs(folder);
  logs.sink.append(aRecord(), null);
  await eventually(
    () => logs.stats().lastError ?? '',
    (message) => message.includes('newer'),
  );
  await logs.close();
});

test('closing leaves what was not taken over for the next start', async () => {
  const logs = openTestLogs(folder);
  const records = Array.from({ length: 2000 }, () => aRecord());
  for (const record of records) logs.sink.append(record, bodiesOf('a', 'b'));
  await logs.close(1);
  const again = openTestLogs(folder);
  const page = await eventually(
    () => again.store.list(aQuery({ limit: 1 })),
    (found) => found.totalCount === 2000,
  );
  expect(page.totalCount).toBe(2000);
  await again.close();
});

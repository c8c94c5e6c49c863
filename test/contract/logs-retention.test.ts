import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogPolicy } from '../../src/core/stores/log-writer.ts';
import {
  aQuery,
  aRecord,
  bodiesOf,
  clock,
  eventually,
  openTestLogs,
  type TestLogs,
} from './logs-fixtures.ts';

const DAY_MS = 86_400_000;
let folder: string;
let logs: TestLogs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-retention-'));
  logs = openTestLogs(folder, { segmentBytes: 300_000 });
});
afterEach(async () => {
  await logs.close();
  rmSync(folder, { recursive: true, force: true });
});

function policy(change: Partial<LogPolicy>): LogPolicy {
  return { account: 'local', gateway: 'main', maxRows: null, strategy: null, maxAgeDays: null, ...change };
}
const count = async (gateway = 'main') => (await logs.store.list(aQuery({ gateway, limit: 1 }))).totalCount;
/** Does not compress. */
const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => Math.random() * 256));
const bytesOf = (name: string) =>
  readdirSync(join(folder, name)).reduce(
    (sum, file) => sum + (statSync(join(folder, name, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

test('STOP_INSERTING drops what comes after the limit, and charts go on counting', async () => {
  logs.applyPolicies([policy({ maxRows: 10, strategy: 'STOP_INSERTING' })]);
  const records = Array.from({ length: 25 }, () => aRecord());
  for (const record of records) logs.sink.append(record, bodiesOf('a', 'b'));
  for (let index = 0; index < 5; index++) logs.sink.append(aRecord({ gateway: 'other' }), null);
  expect(await count()).toBe(10);
  expect(await count('other')).toBe(5);
  const page = await logs.store.list(aQuery({ direction: 'asc' }));
  expect(page.rows.map((row) => row.id)).toEqual(records.slice(0, 10).map((record) => record.id));
  expect(logs.health.counters.get('records_refused_by_limit')).toBe(15);

  await logs.store.delete({ ...aQuery(), limit: 4 });
  for (let index = 0; index < 9; index++) logs.sink.append(aRecord(), null);
  expect(await count()).toBe(10);
  const { rows } = await logs.store.aggregate({
    account: 'local',
    gateways: ['main'],
    from: 0,
    to: clock.now() + 1,
    interval: null,
    groupBy: [],
    filters: [],
    top: null,
  });
  expect(rows.map((row) => row.requests)).toEqual([34]);
});

test('DELETE_OLDEST keeps the newest', async () => {
  const records = Array.from({ length: 60 }, (_, index) =>
    aRecord({ createdAt: clock.now() - 1000 + index }),
  );
  for (const record of records) logs.sink.append(record, null);
  logs.applyPolicies([policy({ maxRows: 20, strategy: 'DELETE_OLDEST' })]);
  await eventually(count, (rows) => rows === 20);
  const page = await logs.store.list(aQuery({ direction: 'asc' }));
  expect(page.rows.map((row) => row.id)).toEqual(records.slice(-20).map((record) => record.id));
});

test('records are removed when they are too old, others stay', async () => {
  const old = Array.from({ length: 30 }, () => aRecord({ createdAt: clock.now() - 8 * DAY_MS }));
  const young = aRecord({ createdAt: clock.now() - 6 * DAY_MS });
  for (const record of [...old, young]) logs.sink.append(record, bodiesOf('a', 'b'));
  logs.sink.append(aRecord({ gateway: 'other', createdAt: clock.now() - 8 * DAY_MS }), null);
  expect(await count()).toBe(31);
  logs.applyPolicies([policy({ maxAgeDays: 7 })]);
  await eventually(count, (rows) => rows === 1);
  expect(await count('other')).toBe(1);
  expect(await logs.store.find('local', 'main', young.id)).not.toBeNull();
});

test('deleted records give their space back, rows and bodies, the newest segment included', async () => {
  for (let index = 0; index < 3000; index++) {
    const record = aRecord({ errorMessage: noise(600).toString('base64') });
    logs.sink.append(record, index % 3 === 0 ? bodiesOf(noise(2000), noise(500)) : null);
  }
  expect(await count()).toBe(3000);
  await eventually(
    () => logs.stats().unpackedBytes,
    (bytes) => bytes === 0,
  );
  const database = join(folder, 'logs', 'logs.db');
  expect(bytesOf('bodies') + bytesOf('spool')).toBeGreaterThan(2_400_000);

  expect(await logs.store.delete({ ...aQuery(), limit: null })).toBe(3000);
  await eventually(
    () => [statSync(database).size, bytesOf('bodies'), bytesOf('spool')],
    ([rows, bodies, spool]) => rows! < 1_500_000 && bodies === 0 && spool === 0,
  );
});

test('a deleted body is gone from the disk, its neighbours can still be read', async () => {
  const secret = 'body-that-must-go';
  const records = Array.from({ length: 40 }, () => aRecord());
  for (const [index, record] of records.entries()) {
    logs.sink.append(
      record,
      bodiesOf(index === 20 ? noise(3000).toString('latin1') + secret : `keep ${index}`, noise(800)),
    );
  }
  expect(await count()).toBe(40);
  const filters = [{ key: 'id', operator: 'eq' as const, value: [records[20]!.id] }];
  expect(await logs.store.delete({ ...aQuery({ filters }), limit: null })).toBe(1);
  // The only segment was still being written: it is finished and packed without the deleted body.
  await eventually(
    () => [readdirSync(join(folder, 'spool')).length, readdirSync(join(folder, 'bodies')).length],
    ([raw, packed]) => raw! <= 1 && packed === 1,
  );
  expect(bytesOf('spool')).toBe(0);
  for (const [index, record] of records.entries()) {
    const body = await logs.store.body('local', 'main', record.id, 'request');
    if (index === 20) expect(body).toBeNull();
    else expect(body?.bytes.toString()).toBe(`keep ${index}`);
  }
  expect(await logs.store.body('local', 'main', records[20]!.id, 'response')).toBeNull();
});

test('packed bodies are read as they were written, across restarts and repacking', async () => {
  const records = Array.from({ length: 200 }, () => aRecord());
  const bodies = records.map((_, index) => noise(index % 20 === 0 ? 400_000 / 4 : 50 + index));
  for (const [index, record] of records.entries())
    logs.sink.append(record, bodiesOf(bodies[index]!, `a${index}`));
  expect(await count()).toBe(200);
  await logs.close();
  logs = openTestLogs(folder, { segmentBytes: 300_000 });
  await eventually(
    () => bytesOf('spool'),
    (left) => left === 0,
  );
  logs.applyPolicies([policy({ maxRows: 90, strategy: 'DELETE_OLDEST' })]);
  await eventually(count, (rows) => rows === 90);
  for (let index = 110; index < 200; index++) {
    const id = records[index]!.id;
    const request = await logs.store.body('local', 'main', id, 'request');
    expect(request?.bytes.equals(bodies[index]!)).toBe(true);
    const response = await logs.store.body('local', 'main', id, 'response');
    expect(response?.bytes.toString()).toBe(`a${index}`);
  }
});

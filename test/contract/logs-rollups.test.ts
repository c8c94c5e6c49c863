import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COLUMN, flattenRecord, restoreRecord } from '../../src/core/stores/log-columns.ts';
import type { LogEntry } from '../../src/core/stores/log-writer.ts';
import type { LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { openLogWriter } from '../../src/stores/sqlite/logs.ts';
import { aRecord, clock } from './logs-fixtures.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-rollups-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const amount = fc.option(fc.nat(1e9), { nil: null });
const change: fc.Arbitrary<Partial<LogRecord>> = fc.record({
  id: fc.nat(200).map((number) => `id-${number}`),
  gateway: fc.constantFrom('one', 'two'),
  createdAt: fc.integer({ min: 1_790_000_000_000, max: 1_790_010_000_000 }),
  provider: fc.constantFrom('openai', 'anthropic'),
  model: fc.constantFrom('a', 'b', null),
  statusCode: fc.constantFrom(200, 429, 500),
  success: fc.boolean(),
  cached: fc.boolean(),
  rateLimited: fc.boolean(),
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  firstByteMs: fc.option(fc.nat(100_000), { nil: null }),
  usage: fc.option(
    fc.record({ input: amount, output: amount }).map(({ input, output }) => ({
      ...emptyUsage(),
      inputTokens: input,
      outputTokens: output,
    })),
    { nil: null },
  ),
  costNanos: amount,
  savedNanos: amount,
  savedMs: amount,
  cacheReason: fc.constantFrom('gate-numbers', null),
});

test('a flattened record is the same record after it was restored', () => {
  fc.assert(
    fc.property(change, fc.string(), fc.dictionary(fc.string(), fc.string()), (some, text, metadata) => {
      const record = aRecord({ ...some, errorMessage: text, metadata });
      const { columns, rest } = flattenRecord(record);
      const sent = JSON.parse(JSON.stringify(columns)) as typeof columns;
      expect(restoreRecord(sent, rest)).toEqual(JSON.parse(JSON.stringify(record)));
    }),
  );
});

test('a batch that fails changes nothing, the progress included', () => {
  const writer = openLogWriter({ folder, now: clock.now, onDamage: () => undefined });
  const entry = (): LogEntry => ({ ...flattenRecord(aRecord({ gateway: 'new' })), bodies: null });
  writer.append([entry()], { segment: 1, offset: 10, finished: false });
  const holder = openDatabase(join(folder, 'logs.db'));
  holder.exec('BEGIN IMMEDIATE');
  const batch = [entry(), { ...flattenRecord(aRecord({ gateway: 'newer' })), bodies: null }];
  expect(() => writer.append(batch, { segment: 1, offset: 99, finished: true })).toThrow('locked');
  holder.exec('COMMIT');
  holder.close();
  expect(writer.countRows()).toBe(1);
  expect(writer.segments()).toMatchObject([{ segment: 1, offset: 10, finished: false }]);
  expect(writer.append(batch, { segment: 1, offset: 20, finished: false }).inserted).toBe(2);
  expect(writer.countRows()).toBe(3);
  writer.close();
});

test('a record that fits no row is named and passed over, and does not stop the others', () => {
  const writer = openLogWriter({ folder, now: clock.now, onDamage: () => undefined });
  const entry = (): LogEntry => ({ ...flattenRecord(aRecord()), bodies: null });
  const broken: LogEntry = { ...entry(), columns: entry().columns.with(COLUMN.createdAt, null) };
  const result = writer.append([entry(), broken, entry()], { segment: 1, offset: 10, finished: false });
  expect(result).toMatchObject({ inserted: 2, unfit: [{ id: broken.columns[0] }] });
  expect(writer.countRows()).toBe(2);
  writer.close();
});

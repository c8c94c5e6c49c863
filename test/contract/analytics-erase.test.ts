import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnalyticsQuery, Dimension } from '../../src/core/stores/analytics.ts';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogReader, LogWriter } from '../../src/core/stores/log-writer.ts';
import type { LogFilter, LogRecord } from '../../src/core/stores/logs.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { openLogReader, openLogWriter } from '../../src/stores/sqlite/logs.ts';
import { aQuery, aRecord } from './logs-fixtures.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 9, 1, 12, 30);

let folder: string;
let writer: LogWriter;
let reader: LogReader;
let nowMs: number;
let offset = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-erase-'));
  nowMs = START + 60_000;
  writer = openLogWriter({ folder, now: () => nowMs, onDamage: () => undefined });
  reader = openLogReader({ folder });
});
afterEach(() => {
  reader.close();
  writer.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(...records: readonly LogRecord[]): void {
  const entries = records.map((record) => ({ ...flattenRecord(record), bodies: null }));
  writer.append(entries, { segment: 1, offset: offset++, finished: false });
}

/** Time goes by and everything beside is done. */
function age(ms: number): void {
  nowMs += ms;
  while (writer.arrange(false)) nowMs += 1;
}

function remove(filters: readonly LogFilter[], withFigures = false): void {
  const step = writer.delete({ ...aQuery({ filters }), limit: null, withFigures });
  while (step() > 0);
}

function counts(dimension: Dimension, change: Partial<AnalyticsQuery> = {}): Record<string, number> {
  const { rows, scanned } = reader.aggregate({
    account: 'local',
    gateways: null,
    from: 0,
    to: START + 1000 * DAY_MS,
    interval: null,
    groupBy: [dimension],
    filters: [],
    top: null,
    ...change,
  });
  expect(scanned).toBe(false);
  return Object.fromEntries(rows.map((row) => [row.group?.[0] ?? 'rest', row.requests]));
}

const ask = (userId: string, change: Partial<LogRecord> = {}): LogRecord =>
  aRecord({ createdAt: START, userId, metadata: { team: `team of ${userId}` }, ...change });
const ofAnn: LogFilter = { key: 'user_id', operator: 'eq', value: ['ann'] };

/** Everything that lies in the database, as text. */
function stored(): string {
  const database = openDatabase(join(folder, 'logs.db'), { readOnly: true });
  const blocks = database.prepare('SELECT groups FROM rollup_blocks').all();
  database.close();
  return blocks.map((row) => Buffer.from(row.groups as Uint8Array).toString('latin1')).join('\n');
}

test.each([0, 2 * DAY_MS, 10 * DAY_MS, 50 * DAY_MS, 500 * DAY_MS])(
  'who asked is no longer in figures of %i ms later when their logs are deleted; the requests are',
  (laterMs) => {
    add(ask('ann'), ask('ann', { createdAt: START + 3_600_000 }), ask('bob'), ask('bob'));
    age(laterMs);
    expect(counts('user_id')).toEqual({ ann: 2, bob: 2 });
    remove([ofAnn]);
    expect(counts('user_id')).toEqual({ '': 2, bob: 2 });
    expect(counts('metadata:team')).toEqual({ '': 2, 'team of bob': 2 });
    expect(counts('model')).toEqual({ 'gpt-4o-mini': 4 });
    age(2 * DAY_MS);
    expect(counts('user_id')).toEqual({ '': 2, bob: 2 });
    expect(stored()).toContain('bob');
    expect(stored()).not.toContain('ann');
  },
);

test('retention takes nobody out of the figures', () => {
  add(ask('ann'), ask('bob'));
  writer.applyPolicies([{ account: 'local', gateway: 'main', maxRows: null, strategy: null, maxAgeDays: 1 }]);
  while (writer.retain(START + 3 * DAY_MS) > 0);
  expect(writer.countRows()).toBe(0);
  expect(counts('user_id')).toEqual({ ann: 1, bob: 1 });
});

test('changed metadata is counted as it is now', () => {
  const record = ask('ann');
  add(record, ask('bob'));
  age(0);
  writer.patch('local', 'main', record.id, { metadata: { team: 'other', paid: true } });
  expect(counts('metadata:team')).toEqual({ other: 1, 'team of bob': 1 });
  expect(counts('metadata_key')).toEqual({ team: 2, paid: 1 });
  writer.patch('local', 'main', record.id, { metadata: null });
  expect(counts('metadata:team')).toEqual({ '': 1, 'team of bob': 1 });
  expect(counts('metadata_key')).toEqual({ '': 1, team: 1 });
});

test('a deleted gateway leaves no figures and no sessions; others keep theirs', () => {
  add(ask('ann', { sessionId: 's' }), ask('bob', { gateway: 'other', sessionId: 's' }));
  age(30 * DAY_MS);
  remove([], true);
  expect(counts('gateway')).toEqual({ other: 1 });
  expect(stored()).not.toContain('ann');
  expect(reader.findSession('local', 'main', 's')).toBeNull();
  expect(reader.findSession('local', 'other', 's')).not.toBeNull();
  // Made again under its name it begins from nothing.
  add(ask('cid'));
  expect(counts('user_id', { gateways: ['main'] })).toEqual({ cid: 1 });
});

test('a transaction that fails leaves the figures as they were', () => {
  add(ask('ann'));
  const holder = openDatabase(join(folder, 'logs.db'));
  holder.exec('BEGIN IMMEDIATE');
  expect(() => add(ask('bob'))).toThrow('locked');
  holder.exec('COMMIT');
  holder.close();
  add(ask('bob'), ask('bob'));
  age(DAY_MS);
  expect(counts('user_id')).toEqual({ ann: 1, bob: 2 });
});

test('too many different values are added up without their names, and counted all the same', () => {
  add(...Array.from({ length: 3000 }, (_, index) => ask(`user-${index}`, { path: `predictions/${index}` })));
  age(2 * DAY_MS);
  const users = counts('user_id');
  expect(Object.keys(users).length).toBeGreaterThan(100);
  expect(Object.keys(users).length).toBeLessThan(3000);
  expect(users.rest).toBe(3001 - Object.keys(users).length);
  expect(Object.values(users).reduce((sum, count) => sum + count, 0)).toBe(3000);
  expect(counts('model')).toEqual({ 'gpt-4o-mini': 3000 });
  // One of those that have no name left can still be asked for.
  const [named] = reader.aggregate({
    account: 'local',
    gateways: null,
    from: START - DAY_MS,
    to: START + DAY_MS,
    interval: null,
    groupBy: [],
    filters: [{ key: 'user_id', operator: 'eq', value: ['user-2999'] }],
    top: null,
  }).rows;
  expect(named).toMatchObject({ requests: 1 });
});

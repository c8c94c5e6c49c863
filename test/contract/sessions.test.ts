import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionPage, SessionQuery, SessionRow } from '../../src/core/stores/analytics.ts';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { MemoryLogStore } from '../../src/stores/memory/logs.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { openLogReader, openLogWriter } from '../../src/stores/sqlite/logs.ts';
import { aQuery, aRecord, clock } from './logs-fixtures.ts';

interface OpenStore {
  add(records: readonly LogRecord[]): void;
  /** Deletes what has the model; returns how many rows. */
  delete(model: string): Promise<number>;
  sessions(query: SessionQuery): Promise<SessionPage>;
  findSession(account: string, gateway: string, id: string): Promise<SessionRow | null>;
  close(): void;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-sessions-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const START = Date.UTC(2026, 9, 1, 12);
let opened = 0;

function openSqlite(): OpenStore & { place: string } {
  const place = join(folder, `${opened++}`);
  const writer = openLogWriter({ folder: place, now: clock.now, onDamage: () => undefined });
  const reader = openLogReader({ folder: place });
  let offset = 0;
  return {
    place,
    add(records) {
      const entries = records.map((record) => ({ ...flattenRecord(record), bodies: null }));
      writer.append(entries, { segment: 1, offset: offset++, finished: false });
    },
    async delete(model) {
      const filters = [{ key: 'model', operator: 'eq', value: [model] } as const];
      const step = writer.delete({ ...aQuery({ filters }), limit: null });
      let removed = 0;
      for (let more = step(); more > 0; more = step()) removed += more;
      return removed;
    },
    sessions: async (query) => reader.sessions(query),
    findSession: async (...names) => reader.findSession(...names),
    close() {
      reader.close();
      writer.close();
    },
  };
}

function openMemory(): OpenStore {
  const store = new MemoryLogStore();
  return {
    add: (records) => records.forEach((record) => void store.append(record, null)),
    delete: (model) => {
      const filters = [{ key: 'model', operator: 'eq', value: [model] } as const];
      return store.delete({ ...aQuery({ filters }), limit: null });
    },
    sessions: (query) => store.sessions(query),
    findSession: (...names) => store.findSession(...names),
    close: () => undefined,
  };
}

const everything: SessionQuery = {
  account: 'local',
  gateway: 'main',
  from: 0,
  to: START * 2,
  search: null,
  orderBy: 'last_at',
  direction: 'desc',
  limit: 50,
  offset: 0,
};

const request = (session: string | null, change: Partial<LogRecord> = {}): LogRecord =>
  aRecord({ createdAt: START, sessionId: session, ...change });

describe.each([
  ['sqlite', openSqlite],
  ['memory', openMemory],
] as const)('%s', (_name, open) => {
  test('a session is the sum of its requests, in whatever batches and repetitions these came', async () => {
    const amount = fc.option(fc.nat(1000), { nil: null });
    const change = fc.record({
      id: fc.nat(60).map((number) => `id-${number}`),
      sessionId: fc.constantFrom('s-1', 's-2', null),
      createdAt: fc.integer({ min: START, max: START + 100_000 }),
      durationMs: fc.nat(5000),
      success: fc.boolean(),
      cached: fc.boolean(),
      costNanos: amount,
      savedNanos: amount,
      usage: fc.option(
        amount.map((tokens) => ({ ...emptyUsage(), inputTokens: tokens, outputTokens: 2 })),
        { nil: null },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 4 }), async (batches) => {
        const store = open();
        const kept = new Map<string, LogRecord>();
        for (const batch of batches) {
          const records = batch.map((one) => aRecord(one));
          store.add(records);
          for (const record of records) if (!kept.has(record.id)) kept.set(record.id, record);
        }
        for (const id of ['s-1', 's-2']) {
          const own = [...kept.values()].filter((record) => record.sessionId === id);
          const found = await store.findSession('local', 'main', id);
          if (own.length === 0) {
            expect(found).toBeNull();
            continue;
          }
          const sum = (read: (record: LogRecord) => number | null | undefined) =>
            own.reduce((total, record) => total + (read(record) ?? 0), 0);
          expect(found).toMatchObject({
            id,
            gateway: 'main',
            startedAt: Math.min(...own.map((record) => record.createdAt)),
            lastAt: Math.max(...own.map((record) => record.createdAt)),
            endedAt: Math.max(...own.map((record) => record.createdAt + record.durationMs)),
            requests: own.length,
            errors: sum((record) => (record.success ? 0 : 1)),
            cachedRequests: sum((record) => (record.cached ? 1 : 0)),
            inputTokens: sum((record) => record.usage?.inputTokens),
            outputTokens: sum((record) => record.usage?.outputTokens),
            costNanos: sum((record) => record.costNanos),
            savedNanos: sum((record) => record.savedNanos),
          });
        }
        store.close();
      }),
      { numRuns: 40 },
    );
  });

  test('the list is ordered, searched, cut by time and paged, and shows one gateway of one account', async () => {
    const store = open();
    store.add([
      request('a', { costNanos: 5, userAgent: 'claude-cli/2.0', createdAt: START }),
      request('a', { costNanos: 5, userAgent: null, createdAt: START + 900_000 }),
      request('b', { costNanos: 50, userId: '100%_sure', createdAt: START + 60_000 }),
      request('c', { costNanos: 1, success: false, createdAt: START + 120_000 }),
      request('a', { gateway: 'other' }),
      request('d', { account: 'foreign' }),
      request(null),
    ]);
    const ids = async (change: Partial<SessionQuery> = {}) =>
      (await store.sessions({ ...everything, ...change })).rows.map((row) => row.id).join('');
    expect(await ids()).toBe('acb');
    expect(await ids({ orderBy: 'cost' })).toBe('bac');
    expect(await ids({ orderBy: 'errors', direction: 'asc' })).toBe('abc');
    expect(await ids({ orderBy: 'started_at', direction: 'asc' })).toBe('abc');
    expect(await ids({ search: 'CLAUDE' })).toBe('a');
    expect(await ids({ search: '100%_' })).toBe('b');
    expect(await ids({ search: "' OR 1=1 --" })).toBe('');
    expect(await ids({ search: '_' })).toBe('b');
    expect(await ids({ search: '\u0000' })).toBe('');
    // A session counts for a time when it had begun before the end and went on after the beginning.
    expect(await ids({ from: START + 121_000, to: START + 122_000 })).toBe('a');
    expect(await ids({ to: START })).toBe('');
    expect(await store.sessions({ ...everything, limit: 1, offset: 1 })).toMatchObject({
      rows: [{ id: 'c' }],
      totalCount: 3,
    });
    expect(await ids({ account: 'foreign' })).toBe('d');
    expect(await ids({ account: 'foreign', gateway: 'other' })).toBe('');
    expect(await ids({ gateway: 'other' })).toBe('a');
    expect(await store.findSession('local', 'main', 'd')).toBeNull();
    await expect(store.sessions({ ...everything, orderBy: 'constructor' as 'cost' })).rejects.toThrow(
      RangeError,
    );
    store.close();
  });

  test('who and what is that of the latest request that says so, and the title that of the first', async () => {
    const store = open();
    const last = request('a', { createdAt: START + 10, model: 'late', userAgent: null, userId: 'ann' });
    const first = request('a', { createdAt: START, model: 'early', userAgent: 'codex', userId: 'bob' });
    store.add([last, first]);
    expect(await store.findSession('local', 'main', 'a')).toMatchObject({
      model: 'late',
      userAgent: 'codex',
      userId: 'ann',
      firstRecord: first.id,
    });
    store.close();
  });

  test('requests in a row that are near the same are counted', async () => {
    const store = open();
    const sizes = (session: string, ...all: number[]) =>
      all.map((requestSize, index) => request(session, { requestSize, createdAt: START + index }));
    store.add([...sizes('loop', 800, 800, 800), ...sizes('talk', 800, 1500, 4000, 4500)]);
    store.add(sizes('over', 800, 800, 800, 800, 3000));
    expect(await store.findSession('local', 'main', 'loop')).toMatchObject({ repeats: 3, mostRepeats: 3 });
    expect(await store.findSession('local', 'main', 'talk')).toMatchObject({ repeats: 1, mostRepeats: 1 });
    expect(await store.findSession('local', 'main', 'over')).toMatchObject({ repeats: 1, mostRepeats: 4 });
    store.close();
  });

  test('a session goes with its last request', async () => {
    const store = open();
    store.add([request('a', { model: 'x' }), request('a', { model: 'y' }), request('b', { model: 'y' })]);
    expect(await store.delete('x')).toBe(1);
    expect((await store.sessions(everything)).totalCount).toBe(2);
    expect(await store.delete('y')).toBe(2);
    expect((await store.sessions(everything)).totalCount).toBe(0);
    store.close();
  });
});

test('sessions of a store from before there were any are added beside the work', async () => {
  const store = openSqlite();
  store.add(Array.from({ length: 2500 }, (_, index) => request(index % 2 === 0 ? 'a' : 'b', { model: 'x' })));
  store.close();
  const database = openDatabase(join(store.place, 'logs.db'));
  database.exec('DELETE FROM sessions; UPDATE session_progress SET added_seq = 0, through_seq = 2500');
  database.close();

  const writer = openLogWriter({ folder: store.place, now: clock.now, onDamage: () => undefined });
  const reader = openLogReader({ folder: store.place });
  const later = { ...flattenRecord(request('b', { model: 'y', createdAt: START + 1 })), bodies: null };
  writer.append([later], { segment: 1, offset: 99, finished: false });
  while (writer.arrange(false));
  expect(reader.findSession('local', 'main', 'a')).toMatchObject({ requests: 1250 });
  expect(reader.findSession('local', 'main', 'b')).toMatchObject({ requests: 1251, model: 'y' });
  reader.close();
  writer.close();
});

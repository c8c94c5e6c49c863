import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ADDITIVE_MEASURES,
  type AnalyticsAnswer,
  type AnalyticsQuery,
  type AnalyticsRow,
} from '../../src/core/stores/analytics.ts';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogRecord } from '../../src/core/stores/logs.ts';
import { MemoryLogStore } from '../../src/stores/memory/logs.ts';
import { openLogReader } from '../../src/stores/sqlite/logs.ts';
import { SqliteLogWriter } from '../../src/stores/sqlite/logs-writer.ts';
import { byKey, expectedRows, FROM, queryOf, recordChange, TO } from './analytics-fixtures.ts';
import { aRecord } from './logs-fixtures.ts';

interface OpenStore {
  add(records: readonly LogRecord[]): void;
  /** Time goes by, and what is done beside is done. */
  age(ms: number): void;
  /** The process is killed and started again. */
  kill(): void;
  aggregate(query: AnalyticsQuery): Promise<AnalyticsAnswer>;
  close(): void;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-analytics-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

let opened = 0;
const STORES: Readonly<Record<string, () => OpenStore>> = {
  sqlite() {
    const place = join(folder, `${opened++}`);
    let nowMs = TO;
    // Small column blocks, so that scans meet sealed and open ones.
    const open = () =>
      new SqliteLogWriter({ folder: place, now: () => nowMs, onDamage: () => undefined, blockRows: 8 });
    let writer = open();
    const reader = openLogReader({ folder: place });
    let offset = 0;
    return {
      add(records) {
        const entries = records.map((record) => ({ ...flattenRecord(record), bodies: null }));
        writer.append(entries, { segment: 1, offset: offset++, finished: false });
      },
      age(ms) {
        nowMs += ms;
        while (writer.arrange(false)) nowMs += 1;
      },
      kill() {
        // What was not committed is lost either way: nothing of it is written at closing.
        writer.close();
        writer = open();
      },
      aggregate: async (query) => reader.aggregate(query),
      close() {
        reader.close();
        writer.close();
      },
    };
  },
  memory() {
    const store = new MemoryLogStore();
    return {
      add: (records) => records.forEach((record) => void store.append(record, null)),
      age: () => undefined,
      kill: () => undefined,
      aggregate: (query) => store.aggregate(query),
      close: () => undefined,
    };
  },
};

const DAY_MS = 86_400_000;
const batch = fc.record({
  changes: fc.array(recordChange, { maxLength: 25 }),
  isKilled: fc.boolean(),
  ageMs: fc.constantFrom(null, 0, 2000, 600_000, DAY_MS, 5 * DAY_MS, 40 * DAY_MS, 500 * DAY_MS),
});

const wide: AnalyticsQuery = {
  account: 'local',
  gateways: null,
  from: FROM,
  to: TO + 1,
  interval: null,
  groupBy: [],
  filters: [],
  top: null,
};

describe.each(Object.entries(STORES))('%s', (_name, open) => {
  test('figures are those of the records, for any time, group, filter and interval', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 4 }),
        fc.array(queryOf, { minLength: 1, maxLength: 5 }),
        async (batches, queries) => {
          const store = open();
          const records: LogRecord[] = [];
          for (const { changes, ageMs, isKilled } of batches) {
            const added = changes.map((change) => aRecord(change));
            // Some come a second time, as after a crash.
            store.add([...added, ...records.slice(0, 3)]);
            records.push(...added);
            if (isKilled) store.kill();
            if (ageMs !== null) store.age(ageMs);
          }
          for (const asked of queries) {
            const expected = expectedRows(records, asked);
            const { rows } = await store.aggregate({ ...asked.query, top: null });
            const found = byKey(rows);
            expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
            for (const [key, row] of found) expectRow(row, expected.get(key)!);
            expectTop(rows, (await store.aggregate(asked.query)).rows, asked.query);
          }
          store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('another account’s records are in nobody’s figures', async () => {
    const store = open();
    store.add([aRecord({ createdAt: FROM }), aRecord({ createdAt: FROM, account: 'other' })]);
    const { rows } = await store.aggregate(wide);
    expect(rows.map((row) => row.requests)).toEqual([1]);
    store.close();
  });

  test('an unknown dimension and an unknown filter are refused, also when there is nothing to count', async () => {
    const store = open();
    const asked = (change: Partial<AnalyticsQuery>) => store.aggregate({ ...wide, ...change });
    await expect(asked({ groupBy: ['constructor' as 'model'] })).rejects.toThrow(RangeError);
    const filter = { key: "model'; --", operator: 'eq', value: ['x'] } as const;
    await expect(asked({ filters: [filter] })).rejects.toThrow(RangeError);
    store.close();
  });

  test('an answer too large to hold is refused; with a limit of groups it is found in two passes', async () => {
    const store = open();
    const records = Array.from({ length: 300 }, (_, index) =>
      // Each user asks in 80 different minutes.
      Array.from({ length: 80 }, (_, minute) =>
        aRecord({ createdAt: FROM + minute * 60_000, userId: `user-${index}`, gateway: 'one' }),
      ),
    ).flat();
    store.add([
      ...records,
      ...[1, 2].map(() => aRecord({ createdAt: FROM, userId: 'user-7', gateway: 'one' })),
    ]);
    const query: AnalyticsQuery = { ...wide, interval: 'minute', groupBy: ['user_id'] };
    await expect(store.aggregate(query)).rejects.toThrow(/too many groups/);
    const { rows } = await store.aggregate({ ...query, top: { by: 'requests', limit: 1 } });
    expect(rows).toHaveLength(160);
    expect(rows.slice(0, 2)).toMatchObject([
      { group: ['user-7'], requests: 3 },
      { group: null, requests: 299 },
    ]);
    store.close();
  });

  test('a ranking of more groups than an answer may have is found all the same', async () => {
    const store = open();
    const asked = Array.from({ length: 21_000 }, (_, index) =>
      aRecord({ createdAt: FROM, sessionId: `session-${index % 20_500}` }),
    );
    store.add(asked);
    const query: AnalyticsQuery = { ...wide, groupBy: ['session_id'] };
    await expect(store.aggregate(query)).rejects.toThrow(/too many groups/);
    const { rows } = await store.aggregate({ ...query, top: { by: 'requests', limit: 500 } });
    expect(rows).toHaveLength(501);
    expect(rows.at(-1)).toMatchObject({ group: null, requests: 20_000 });
    store.close();
  });
});

function expectRow(
  row: AnalyticsRow,
  expected: ReturnType<ReturnType<typeof expectedRows>['get']> & object,
): void {
  for (const name of ADDITIVE_MEASURES) expect([name, row[name]]).toEqual([name, expected[name]]);
  expectQuantile(row.durationMs.p50, expected.durations, 0.5);
  expectQuantile(row.durationMs.p99, expected.durations, 0.99);
  expectQuantile(row.tokensPerSecond.p95, expected.speeds, 0.95);
}

function expectQuantile(found: number | null, values: readonly number[], share: number): void {
  if (values.length === 0) {
    expect(found).toBeNull();
    return;
  }
  const sorted = values.toSorted((a, b) => a - b);
  const exact = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  expect(Math.abs(found! - exact)).toBeLessThanOrEqual(0.1001 * exact);
}

/** The groups of `top` as they are without it, and one row per bucket with the sums of all others. */
function expectTop(
  all: readonly AnalyticsRow[],
  shown: readonly AnalyticsRow[],
  query: AnalyticsQuery,
): void {
  if (query.top === null || query.groupBy.length === 0) return;
  const { by, limit } = query.top;
  const groups = new Map<string, number>();
  for (const row of all) {
    const key = JSON.stringify(row.group);
    groups.set(key, (groups.get(key) ?? 0) + row[by]);
  }
  const named = new Set(shown.filter((row) => row.group !== null).map((row) => JSON.stringify(row.group)));
  expect(named.size).toBe(Math.min(limit, groups.size));
  const least = Math.min(...[...named].map((key) => groups.get(key)!));
  for (const [key, size] of groups) if (!named.has(key)) expect(size).toBeLessThanOrEqual(least);
  const found = byKey(shown);
  const rest = new Map<number | null, number>();
  for (const row of all) {
    if (named.has(JSON.stringify(row.group)))
      expect(found.get(JSON.stringify([row.bucket, row.group]))).toEqual(row);
    else rest.set(row.bucket, (rest.get(row.bucket) ?? 0) + row.requests);
  }
  const others = shown.filter((row) => row.group === null).map((row) => [row.bucket, row.requests] as const);
  expect(new Map(others)).toEqual(rest);
}

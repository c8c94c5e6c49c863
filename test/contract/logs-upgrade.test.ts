import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogFilter } from '../../src/core/stores/logs.ts';
import { type Database, openDatabase } from '../../src/stores/sqlite/database.ts';
import { SqliteLogReader } from '../../src/stores/sqlite/logs-reader.ts';
import { LOG_MIGRATIONS } from '../../src/stores/sqlite/logs-schema.ts';
import { SqliteLogWriter } from '../../src/stores/sqlite/logs-writer.ts';
import { aQuery, aRecord } from './logs-fixtures.ts';

const START = Date.UTC(2026, 9, 1);
const ROWS = 20;
/** Columns that came after blocks did, the newest last, with the migration that made them. */
const LATER = ['saved_ms', 'cache_reason'];
const BEFORE = LOG_MIGRATIONS.findIndex((sql) => sql.includes('ADD COLUMN cache_reason'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-logs-upgrade-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const openWriter = () =>
  new SqliteLogWriter({ folder, now: () => START, onDamage: () => undefined, blockRows: 8 });
const append = (writer: ReturnType<typeof openWriter>, changes: Parameters<typeof aRecord>[0][]): void => {
  writer.append(
    changes.map((change) => ({ ...flattenRecord(aRecord(change)), bodies: null })),
    { segment: 1, offset: 0, finished: false },
  );
};

/** Makes the store what the version before would have left: blocks and rows without the later columns. */
function makeOld(database: Database): void {
  for (const { block, summary } of database.prepare('SELECT block, summary FROM blocks').all()) {
    const bytes = Uint8Array.from(summary as Uint8Array);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, view.getUint32(0, true) - LATER.length, true);
    database.prepare('UPDATE blocks SET summary = ? WHERE block = ?').run(bytes, block as number);
  }
  for (const column of LATER) database.exec(`ALTER TABLE records DROP COLUMN ${column}`);
  database.exec(`PRAGMA user_version = ${BEFORE}`);
}

test('rows and blocks of before a column came are null in it, and new ones beside them are not', () => {
  const old = openWriter();
  append(
    old,
    Array.from({ length: ROWS }, (_, index) => ({ createdAt: START + index, cached: true })),
  );
  while (old.arrange(false));
  old.close();
  const database = openDatabase(join(folder, 'logs.db'));
  expect(Number(database.prepare('SELECT count(*) AS n FROM blocks').get()?.n)).toBeGreaterThan(0);
  makeOld(database);
  database.close();

  const writer = openWriter();
  const reader = new SqliteLogReader({ folder });
  const count = (...filters: LogFilter[]): number => reader.list(aQuery({ filters })).totalCount;
  const reason = (operator: LogFilter['operator'], ...value: LogFilter['value']): LogFilter => ({
    key: 'cache_reason',
    operator,
    value,
  });
  const check = (): void => {
    expect(count(reason('eq', null))).toBe(ROWS + 1);
    expect(count(reason('eq', 'gate-numbers'))).toBe(8);
    expect(count(reason('contains', 'gate-'))).toBe(8);
    expect(count(reason('neq', 'gate-numbers'))).toBe(ROWS + 1);
    // By the column that nothing else is added up by, so that blocks and rows are read.
    const { rows, scanned } = reader.aggregate({
      account: 'local',
      gateways: null,
      from: START,
      to: START + 1000,
      interval: null,
      groupBy: [],
      filters: [reason('eq', null)],
      top: null,
    });
    expect([scanned, rows[0]!.requests, rows[0]!.savedMs]).toEqual([true, ROWS + 1, 250]);
  };
  append(writer, [
    ...Array.from({ length: 8 }, (_, index) => ({
      createdAt: START + 100 + index,
      cacheReason: 'gate-numbers',
    })),
    { createdAt: START + 200, cached: true, savedMs: 250 },
  ]);
  check();
  // And when they are in blocks themselves.
  while (writer.arrange(false));
  check();
  const [newest] = reader.list(aQuery({ limit: 1 })).rows;
  expect([newest!.savedMs, newest!.cacheReason]).toEqual([250, null]);
  reader.close();
  writer.close();
});

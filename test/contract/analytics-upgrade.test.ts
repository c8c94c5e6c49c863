import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AnalyticsQuery } from '../../src/core/stores/analytics.ts';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import { migrate, openDatabase } from '../../src/stores/sqlite/database.ts';
import { openLogReader, openLogWriter } from '../../src/stores/sqlite/logs.ts';
import { LOG_MIGRATIONS } from '../../src/stores/sqlite/logs-schema.ts';
import { ROLLUP_MIGRATION } from '../../src/stores/sqlite/rollup-schema.ts';
import { aRecord } from './logs-fixtures.ts';

const HOUR_MS = 3_600_000;
const HOUR = Date.UTC(2026, 8, 21, 10);
const all: AnalyticsQuery = {
  account: 'local',
  gateways: null,
  from: 0,
  to: HOUR + 100 * HOUR_MS,
  interval: 'hour',
  groupBy: ['provider'],
  filters: [],
  top: null,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-upgrade-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A store as it was before: rows that no roll-up of today knows, and sums by the hour. */
function writeOldStore(rows: number): void {
  const records = Array.from({ length: rows }, (_, index) =>
    aRecord({ createdAt: HOUR + 2 * HOUR_MS + index, provider: 'of-now' }),
  );
  const entries = records.map((record) => ({ ...flattenRecord(record), bodies: null }));
  const place = join(folder, 'now');
  const writer = openLogWriter({ folder: place, now: () => HOUR, onDamage: () => undefined });
  writer.append(entries, { segment: 1, offset: 1, finished: false });
  writer.close();

  const database = openDatabase(join(folder, 'logs.db'));
  migrate(database, LOG_MIGRATIONS.slice(0, LOG_MIGRATIONS.indexOf(ROLLUP_MIGRATION)));
  database.exec(`ATTACH '${join(place, 'logs.db')}' AS now`);
  const columns = database.prepare(`SELECT name FROM pragma_table_info('records', 'main')`).all();
  const names = columns.map((column) => column.name).join(', ');
  database.exec(`INSERT INTO main.records (${names}) SELECT ${names} FROM now.records`);
  database.exec('INSERT INTO main.gateways SELECT * FROM now.gateways; DETACH now');
  const insert = database.prepare(
    `INSERT INTO rollups VALUES (?, 1, 'of-before', 'm', 2, 0, 7, 1, 0, 10, 20, 0, 0, 0, 500, 0, x'0A00070000000000', x'')`,
  );
  // Of the second hour there are records: what was added up of it is in them.
  for (const hour of [HOUR, HOUR + 2 * HOUR_MS]) insert.run(hour);
  database.close();
}

test('roll-ups of an older store are made again of its records, and kept where no record is left', () => {
  writeOldStore(25_000);
  let nowMs = HOUR + 10 * HOUR_MS;
  const writer = openLogWriter({ folder, now: () => nowMs, onDamage: () => undefined });
  const reader = openLogReader({ folder });
  // In steps beside the work: until all is done, what is missing is read from the rows.
  const early = reader.aggregate({ ...all, from: HOUR + HOUR_MS });
  expect(early.rows.map(({ group, requests }) => [group, requests])).toEqual([[['of-now'], 25_000]]);

  while (writer.arrange(false)) nowMs += 1;
  const shown = () =>
    reader
      .aggregate(all)
      .rows.map(({ bucket, group, requests, costNanos }) => [bucket, group, requests, costNanos]);
  const expected = [
    [HOUR, ['of-before'], 7, 500],
    [HOUR + 2 * HOUR_MS, ['of-now'], 25_000, 25_000 * 48_300],
  ];
  expect(shown()).toEqual(expected);
  // The day is made of hours, those from before among them.
  nowMs += 30 * HOUR_MS;
  while (writer.arrange(false)) nowMs += 1;
  expect(shown()).toEqual(expected);
  const { rows } = reader.aggregate({ ...all, interval: 'day', groupBy: [] });
  expect(rows.map((row) => row.requests)).toEqual([25_007]);
  expect(reader.aggregate({ ...all, to: HOUR + HOUR_MS }).rows[0]!.durationMs.p50).toBeGreaterThan(5);
  reader.close();
  writer.close();
});

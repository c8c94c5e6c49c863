import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogFilter } from '../../src/core/stores/logs.ts';
import { type Database, openDatabase } from '../../src/stores/sqlite/database.ts';
import { lowerSelection } from '../../src/stores/sqlite/logs-filter.ts';
import { SqliteLogReader } from '../../src/stores/sqlite/logs-reader.ts';
import { SqliteLogWriter } from '../../src/stores/sqlite/logs-writer.ts';
import { aQuery, aRecord } from './logs-fixtures.ts';

// Every operator with every awkward value, each asked of blocks and of the table: chance would seldom bring together
// what is hard about a key with what is hard about a value.
const OPERATORS: readonly LogFilter['operator'][] = ['eq', 'neq', 'contains', 'lt', 'gt'];
const KEYS = ['user', 'a"b', 'É', '\\', '', '1', 'user"'];
const TEXTS = [
  '',
  'a',
  'A',
  'a!',
  'a b',
  'user',
  'ab"',
  '"',
  '\\',
  'a\\b',
  '\n',
  'é',
  'É',
  '\u{1F600}',
  '1',
  'true',
  '0.1',
];
const SCALARS = [...TEXTS, 0, 1, 10, -1, 0.1, 1e21, true, false];
const WANTED = [...SCALARS, 'b', ':', '","', 'er"', '.', '21', 'e+', null];
const UUIDS = [
  '0192f0e4-7c1a-7abc-a001-00000000cafe',
  '0192f0e4-7c1a-7abc-acaf-e00000000001',
  '0192f0e4-7c1a-7abc-a00c-afe000000002',
  'cafe0000-0000-4000-8000-000000000003',
  '00cafe00-0000-4000-8000-ffffffffffff',
];
const PARTS = [
  ...UUIDS,
  ...['', '-', '--', 'c', 'ca', 'caf', 'cafe', 'CAFE', '0cafe', 'cafe0', 'acaf', 'acaf-e', 'acafe', '7abc-a'],
  ...[
    '0',
    '00',
    'f',
    'ff',
    'g',
    ' ',
    '/',
    ':',
    '0192',
    '0192f0e4-',
    '0192f0e4:',
    '0192f0e40',
    'é',
    UUIDS[0]!.toUpperCase(),
  ],
  ...UUIDS.flatMap((id) => [`${id}0`, id.slice(0, 20), `${id.slice(0, 20)}~`]),
];
const DURATIONS = [
  0, 0.001, 0.01, 0.1, 1, 4.2, 42, 421.5, 1000, 9999, 10_000, 10_042.042, 123_456.789, 99_999_999.999,
];
const COSTS = [null, 0, 5, 42, 420_000, 4_200_042, 99_999_999, 100_000_000, 5_000_000_042];
const DIGITS = [
  '',
  '0',
  '1',
  '42',
  '.',
  '.0',
  '0.',
  '2.0',
  '042',
  '00',
  '99',
  '9.9',
  '100',
  '1000',
  '-',
  'e',
  '4.2.',
  '12345678901234567',
];

const folder = mkdtempSync(join(tmpdir(), 'tidegate-operators-'));
let reader: SqliteLogReader;
let database: Database;

beforeAll(() => {
  const now = Date.UTC(2026, 9, 1);
  const writer = new SqliteLogWriter({ folder, now: () => now, onDamage: () => {}, blockRows: 64 });
  const metadata = KEYS.flatMap((key) => SCALARS.map((value) => ({ [key]: value, other: 'user' })));
  const records = metadata.map((entries, index) =>
    aRecord({
      metadata: index % 9 === 8 ? null : entries,
      eventId: UUIDS[index % UUIDS.length]!,
      // Of a block of its own; whole ones and thousandths besides.
      durationMs: index < 64 ? index : DURATIONS[index % DURATIONS.length]!,
      costNanos: COSTS[index % COSTS.length]!,
    }),
  );
  writer.append(
    records.map((record) => ({ ...flattenRecord(record), bodies: null })),
    { segment: 1, offset: 0, finished: false },
  );
  while (writer.arrange(false));
  writer.close();
  reader = new SqliteLogReader({ folder });
  database = openDatabase(join(folder, 'logs.db'), { readOnly: true });
});

afterAll(() => {
  reader.close();
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function compare(filter: LogFilter): void {
  const query = aQuery({ filters: [filter], limit: 1000 });
  const condition = lowerSelection(query)!;
  const expected = database
    .prepare(`SELECT id FROM records WHERE ${condition.sql} ORDER BY id`)
    .all(...condition.values)
    .map((row) => row.id);
  const page = reader.list(query);
  const found = page.rows.map((row) => row.id).sort();
  expect({ found, total: page.totalCount }, JSON.stringify(filter)).toEqual({
    found: expected,
    total: expected.length,
  });
}

test('most rows are in blocks', () => {
  expect(Number(database.prepare('SELECT sum(row_count) AS rows FROM blocks').get()!.rows)).toBeGreaterThan(
    100,
  );
});

test.each([...KEYS.map((key) => `metadata:${key}`), 'metadata.key', 'metadata.value'])('%s', (key) => {
  for (const operator of OPERATORS) {
    for (const value of WANTED) compare({ key, operator, value: [value] });
  }
});

test.each(['event_id', 'id'])('%s', (key) => {
  for (const operator of OPERATORS) {
    for (const part of PARTS) compare({ key, operator, value: [part] });
    compare({ key, operator, value: ['cafe', '42', 'cafe'] });
  }
});

test.each(['duration', 'cost', 'status_code', 'status_class', 'created_at'])('%s contains', (key) => {
  for (const digits of DIGITS) compare({ key, operator: 'contains', value: [digits] });
  compare({ key, operator: 'contains', value: ['42', '99', '42'] });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COLUMN, flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogEntry } from '../../src/core/stores/log-writer.ts';
import type { LogRecord } from '../../src/core/stores/logs.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { SqliteLogWriter } from '../../src/stores/sqlite/logs-writer.ts';
import { visitBlock } from '../../src/stores/sqlite/rollup-block.ts';
import { KEY_LENGTHS } from '../../src/stores/sqlite/rollup-contribution.ts';
import { readSections } from '../../src/stores/sqlite/rollup-sections.ts';
import { CUBE } from '../../src/stores/sqlite/rollup-widths.ts';
import { record, START } from './logs-arbitraries.ts';
import { aQuery, aRecord } from './logs-fixtures.ts';

/**
 * What the writer makes of records that it has in hand is what it makes of the rows when it has to read them: blocks to
 * the byte, roll-ups to the count.
 */

const BLOCK_ROWS = 8;

let folders: string[];
let nowMs: number;
beforeEach(() => {
  folders = [];
  nowMs = START;
});
afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-in-hand-'));
  folders.push(folder);
  return folder;
}

function open(folder: string): SqliteLogWriter {
  return new SqliteLogWriter({ folder, now: () => nowMs, onDamage: () => {}, blockRows: BLOCK_ROWS });
}

/** As it comes from the spool. */
function entryOf(change: Partial<LogRecord>): LogEntry {
  const { columns, rest } = flattenRecord(aRecord(change));
  return { columns: JSON.parse(JSON.stringify(columns)) as LogEntry['columns'], rest, bodies: null };
}

function append(writer: SqliteLogWriter, entries: readonly LogEntry[]): void {
  writer.append(entries, { segment: 1, offset: 0, finished: false });
}

function arrange(writer: SqliteLogWriter): void {
  while (writer.arrange(false));
}

const hex = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;

function blocksIn(folder: string): Record<string, string[]> {
  const database = openDatabase(join(folder, 'logs.db'), { readOnly: true });
  const tables = ['blocks', 'block_parts', 'block_loose', 'block_state'];
  const rowsOf = (table: string) =>
    database
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => JSON.stringify(row, hex));
  const found = Object.fromEntries(tables.map((table) => [table, rowsOf(table)]));
  database.close();
  return found;
}

function rollupsIn(folder: string): string[] {
  const database = openDatabase(join(folder, 'logs.db'), { readOnly: true });
  const found: string[] = [];
  for (const row of database.prepare('SELECT * FROM rollup_blocks').all()) {
    const kind = Number(row.kind);
    const bytes = row.groups as Uint8Array;
    for (const block of kind === CUBE ? [bytes] : readSections(bytes, null)) {
      visitBlock(block, KEY_LENGTHS[kind]!, (key, { sums, counts }) => {
        const pairs = counts.map((list) =>
          Object.fromEntries(list.flatMap((bucket, at) => (at % 2 === 0 ? [[bucket, list[at + 1]]] : []))),
        );
        found.push(
          JSON.stringify([
            kind,
            row.width,
            row.gateway_ref,
            row.bucket,
            key,
            [...Object.values(sums)],
            pairs,
          ]),
        );
      });
    }
  }
  database.close();
  return found.sort();
}

/** What no table gives back as it was, and texts and numbers where nobody expects them. */
const oddity = fc.constantFrom<Partial<Record<keyof LogRecord, unknown>>>(
  { model: 'half a \ud83d character' },
  { eventId: '\udc00' },
  { userAgent: 'a\u0000b' },
  { modelRequested: 7 },
  { step: '7' },
  { durationMs: 5e300 },
  { metadata: null },
);
const odd = fc.oneof({ weight: 30, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddity });
const lot = fc.array(fc.tuple(record, odd), { minLength: BLOCK_ROWS, maxLength: 3 * BLOCK_ROWS });
const batches = fc.array(lot, { minLength: 1, maxLength: 6 });

test('blocks are the same to the byte, made of rows in hand or of rows that were read', () => {
  let blocks = 0;
  fc.assert(
    fc.property(batches, (lots) => {
      const [kept, read] = [newFolder(), newFolder()];
      const writer = open(kept);
      for (const lot of lots) {
        const entries = lot.map(([change, odds]) => entryOf({ ...change, ...odds } as Partial<LogRecord>));
        append(writer, entries);
        arrange(writer);
        const other = open(read);
        append(other, entries);
        other.close();
        // This one has nothing in hand.
        const reader = open(read);
        arrange(reader);
        reader.close();
      }
      writer.close();
      expect(blocksIn(kept)).toEqual(blocksIn(read));
      blocks += blocksIn(kept).blocks!.length;
    }),
    { numRuns: 40 },
  );
  // Every run makes one at least.
  expect(blocks).toBeGreaterThanOrEqual(40);
}, 120_000);

/** Writes to the table past the writer, and says what the first block has. */
function modelsOfFirstBlock(folder: string, writer: SqliteLogWriter): 'as taken' | 'as in the table' {
  const database = openDatabase(join(folder, 'logs.db'));
  database.exec("UPDATE records SET model = 'behind its back'");
  arrange(writer);
  const summary = database.prepare('SELECT summary FROM blocks').get()!.summary as Uint8Array;
  database.close();
  return Buffer.from(summary).includes('behind its back') ? 'as in the table' : 'as taken';
}

const entries = (count: number): LogEntry[] => Array.from({ length: count }, () => entryOf({}));

test('rows that are in hand are not read again', () => {
  const folder = newFolder();
  const writer = open(folder);
  append(writer, entries(BLOCK_ROWS + 3));
  expect(modelsOfFirstBlock(folder, writer)).toBe('as taken');
  writer.close();
});

test('rows that came after the last block are in hand again after it was made', () => {
  const folder = newFolder();
  const writer = open(folder);
  append(writer, entries(BLOCK_ROWS + 3));
  arrange(writer);
  const database = openDatabase(join(folder, 'logs.db'));
  database.exec('DELETE FROM blocks');
  database.close();
  append(writer, entries(BLOCK_ROWS - 3));
  expect(modelsOfFirstBlock(folder, writer)).toBe('as taken');
  writer.close();
});

test.each<[string, (writer: SqliteLogWriter, folder: string) => void]>([
  ['a row was changed', (writer) => writer.patch('local', 'main', 'changed', { score: 0.5 })],
  ['a row was deleted', (writer) => writer.delete(anyOf('changed'))()],
  ['a transaction failed', (writer, folder) => failToAppend(writer, folder)],
  ['a value is stored as another', (writer) => append(writer, [entryWith('modelRequested', 7)])],
  ['their texts are long', (writer) => append(writer, [entryOf({ errorMessage: 'x'.repeat(4_000_001) })])],
])('rows are read again after %s', (_, happen) => {
  const folder = newFolder();
  const writer = open(folder);
  append(writer, [entryOf({ id: 'changed' })]);
  happen(writer, folder);
  append(writer, entries(BLOCK_ROWS));
  expect(modelsOfFirstBlock(folder, writer)).toBe('as in the table');
  writer.close();
});

function anyOf(id: string): Parameters<SqliteLogWriter['delete']>[0] {
  const filters = [{ key: 'id', operator: 'eq' as const, value: [id] }];
  return { ...aQuery({ filters }), limit: null };
}

function entryWith(column: keyof typeof COLUMN, value: string | number): LogEntry {
  const entry = entryOf({});
  return { ...entry, columns: entry.columns.with(COLUMN[column], value) };
}

function failToAppend(writer: SqliteLogWriter, folder: string): void {
  const holder = openDatabase(join(folder, 'logs.db'));
  // Fails with the last row of the batch, when those before it are in hand.
  holder.exec(`CREATE TRIGGER refuse BEFORE INSERT ON records WHEN new.id = 'refused'
    BEGIN SELECT RAISE(ROLLBACK, 'refused'); END`);
  expect(() => append(writer, [entryOf({}), entryOf({ id: 'refused' })])).toThrow();
  holder.exec('DROP TRIGGER refuse');
  holder.close();
}

test('records that are alike add up to what they do when each comes alone', () => {
  const text = fc.constantFrom(
    'a',
    'b',
    'a\u0000',
    '\ud800',
    `${'long'.repeat(64)}1`,
    `${'long'.repeat(64)}2`,
  );
  const metadata = fc.option(fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.constantFrom(1, 1.5))), {
    nil: null,
  });
  const change = fc.record({
    model: fc.option(text, { nil: null }),
    path: text,
    userAgent: fc.option(text, { nil: null }),
    errorType: fc.option(text, { nil: null }),
    statusCode: fc.constantFrom(200, 299, 500),
    success: fc.boolean(),
    cached: fc.boolean(),
    costNanos: fc.option(fc.nat(1e9), { nil: null }),
    durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    firstByteMs: fc.option(fc.nat(1000), { nil: null }),
    metadata,
  });
  // A few different ones, again and again.
  const own = fc.record({
    createdAt: fc.integer({ min: 0, max: 3 }).map((minute) => START + minute * 59_000),
    gateway: fc.constantFrom('one', 'two'),
    savedMs: fc.nat(1e6),
  });
  const lots = fc
    .array(change, { minLength: 1, maxLength: 6 })
    .chain((few) => fc.array(fc.tuple(fc.constantFrom(...few), own), { minLength: 1, maxLength: 60 }));
  fc.assert(
    fc.property(lots, (records) => {
      const all = records.map(([same, other]) => entryOf({ ...same, ...other }));
      const [together, alone] = [newFolder(), newFolder()];
      const one = open(together);
      append(one, all);
      nowMs += 5000;
      arrange(one);
      one.close();
      for (const entry of all) {
        const other = open(alone);
        append(other, [entry]);
        other.close();
      }
      open(alone).close();
      expect(rollupsIn(together)).toEqual(rollupsIn(alone));
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('what a failed transaction added to records that are alike is not counted, and what was before it is', () => {
  const [failed, whole] = [newFolder(), newFolder()];
  const all = entries(3);
  const one = open(failed);
  append(one, all.slice(0, 1));
  append(one, all.slice(1, 2));
  failToAppend(one, failed);
  append(one, all.slice(2));
  const other = open(whole);
  append(other, all);
  nowMs += 5000;
  for (const writer of [one, other]) {
    arrange(writer);
    writer.close();
  }
  expect(rollupsIn(failed)).toEqual(rollupsIn(whole));
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flattenRecord } from '../../src/core/stores/log-columns.ts';
import type { LogPosition, LogQuery } from '../../src/core/stores/logs.ts';
import { type Database, openDatabase } from '../../src/stores/sqlite/database.ts';
import {
  lowerOrder,
  lowerPosition,
  lowerSelection,
  orderColumn,
} from '../../src/stores/sqlite/logs-filter.ts';
import { SqliteLogReader } from '../../src/stores/sqlite/logs-reader.ts';
import { SqliteLogWriter } from '../../src/stores/sqlite/logs-writer.ts';
import { scanRows } from '../../src/stores/sqlite/scan.ts';
import { query, START, type Step, step } from './logs-arbitraries.ts';
import { aQuery, aRecord } from './logs-fixtures.ts';

const BLOCK_ROWS = 8;

/** The same question to the table itself. */
function ask(
  database: Database,
  { filters, search, from, to, orderBy, direction, limit, offset }: LogQuery,
  after: LogPosition | null,
) {
  const condition = lowerSelection({ filters, search, from, to }) ?? { sql: '1', values: [] };
  const ref = database.prepare("SELECT ref FROM gateways WHERE gateway = 'main'").get()?.ref ?? 0;
  const place = after === null ? { sql: '1', values: [] } : lowerPosition(orderBy, direction, after);
  const where = `gateway_ref = ? AND ${condition.sql}`;
  const rows = database
    .prepare(
      `SELECT id, ${orderColumn(orderBy)} AS place FROM records WHERE ${where} AND ${place.sql} ORDER BY ${lowerOrder(orderBy, direction)} LIMIT ? OFFSET ?`,
    )
    .all(ref, ...condition.values, ...place.values, limit, offset);
  const ranges = database
    .prepare(
      `SELECT count(*) AS total, min(cost_nanos) AS a, max(cost_nanos) AS b, min(duration_ms) AS c, max(duration_ms) AS d FROM records WHERE ${where}`,
    )
    .get(ref, ...condition.values)!;
  return { ids: rows.map((row) => row.id), ranges: { ...ranges } };
}

test('blocks answer every question as the table does, whatever was changed and deleted meanwhile', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(query, { minLength: 1, maxLength: 12 }),
      (steps, queries) => {
        const folder = mkdtempSync(join(tmpdir(), 'tidegate-blocks-'));
        const writer = new SqliteLogWriter({
          folder,
          now: () => START,
          onDamage: () => {},
          blockRows: BLOCK_ROWS,
        });
        const reader = new SqliteLogReader({ folder });
        const ids: string[] = [];
        try {
          for (const one of steps) {
            carryOut(writer, folder, one, ids);
            // Between the steps too, so that what the reader remembers of blocks is put to the test.
            compare(reader, folder, aQuery({ ...queries[0]!, after: null }));
          }
          for (const one of queries) compare(reader, folder, aQuery({ ...one, after: null }));
        } finally {
          reader.close();
          writer.close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

function count(folder: string, filters: LogQuery['filters']): number {
  const database = openDatabase(join(folder, 'logs.db'), { readOnly: true });
  try {
    return Number(ask(database, aQuery({ filters }), null).ranges.total);
  } finally {
    database.close();
  }
}

function carryOut(writer: SqliteLogWriter, folder: string, step: Step, ids: string[]): void {
  switch (step.kind) {
    case 'append': {
      const made = step.records.map((change) => aRecord(change));
      for (const { id } of made) ids.push(id);
      writer.append(
        made.map((one) => ({ ...flattenRecord(one), bodies: null })),
        { segment: 1, offset: 0, finished: false },
      );
      return;
    }
    case 'patch':
      writer.patch('local', 'main', ids[step.at] ?? '', step.change);
      return;
    case 'delete': {
      const after = { key: 'created_at', operator: 'gt' as const, value: [START + step.at] };
      const selection = { ...aQuery({ filters: [after, ...step.filters] }), limit: step.limit || null };
      const expected = Math.min(
        selection.limit ?? Number.POSITIVE_INFINITY,
        count(folder, selection.filters),
      );
      const next = writer.delete(selection);
      let removed = 0;
      for (let chunk = next(); chunk > 0; chunk = next()) removed += chunk;
      expect(removed, JSON.stringify(selection)).toBe(expected);
      return;
    }
    case 'arrange':
      while (writer.arrange(false));
      return;
  }
}

function compare(reader: SqliteLogReader, folder: string, query: LogQuery): void {
  const database = openDatabase(join(folder, 'logs.db'), { readOnly: true });
  try {
    const page = reader.list(query);
    const expected = ask(database, query, null);
    expect({ ids: page.rows.map((row) => row.id), total: page.totalCount }, JSON.stringify(query)).toEqual({
      ids: expected.ids,
      total: expected.ranges.total,
    });
    if (page.ranges !== null) {
      const { a, b, c, d } = expected.ranges;
      expect(page.ranges).toMatchObject({ cost: [a, b], duration: [c, d] });
    }
    expect(scanned(database, query), `scan ${JSON.stringify(query)}`).toEqual(summed(database, query));
    if (page.next === null) return;
    const second = reader.list({ ...query, after: page.next, offset: 0 });
    const following = ask(database, { ...query, offset: 0 }, page.next);
    expect(
      second.rows.map((row) => row.id),
      `after ${JSON.stringify(query)}`,
    ).toEqual(following.ids);
  } finally {
    database.close();
  }
}

const MEASURED = ['id', 'model', 'costNanos', 'durationMs', 'metadata'] as const;

/** What a scan says of every row, sorted. */
function scanned(database: Database, { filters, search, from, to }: LogQuery): string[] {
  const ref = Number(database.prepare("SELECT ref FROM gateways WHERE gateway = 'main'").get()?.ref ?? 0);
  const rows: string[] = [];
  scanRows(database, { gatewayRefs: [ref], from, to, filters, search }, MEASURED, (slice) => {
    const ids = slice.texts('id');
    const models = slice.texts('model');
    const users = slice.metadataValues('user');
    const { starts, codes, entries } = slice.metadata();
    const cost = slice.numbers('costNanos');
    const duration = slice.numbers('durationMs');
    for (const at of slice.matches) {
      const own = [...codes.subarray(starts[at]!, starts[at + 1]!)].map((code) => entries[code]!);
      rows.push(
        JSON.stringify([
          ids.texts[ids.codes[at]!],
          models.texts[models.codes[at]!],
          Number.isNaN(cost[at]) ? null : cost[at],
          duration[at],
          users.texts[users.codes[at]!],
          own.sort(),
        ]),
      );
    }
  });
  return rows.sort();
}

function summed(database: Database, { filters, search, from, to }: LogQuery): string[] {
  const condition = lowerSelection({ filters, search, from, to }) ?? { sql: '1', values: [] };
  const ref = Number(database.prepare("SELECT ref FROM gateways WHERE gateway = 'main'").get()?.ref ?? 0);
  return database
    .prepare(`SELECT * FROM records WHERE gateway_ref = ? AND ${condition.sql}`)
    .all(ref, ...condition.values)
    .map((row) => {
      const metadata = JSON.parse(String(row.metadata ?? '{}')) as Record<string, string | number | boolean>;
      const user = Object.hasOwn(metadata, 'user') ? String(metadata.user) : null;
      const entries = Object.entries(metadata).sort();
      return JSON.stringify([row.id, row.model, row.cost_nanos, row.duration_ms, user, entries]);
    })
    .sort();
}

import type { TailQuery } from '../../core/stores/log-tail.ts';
import type { Database, Row } from './database.ts';
import { lowerSelection } from './logs-filter.ts';

export interface TailRows {
  /** In the order in which they came to the store. */
  readonly rows: readonly Row[];
  readonly skipped: number;
  readonly last: number;
}

export function lastSeq(database: Database): number {
  return Number(database.prepare('SELECT max(seq) AS seq FROM records').get()?.seq ?? 0);
}

/** The newest rows after a place, and how many more there were. Only what is new is read, whatever the filters. */
export function tailRows(
  database: Database,
  query: TailQuery,
  columns: string,
  texts: { readonly matches: (gatewayRef: number) => readonly number[]; readonly readThrough: number | null },
): TailRows {
  const newest = lastSeq(database);
  const gateway = database
    .prepare('SELECT ref FROM gateways WHERE account = ? AND gateway = ?')
    .get(query.account, query.gateway);
  // After the newest rows were deleted their numbers are given out again.
  if (query.after === null || gateway === undefined || query.after > newest)
    return { rows: [], skipped: 0, last: newest };
  const ref = Number(gateway.ref);
  const last =
    texts.readThrough === null ? newest : settledSeq(database, ref, query, texts.readThrough, newest);
  if (last <= query.after) return { rows: [], skipped: 0, last: query.after };
  const condition = lowerSelection({ ...query, from: null, to: null }, texts.matches(ref));
  const where = `seq > ? AND seq <= ? AND gateway_ref = ?${condition === null ? '' : ` AND ${condition.sql}`}`;
  const values = [query.after, last, ref, ...(condition?.values ?? [])];
  const rows = database
    .prepare(`SELECT ${columns} FROM records WHERE ${where} ORDER BY seq DESC LIMIT ?`)
    .all(...values, query.limit + 1);
  if (rows.length <= query.limit) return { rows: rows.reverse(), skipped: 0, last };
  const total = Number(
    database.prepare(`SELECT count(*) AS total FROM records WHERE ${where}`).get(...values)?.total,
  );
  return { rows: rows.slice(0, query.limit).reverse(), skipped: total - query.limit, last };
}

/** Up to which row the texts have been read, or need not be waited for. */
function settledSeq(
  database: Database,
  gatewayRef: number,
  query: TailQuery,
  readThrough: number,
  newest: number,
): number {
  const waiting = database
    .prepare(
      `SELECT min(seq) AS seq FROM records WHERE seq > ? AND gateway_ref = ? AND segment IS NOT NULL
         AND created_at + duration_ms > ?`,
    )
    .get(Math.max(query.after ?? 0, readThrough), gatewayRef, query.textsAwaitedSince)?.seq;
  return waiting === null || waiting === undefined ? newest : Number(waiting) - 1;
}

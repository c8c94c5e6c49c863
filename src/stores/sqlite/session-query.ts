import type { SessionPage, SessionQuery, SessionRow } from '../../core/stores/analytics.ts';
import type { Database, Row, Value } from './database.ts';

const ORDERS: Readonly<Record<SessionQuery['orderBy'], string>> = {
  last_at: 'last_at',
  started_at: 'started_at',
  cost: 'cost_nanos',
  requests: 'requests',
  errors: 'errors',
};

/** Sessions that had a request or were open between two within the time. */
export function listSessions(database: Database, query: SessionQuery): SessionPage {
  const column = Object.hasOwn(ORDERS, query.orderBy) ? ORDERS[query.orderBy] : undefined;
  if (column === undefined) throw new RangeError(`sessions cannot be ordered by '${query.orderBy}'`);
  const direction = query.direction === 'asc' ? 'ASC' : 'DESC';
  const ref = refOf(database, query.account, query.gateway);
  if (ref === null) return { rows: [], totalCount: 0 };
  const values: Value[] = [ref, query.from, query.to];
  let where = 'gateway_ref = ? AND last_at >= ? AND started_at < ?';
  if (query.search !== null && query.search !== '') {
    // SQLite ends a pattern at a NUL, and no stored text has one.
    const pattern = query.search.includes('\u0000') ? null : `%${query.search.replace(/[\\%_]/g, '\\$&')}%`;
    const tests = ['id', 'user_agent', 'user_id'].map((name) => `${name} LIKE ? ESCAPE '\\'`);
    where += ` AND (${tests.join(' OR ')})`;
    values.push(pattern, pattern, pattern);
  }
  const rows = database
    .prepare(
      `SELECT * FROM sessions WHERE ${where} ORDER BY ${column} ${direction}, id ${direction} LIMIT ? OFFSET ?`,
    )
    .all(...values, query.limit, query.offset);
  const total = database.prepare(`SELECT count(*) AS total FROM sessions WHERE ${where}`).get(...values);
  return { rows: rows.map((row) => sessionOf(query.gateway, row)), totalCount: Number(total?.total) };
}

export function findSession(
  database: Database,
  account: string,
  gateway: string,
  id: string,
): SessionRow | null {
  const ref = refOf(database, account, gateway);
  if (ref === null) return null;
  const row = database.prepare('SELECT * FROM sessions WHERE gateway_ref = ? AND id = ?').get(ref, id);
  return row === undefined ? null : sessionOf(gateway, row);
}

function refOf(database: Database, account: string, gateway: string): number | null {
  const row = database
    .prepare('SELECT ref FROM gateways WHERE account = ? AND gateway = ?')
    .get(account, gateway);
  return row === undefined ? null : Number(row.ref);
}

function sessionOf(gateway: string, row: Row): SessionRow {
  return {
    id: String(row.id),
    gateway,
    startedAt: Number(row.started_at),
    lastAt: Number(row.last_at),
    endedAt: Number(row.ended_at),
    requests: Number(row.requests),
    errors: Number(row.errors),
    cachedRequests: Number(row.cached_requests),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    costNanos: Number(row.cost_nanos),
    savedNanos: Number(row.saved_nanos),
    userAgent: row.user_agent as string | null,
    userId: row.user_id as string | null,
    model: row.model as string | null,
    firstRecord: String(row.first_record),
    repeats: Number(row.repeats),
    mostRepeats: Number(row.most_repeats),
  };
}

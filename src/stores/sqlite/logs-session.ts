import type { LogRow } from '../../core/stores/logs.ts';
import type { Database } from './database.ts';

/** Agents run more than one conversation in a session; one of the last few is the one that goes on. */
const MOST_REQUESTS = 4;
/** A session that has been silent for longer, in requests of its gateway, counts as begun anew. */
const LOOKED_AT_ROWS = 5000;

/** Ids of the answered requests of the row's session that came right before it to the same path, latest first. */
export function earlierInSession(database: Database, row: LogRow): string[] {
  if (row.sessionId === null) return [];
  return database
    .prepare(
      `SELECT id FROM (
         SELECT id, session_id, path, success, request_length FROM records
         WHERE gateway_ref = (SELECT ref FROM gateways WHERE account = ? AND gateway = ?)
           AND created_at <= ? AND (created_at < ? OR id < ?)
         ORDER BY created_at DESC LIMIT ${LOOKED_AT_ROWS})
       WHERE session_id = ? AND path = ? AND success = 1 AND request_length > 0 LIMIT ${MOST_REQUESTS}`,
    )
    .all(row.account, row.gateway, row.createdAt, row.createdAt, row.id, row.sessionId, row.path)
    .map(({ id }) => String(id));
}

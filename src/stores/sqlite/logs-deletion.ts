import type { LogSelection } from '../../core/stores/log-writer.ts';
import type { Database, Row } from './database.ts';
import { lowerOrder, lowerSelection } from './logs-filter.ts';
import type { GatewayTable } from './logs-gateways.ts';
import { removeRows } from './logs-remove.ts';
import type { SegmentTable } from './logs-segments.ts';

/** Rows per transaction: new records wait no longer than for one of these. */
const CHUNK_ROWS = 500;

/** Deletions by filter, in chunks between which records are taken over. */
export class LogDeletion {
  readonly #database: Database;
  readonly #gateways: GatewayTable;
  readonly #segments: SegmentTable;

  constructor(database: Database, gateways: GatewayTable, segments: SegmentTable) {
    this.#database = database;
    this.#gateways = gateways;
    this.#segments = segments;
  }

  begin(selection: LogSelection): () => number {
    // Said now and not halfway through.
    const order = lowerOrder(selection.orderBy, selection.direction);
    const condition = lowerSelection(selection);
    const gateway = this.#gateways.known(selection.account, selection.gateway);
    if (gateway === null) return () => 0;
    const where = `gateway_ref = ?${condition === null ? '' : ` AND ${condition.sql}`}`;
    const values = [gateway.ref, ...(condition?.values ?? [])];

    if (selection.limit !== null) {
      const chosen = this.#database
        .prepare(`SELECT seq, segment FROM records WHERE ${where} ORDER BY ${order} LIMIT ?`)
        .all(...values, selection.limit);
      return () => this.#remove(gateway.ref, chosen.splice(0, CHUNK_ROWS));
    }

    // The rows that are there now, in the order of arrival, each looked at once however few of them match.
    const last = Number(this.#database.prepare('SELECT max(seq) AS seq FROM records').get()?.seq ?? 0);
    const next = this.#database.prepare(
      `SELECT seq, segment FROM records WHERE seq > ? AND seq <= ? AND ${where} ORDER BY seq LIMIT ${CHUNK_ROWS}`,
    );
    let from = 0;
    return () => {
      const chosen = next.all(from, last, ...values);
      from = Number(chosen.at(-1)?.seq ?? last);
      return this.#remove(gateway.ref, chosen);
    };
  }

  #remove(ref: number, rows: readonly Row[]): number {
    return removeRows(this.#database, this.#gateways, this.#segments, ref, rows, true);
  }
}

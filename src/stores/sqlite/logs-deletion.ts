import type { LogSelection } from '../../core/stores/log-writer.ts';
import type { Database, Row } from './database.ts';
import { lowerOrder, lowerSelection } from './logs-filter.ts';
import type { GatewayTable } from './logs-gateways.ts';
import { removeRows } from './logs-remove.ts';
import type { SegmentTable } from './logs-segments.ts';

/** Rows per transaction: new records wait no longer than for one of these. */
const CHUNK_ROWS = 500;
const LOT_ROWS = 20_000;

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

    let lot: Row[] = [];
    let choose: () => Row[];
    if (selection.limit !== null) {
      lot = this.#database
        .prepare(`SELECT seq, segment FROM records WHERE ${where} ORDER BY ${order} LIMIT ?`)
        .all(...values, selection.limit)
        .reverse();
      choose = () => [];
    } else {
      // Only the rows that are there now. Chosen in lots: few enough to hold, many enough that what does not match is
      // not read again and again. Without an order, so that every index can be used.
      const last = Number(this.#database.prepare('SELECT max(seq) AS seq FROM records').get()?.seq ?? 0);
      const statement = this.#database.prepare(
        `SELECT seq, segment FROM records WHERE ${where} AND seq <= ? LIMIT ${LOT_ROWS}`,
      );
      choose = () => statement.all(...values, last);
    }
    return () => {
      for (;;) {
        if (lot.length === 0) lot = choose();
        if (lot.length === 0) return 0;
        // None is left of a chunk when retention was faster; that is not the end.
        const removed = this.#remove(gateway.ref, lot.splice(-CHUNK_ROWS));
        if (removed > 0) return removed;
      }
    };
  }

  #remove(ref: number, rows: readonly Row[]): number {
    return removeRows(this.#database, this.#gateways, this.#segments, ref, rows, true);
  }
}

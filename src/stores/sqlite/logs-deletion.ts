import type { LogSelection } from '../../core/stores/log-writer.ts';
import type { Row } from './database.ts';
import { chooseRows } from './logs-choose.ts';
import { lowerOrder, lowerSelection } from './logs-filter.ts';
import { type RowTables, removeRows } from './logs-remove.ts';

/** Rows per transaction: new records wait no longer than for one of these. */
const CHUNK_ROWS = 500;

/** Deletions by filter, in chunks between which records are taken over. */
export class LogDeletion {
  readonly #tables: RowTables;

  constructor(tables: RowTables) {
    this.#tables = tables;
  }

  begin(selection: LogSelection): () => number {
    // Said now and not halfway through.
    const order = lowerOrder(selection.orderBy, selection.direction);
    const condition = lowerSelection(selection);
    const gateway = this.#tables.gateways.known(selection.account, selection.gateway);
    if (gateway === null) return () => 0;
    const where = `gateway_ref = ?${condition === null ? '' : ` AND ${condition.sql}`}`;
    const values = [gateway.ref, ...(condition?.values ?? [])];

    let lot: Row[] = [];
    let choose: () => Row[];
    if (selection.limit !== null) {
      lot = this.#tables.database
        .prepare(`SELECT seq, segment FROM records WHERE ${where} ORDER BY ${order} LIMIT ?`)
        .all(...values, selection.limit)
        .reverse();
      choose = () => [];
    } else {
      choose = chooseRows(this.#tables.database, gateway.ref, selection);
    }
    return () => {
      for (;;) {
        if (lot.length === 0) lot = choose();
        if (lot.length === 0) {
          return selection.withFigures ? this.#tables.rollups.forgetGateway(gateway.ref) : 0;
        }
        // None is left of a chunk when retention was faster; that is not the end.
        const removed = removeRows(this.#tables, gateway.ref, lot.splice(-CHUNK_ROWS), true);
        if (removed > 0) return removed;
      }
    };
  }
}

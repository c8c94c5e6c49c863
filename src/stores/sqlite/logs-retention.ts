import type { Row, Statement } from './database.ts';
import type { GatewayRows } from './logs-gateways.ts';
import { type RowTables, removeRows } from './logs-remove.ts';

const CHUNK_ROWS = 1000;
const DAY_MS = 86_400_000;

/** Removes what policies no longer allow, oldest first. The roll-ups stay. */
export class LogRetention {
  readonly #tables: RowTables;
  readonly #oldest: Statement;
  readonly #older: Statement;

  constructor(tables: RowTables) {
    this.#tables = tables;
    this.#oldest = tables.database.prepare(
      'SELECT seq, segment FROM records WHERE gateway_ref = ? ORDER BY created_at, seq LIMIT ?',
    );
    this.#older = tables.database.prepare(
      'SELECT seq, segment FROM records WHERE gateway_ref = ? AND created_at < ? ORDER BY created_at, seq LIMIT ?',
    );
  }

  /** One chunk; 0 when nothing is left to remove. */
  step(nowMs: number): number {
    for (const gateway of this.#tables.gateways.all()) {
      const rows = this.#outdated(gateway, nowMs);
      if (rows.length > 0) {
        return removeRows(this.#tables, gateway.ref, rows, false);
      }
    }
    return 0;
  }

  #outdated(gateway: GatewayRows, nowMs: number): Row[] {
    const excess = gateway.excess();
    if (excess > 0) return this.#oldest.all(gateway.ref, Math.min(excess, CHUNK_ROWS));
    const days = gateway.policy?.maxAgeDays ?? null;
    if (days === null) return [];
    return this.#older.all(gateway.ref, nowMs - days * DAY_MS, CHUNK_ROWS);
  }
}

import type { Database, Row, Statement } from './database.ts';
import type { GatewayRows, GatewayTable } from './logs-gateways.ts';
import { removeRows } from './logs-remove.ts';
import type { SegmentTable } from './logs-segments.ts';

const CHUNK_ROWS = 1000;
const DAY_MS = 86_400_000;

/** Removes what policies no longer allow, oldest first. The roll-ups stay. */
export class LogRetention {
  readonly #database: Database;
  readonly #gateways: GatewayTable;
  readonly #segments: SegmentTable;
  readonly #oldest: Statement;
  readonly #older: Statement;

  constructor(database: Database, gateways: GatewayTable, segments: SegmentTable) {
    this.#database = database;
    this.#gateways = gateways;
    this.#segments = segments;
    this.#oldest = database.prepare(
      'SELECT seq, segment FROM records WHERE gateway_ref = ? ORDER BY created_at, seq LIMIT ?',
    );
    this.#older = database.prepare(
      'SELECT seq, segment FROM records WHERE gateway_ref = ? AND created_at < ? ORDER BY created_at, seq LIMIT ?',
    );
  }

  /** One chunk; 0 when nothing is left to remove. */
  step(nowMs: number): number {
    for (const gateway of this.#gateways.all()) {
      const rows = this.#outdated(gateway, nowMs);
      if (rows.length > 0) {
        return removeRows(this.#database, this.#gateways, this.#segments, gateway.ref, rows, false);
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

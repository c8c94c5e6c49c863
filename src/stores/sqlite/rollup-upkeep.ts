import type { Row, Statement } from './database.ts';
import { BlockGroups } from './rollup-groups.ts';
import type { BlockPlace, RollupTables } from './rollup-tables.ts';
import { BLOCK_KINDS, type BlockKind, beginOf, DAY_MS, KEPT_DAYS, WIDTHS_MS } from './rollup-widths.ts';

const PRUNE_BLOCKS = 200;
/** The horizon is moved so far at a time at most: what it leaves behind is gone before it moves on. */
const PRUNE_EVERY_MS = 3_600_000;

/** Keeps roll-ups in order behind the records: makes wide blocks of narrow ones and removes what is no longer kept. */
export class RollupUpkeep {
  readonly #tables: RollupTables;
  readonly #due: Statement;
  readonly #staleWithin: Statement;
  readonly #blocksWithin: Statement;
  readonly #oldestStale: Statement;
  readonly #gateways: Statement;
  readonly #outdated: Statement;
  #pruneAt = 0;

  constructor(tables: RollupTables) {
    const { database } = tables;
    this.#tables = tables;
    const within = 'kind = ? AND width = ? AND gateway_ref = ? AND bucket >= ? AND bucket < ?';
    this.#due = database.prepare('SELECT * FROM rollup_stale WHERE due <= ? ORDER BY width LIMIT 1');
    this.#staleWithin = database.prepare(`SELECT * FROM rollup_stale WHERE ${within}`);
    this.#blocksWithin = database.prepare(`SELECT groups FROM rollup_blocks WHERE ${within}`);
    this.#oldestStale = database.prepare('SELECT min(bucket) AS bucket FROM rollup_stale WHERE kind = ?');
    this.#gateways = database.prepare('SELECT ref FROM gateways');
    // Without the figures, and of one gateway: nothing that is kept is read on the way.
    this.#outdated = database.prepare(
      `SELECT kind, width, gateway_ref, bucket FROM rollup_blocks
       WHERE kind = ? AND width = ? AND gateway_ref = ? AND bucket < ? LIMIT ?`,
    );
  }

  /** False when nothing is to be done now. */
  step(nowMs: number): boolean {
    const due = this.#due.get(nowMs);
    if (due !== undefined) {
      this.#tables.database.transaction(() => this.#make(placeOf(due)));
      return true;
    }
    if (nowMs < this.#pruneAt) return false;
    const pruned = this.#tables.database.transaction(() => this.#prune(nowMs) > 0);
    if (!pruned) this.#pruneAt = nowMs + PRUNE_EVERY_MS;
    return pruned;
  }

  /** Removes some blocks; 0 when there are none left. */
  forgetGateway(gatewayRef: number): number {
    const { database } = this.#tables;
    const find = database.prepare(
      'SELECT * FROM rollup_blocks WHERE kind = ? AND width = ? AND gateway_ref = ? LIMIT ?',
    );
    for (const kind of BLOCK_KINDS) {
      for (let width = 0; width < WIDTHS_MS.length; width++) {
        const rows = find.all(kind, width, gatewayRef, PRUNE_BLOCKS);
        for (const row of rows) this.#tables.remove(placeOf(row));
        if (rows.length > 0) return rows.length;
      }
    }
    for (const row of database.prepare('SELECT * FROM rollup_stale WHERE gateway_ref = ?').all(gatewayRef)) {
      this.#tables.unmark(placeOf(row));
    }
    for (const table of ['refused_records', 'sessions', 'rollups_before']) {
      database.prepare(`DELETE FROM ${table} WHERE gateway_ref = ?`).run(gatewayRef);
    }
    return 0;
  }

  #make(place: BlockPlace): void {
    const { kind, width, gatewayRef, bucket } = place;
    const within = [kind, width - 1, gatewayRef, bucket, bucket + WIDTHS_MS[width]!] as const;
    for (const row of this.#staleWithin.all(...within)) this.#make(placeOf(row));
    const groups = new BlockGroups(kind, width);
    for (const row of this.#blocksWithin.all(...within)) groups.merge(row.groups as Uint8Array);
    if (groups.size === 0) this.#tables.remove(place);
    else this.#tables.put(place, groups.encode());
    this.#tables.unmark(place);
  }

  #prune(nowMs: number): number {
    for (const kind of BLOCK_KINDS) {
      for (let width = 0; width < WIDTHS_MS.length; width++) {
        const days = KEPT_DAYS[kind]![width]!;
        if (days === null) continue;
        const removed = this.#pruneBefore(kind, width, beginOf(nowMs, WIDTHS_MS.length - 1) - days * DAY_MS);
        if (removed > 0) return removed;
      }
    }
    return 0;
  }

  #pruneBefore(kind: BlockKind, width: number, time: number): number {
    // What is wider must have been made of it first.
    const stale = this.#oldestStale.get(kind)?.bucket ?? null;
    const before = stale === null ? time : Math.min(time, Number(stale));
    const keptFrom = beginOf(before, WIDTHS_MS.length - 1);
    if (keptFrom > this.#tables.keptFrom(kind, width)) this.#tables.setKeptFrom(kind, width, keptFrom);
    for (const { ref } of this.#gateways.all()) {
      const rows = this.#outdated.all(kind, width, ref!, keptFrom, PRUNE_BLOCKS);
      for (const row of rows) this.#tables.remove(placeOf(row));
      if (rows.length > 0) return rows.length;
    }
    return 0;
  }
}

function placeOf(row: Row): BlockPlace {
  return {
    kind: Number(row.kind) as BlockKind,
    width: Number(row.width),
    gatewayRef: Number(row.gateway_ref),
    bucket: Number(row.bucket),
  };
}

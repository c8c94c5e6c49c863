import type { Database, Statement } from './database.ts';
import { type BlockKind, beginOf, WIDTHS_MS } from './rollup-widths.ts';

/** A bucket is made anew some minutes after its end: most that comes late has come by then. */
const SETTLE_MS = 5 * 60_000;
/** And no more often than this, however much comes late. */
const AGAIN_MS = 60_000;

export interface BlockPlace {
  readonly kind: BlockKind;
  readonly width: number;
  readonly gatewayRef: number;
  readonly bucket: number;
}

/** The statements over the tables of the roll-ups, for the writer. All within a transaction of the caller's. */
export class RollupTables {
  readonly #find: Statement;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #mark: Statement;
  readonly #unmark: Statement;
  readonly #readThrough: Statement;
  readonly #setThrough: Statement;
  readonly #marked = new Set<string>();
  #horizons: readonly (readonly number[])[] | null = null;
  readonly database: Database;

  constructor(database: Database) {
    this.database = database;
    const place = 'kind = ? AND width = ? AND gateway_ref = ? AND bucket = ?';
    this.#find = database.prepare(`SELECT groups FROM rollup_blocks WHERE ${place}`);
    this.#put = database.prepare('INSERT OR REPLACE INTO rollup_blocks VALUES (?, ?, ?, ?, ?)');
    this.#remove = database.prepare(`DELETE FROM rollup_blocks WHERE ${place}`);
    this.#mark = database.prepare('INSERT OR IGNORE INTO rollup_stale VALUES (?, ?, ?, ?, ?)');
    this.#unmark = database.prepare(`DELETE FROM rollup_stale WHERE ${place}`);
    this.#readThrough = database.prepare('SELECT through_seq FROM rollup_progress');
    this.#setThrough = database.prepare('UPDATE rollup_progress SET through_seq = ?');
  }

  find({ kind, width, gatewayRef, bucket }: BlockPlace): Uint8Array | null {
    const row = this.#find.get(kind, width, gatewayRef, bucket);
    return row === undefined ? null : (row.groups as Uint8Array);
  }

  put({ kind, width, gatewayRef, bucket }: BlockPlace, groups: Uint8Array): void {
    this.#put.run(kind, width, gatewayRef, bucket, groups);
  }

  remove({ kind, width, gatewayRef, bucket }: BlockPlace): void {
    this.#remove.run(kind, width, gatewayRef, bucket);
  }

  /** The wider blocks that contain this one no longer say the truth. */
  markWider({ kind, width, gatewayRef, bucket }: BlockPlace, nowMs: number): void {
    for (let wider = width + 1; wider < WIDTHS_MS.length; wider++) {
      const begin = beginOf(bucket, wider);
      const name = `${kind} ${wider} ${gatewayRef} ${begin}`;
      if (this.#marked.has(name)) continue;
      const due = Math.max(begin + WIDTHS_MS[wider]! + SETTLE_MS, nowMs + AGAIN_MS);
      this.#mark.run(kind, wider, gatewayRef, begin, due);
      this.#marked.add(name);
    }
  }

  unmark({ kind, width, gatewayRef, bucket }: BlockPlace): void {
    this.#unmark.run(kind, width, gatewayRef, bucket);
    this.#marked.delete(`${kind} ${width} ${gatewayRef} ${bucket}`);
  }

  /** From when on blocks are kept; those from before are gone or about to be. */
  keptFrom(kind: BlockKind, width: number): number {
    this.#horizons ??= readHorizons(this.database);
    return this.#horizons[kind]?.[width] ?? 0;
  }

  setKeptFrom(kind: BlockKind, width: number, time: number): void {
    this.database.prepare('INSERT OR REPLACE INTO rollup_horizons VALUES (?, ?, ?)').run(kind, width, time);
    this.#horizons = null;
  }

  throughSeq(): number {
    return Number(this.#readThrough.get()?.through_seq ?? 0);
  }

  setThroughSeq(seq: number): void {
    this.#setThrough.run(seq);
  }

  /** After a transaction was rolled back. */
  forget(): void {
    this.#marked.clear();
    this.#horizons = null;
  }
}

/** `kept_from` by kind and width. */
export function readHorizons(database: Database): number[][] {
  const horizons: number[][] = [[], []];
  for (const row of database.prepare('SELECT kind, width, kept_from FROM rollup_horizons').all()) {
    horizons[Number(row.kind)]![Number(row.width)] = Number(row.kept_from);
  }
  return horizons;
}

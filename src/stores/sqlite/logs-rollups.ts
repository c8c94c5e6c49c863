import { FACT_COLUMNS } from '../../core/analytics/facts.ts';
import type { ColumnValue } from '../../core/stores/log-columns.ts';
import { columnsOf } from './analytics-scan.ts';
import type { Database, Statement } from './database.ts';
import { RECORD_COLUMN } from './logs-schema.ts';
import { takeOverHours } from './rollup-before.ts';
import type { BlockEntry } from './rollup-block.ts';
import { contributionOf, keysOf } from './rollup-contribution.ts';
import { BlockGroups } from './rollup-groups.ts';
import { type BlockPlace, RollupTables } from './rollup-tables.ts';
import { RollupTallies } from './rollup-tallies.ts';
import { RollupUpkeep } from './rollup-upkeep.ts';
import { type BlockKind, beginOf, CUBE, FACETS, WIDTHS_MS } from './rollup-widths.ts';

const FLUSH_MS = 1000;
const UPKEEP_MS = 1000;
const MOST_PENDING = 5000;
const MOST_OPEN_BLOCKS = 200;
/** Blocks of minutes before this are hardly added to any more. */
const OPEN_MS = 180_000;
const REPLAY_ROWS = 2000;
/** What a killed process leaves is taken in at once; more only comes from an older version, and is taken in steps. */
const REPLAY_STEPS_AT_START = 10;

interface OpenBlock {
  readonly place: BlockPlace;
  readonly groups: BlockGroups;
  isDirty: boolean;
}

/**
 * What charts are drawn from, so that no chart reads raw rows. Records are added up in memory and written about once a
 * second, within a transaction of rows, together with the last row that is in them: what a crash takes from memory is
 * read again from the rows behind it. Readers do the same for the rows that are not in the blocks yet.
 */
export class Rollups {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #tables: RollupTables;
  readonly #upkeep: RollupUpkeep;
  readonly #open = new Map<string, OpenBlock>();
  /** What is not in the entries of open blocks yet. */
  readonly #tallies = new RollupTallies((...found) => this.#findEntries(...found));
  readonly #replay: Statement;
  readonly #refuse: Statement;
  readonly #refused: Statement;
  readonly #forgetRefused: Statement;
  #caughtUp = false;
  #hasRefused = true;
  #lastSeq = 0;
  #pending = 0;
  #nextFlush = 0;
  #nextUpkeep = 0;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
    this.#tables = new RollupTables(database);
    this.#upkeep = new RollupUpkeep(this.#tables);
    const columns = FACT_COLUMNS.map((name) => RECORD_COLUMN[name]).join(', ');
    this.#replay = database.prepare(
      `SELECT seq, gateway_ref, ${columns} FROM records WHERE seq > ? ORDER BY seq LIMIT ?`,
    );
    this.#refuse = database.prepare('INSERT INTO refused_records (gateway_ref, columns) VALUES (?, ?)');
    this.#refused = database.prepare('SELECT gateway_ref, columns FROM refused_records ORDER BY id');
    this.#forgetRefused = database.prepare('DELETE FROM refused_records');
    database.onRollback(() => this.#discard());
    for (let step = 0; step < REPLAY_STEPS_AT_START && !this.#caughtUp; step++) this.#replaySome();
  }

  /** Within the transaction of the row. */
  add(gatewayRef: number, columns: readonly ColumnValue[], seq: number): void {
    // Rows are taken in their order: those of now wait for those of before.
    if (!this.#caughtUp) return;
    this.#tallies.add(gatewayRef, columns);
    this.#lastSeq = seq;
    this.#pending++;
  }

  /** Counts a record that has no row; within the transaction that takes it from the spool. */
  addRefused(gatewayRef: number, columns: readonly ColumnValue[]): void {
    this.#refuse.run(gatewayRef, JSON.stringify(columns));
    this.#hasRefused = true;
  }

  /** At the end of a transaction of rows. */
  write(): void {
    const isDue = this.#pending > 0 && this.#now() >= this.#nextFlush;
    if (isDue || this.#pending >= MOST_PENDING || this.#open.size >= MOST_OPEN_BLOCKS) this.#flush();
  }

  /** What is in memory may be of the transaction that failed: everything is read again from what is stored. */
  #discard(): void {
    this.#tallies.forget();
    this.#open.clear();
    this.#tables.forget();
    this.#caughtUp = false;
    this.#hasRefused = true;
    this.#pending = 0;
  }

  /** Before rows are removed: they can then no longer be read again. */
  settle(): void {
    for (let step = 0; step < REPLAY_STEPS_AT_START && !this.#caughtUp; step++) this.#replaySome();
    if (this.#caughtUp && (this.#pending > 0 || this.#hasRefused))
      this.#database.transaction(() => this.#flush());
  }

  /**
   * Takes who asked out of the figures of rows, or puts it in: the requests themselves stay counted. Within the
   * transaction that removes or changes the rows, after settle().
   */
  amendFacets(
    gatewayRef: number,
    rows: readonly { readonly seq: number; readonly columns: readonly ColumnValue[] }[],
    sign: 1 | -1,
  ): void {
    for (const { seq, columns } of rows) {
      if (seq > this.#lastSeq) continue;
      const { createdAt, figures, facets } = contributionOf(columns);
      const block = this.#find(FACETS, gatewayRef, createdAt);
      for (const facet of facets) {
        if (sign === 1) block.groups.add(facet, figures);
        else block.groups.subtract(facet, figures);
      }
      block.isDirty = true;
      if (this.#open.size >= MOST_OPEN_BLOCKS) this.#flush();
    }
    this.#flush();
  }

  /** Removes some of what is said of a gateway; 0 when nothing is left. After settle(). */
  forgetGateway(gatewayRef: number): number {
    return this.#database.transaction(() => {
      for (const [name, { place }] of this.#open)
        if (place.gatewayRef === gatewayRef) this.#open.delete(name);
      return this.#upkeep.forgetGateway(gatewayRef);
    });
  }

  /** One step of what is done beside; false when there is nothing more to do for now. */
  step(): boolean {
    const nowMs = this.#now();
    if (!this.#caughtUp) {
      this.#replaySome();
      return true;
    }
    if (nowMs >= this.#nextFlush) this.settle();
    if (nowMs < this.#nextUpkeep) return false;
    // What is done there may move records of a time to wider blocks.
    this.#tallies.handOver();
    const more = this.#upkeep.step(nowMs);
    if (!more) this.#nextUpkeep = nowMs + UPKEEP_MS;
    return more;
  }

  #replaySome(): void {
    this.#database.transaction(() => {
      this.#lastSeq = this.#tables.throughSeq();
      const rows = this.#replay.all(this.#lastSeq, REPLAY_ROWS);
      for (const row of rows) {
        this.#tallies.add(Number(row.gateway_ref), columnsOf(row));
        this.#lastSeq = Number(row.seq);
        if (this.#open.size >= MOST_OPEN_BLOCKS) this.#flush();
      }
      this.#flush();
      this.#caughtUp = rows.length < REPLAY_ROWS;
      if (this.#caughtUp) takeOverHours(this.#tables, this.#now());
    });
  }

  #flush(): void {
    const nowMs = this.#now();
    if (this.#hasRefused) this.#takeRefused();
    this.#tallies.handOver();
    for (const [name, block] of this.#open) {
      if (block.isDirty) {
        this.#tables.put(block.place, block.groups.encode());
        this.#tables.markWider(block.place, nowMs);
        block.isDirty = false;
      }
      if (block.place.bucket < nowMs - OPEN_MS || this.#open.size >= MOST_OPEN_BLOCKS)
        this.#open.delete(name);
    }
    this.#tables.setThroughSeq(this.#lastSeq);
    this.#pending = 0;
    this.#nextFlush = nowMs + FLUSH_MS;
  }

  #takeRefused(): void {
    for (const row of this.#refused.all()) {
      const columns = JSON.parse(String(row.columns)) as ColumnValue[];
      this.#tallies.add(Number(row.gateway_ref), columns);
    }
    this.#forgetRefused.run();
    this.#hasRefused = false;
  }

  #findEntries(gatewayRef: number, columns: readonly ColumnValue[], into: BlockEntry[]): void {
    const { createdAt, cube, facets } = keysOf(columns);
    const ofAll = this.#find(CUBE, gatewayRef, createdAt);
    ofAll.isDirty = true;
    into.push(ofAll.groups.entryOf(cube));
    const ofSome = this.#find(FACETS, gatewayRef, createdAt);
    ofSome.isDirty = true;
    for (const facet of facets) into.push(ofSome.groups.entryOf(facet));
  }

  /** The narrowest block of the time that is still kept. */
  #find(kind: BlockKind, gatewayRef: number, time: number): OpenBlock {
    let width = 0;
    while (width < WIDTHS_MS.length - 1 && beginOf(time, width) < this.#tables.keptFrom(kind, width)) width++;
    const bucket = beginOf(time, width);
    const name = `${kind} ${width} ${gatewayRef} ${bucket}`;
    let block = this.#open.get(name);
    if (block === undefined) {
      const place = { kind, width, gatewayRef, bucket };
      block = { place, groups: new BlockGroups(kind, width, this.#tables.find(place)), isDirty: false };
      this.#open.set(name, block);
    }
    return block;
  }
}

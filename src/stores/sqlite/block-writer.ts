import type { ColumnValue } from '../../core/stores/log-columns.ts';
import { type BuiltBlock, buildBlock } from './block-build.ts';
import { BLOCK_SELECTED, BlockDraft, IN_RECORD, IN_ROW } from './block-draft.ts';
import {
  BLOCK_ROWS,
  findSlice,
  findSorted,
  hasBit,
  PART,
  partKey,
  readSlices,
  SEQ_COLUMN,
  seqsOf,
} from './block-format.ts';
import type { Database, List, ListStatement, Statement } from './database.ts';

/** So many rows of a block are read from the table before the block is made anew. */
const LOOSE_ROWS = 256;
/** While records keep coming without a pause, rows that are not in hand are read only when they make so many blocks. */
const PRESSED_BLOCKS = 4;
/** Rows of the next block are kept in hand when no more of it than this share is in the table already. */
const CATCH_UP_SHARE = 0.5;

/** Rows of a block with longer texts than this are not kept in hand. */
const MOST_CHARACTERS = 4_000_000;
/** The seq of no row, nor of one before a row. */
const NOTHING = -1;

/** Where a row belongs that fits into no block. */
const NO_BLOCK = 0;

interface Home {
  readonly block: number;
  readonly firstSeq: number;
  readonly rows: number;
  readonly slices: Uint32Array;
}

/** Makes blocks of rows and keeps true what is said of them. Of one database, and only by its writer. */
export class BlockWriter {
  readonly #database: Database;
  readonly #statements: Readonly<Record<keyof typeof SQL, Statement>>;
  readonly #nextRows: ListStatement;
  readonly #rowsBetween: ListStatement;
  readonly #blockRows: number;
  #sealedSeq: number;
  /** Rows that come next get this seq: none is ever given out twice, since blocks speak of rows by it. */
  #nextSeq: number;
  /** Too few rows were found up to here; there is no use in looking again before. */
  #waitUntilSeq = 0;
  #untidy = true;
  /** Rows of the next block as they are taken: reading them from the table again would cost more than all the rest. */
  #draft: BlockDraft;
  /** The draft has exactly the rows after the last block up to this one. */
  #draftedSeq: number;

  constructor(database: Database, blockRows = BLOCK_ROWS) {
    this.#database = database;
    this.#blockRows = blockRows;
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as Record<keyof typeof SQL, Statement>;
    const rows = `SELECT ${BLOCK_SELECTED} FROM records WHERE seq`;
    this.#nextRows = database.prepareLists(`${rows} > ? ORDER BY seq LIMIT ?`);
    this.#rowsBetween = database.prepareLists(`${rows} BETWEEN ? AND ? ORDER BY seq`);
    this.#sealedSeq = Number(database.prepare('SELECT sealed_seq FROM block_state').get()?.sealed_seq);
    const last = Number(database.prepare('SELECT max(seq) AS seq FROM records').get()?.seq ?? 0);
    this.#nextSeq = Math.max(last, this.#sealedSeq) + 1;
    this.#draft = new BlockDraft(blockRows);
    this.#draftedSeq = this.#sealedSeq;
    database.onRollback(() => this.#forgetDraft());
  }

  /** For a row that is inserted now; the same again until it is taken. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** It was inserted with these columns. */
  take(gatewayRef: number, columns: readonly ColumnValue[]): void {
    const seq = this.#nextSeq++;
    if (seq - 1 !== this.#draftedSeq || this.#draft.isFull) return;
    if (this.#draft.add(seq, gatewayRef, columns, IN_RECORD) && this.#draft.characters <= MOST_CHARACTERS) {
      this.#draftedSeq = seq;
    } else this.#forgetDraft();
  }

  /** Makes or remakes one block; false when there is nothing to do. `busy` puts off what can wait. */
  step(busy: boolean): boolean {
    const open = this.#nextSeq - 1 - this.#sealedSeq;
    if (this.#draft.isFull) {
      this.#sealDraft();
      return true;
    }
    if (open >= (busy ? PRESSED_BLOCKS : 1) * this.#blockRows && this.#nextSeq > this.#waitUntilSeq) {
      if (this.#seal()) return true;
    }
    if (busy || !this.#untidy) return false;
    this.#untidy = this.#tidy();
    return this.#untidy;
  }

  /** Rows of one gateway are gone; within the transaction that removes them. */
  removed(gatewayRef: number, seqs: readonly number[]): void {
    if (seqs.some((seq) => seq > this.#sealedSeq)) this.#forgetDraft();
    this.#markAbsent(gatewayRef, seqs);
    for (const seq of seqs) if (seq <= this.#sealedSeq) this.#statements.dropLoose.run(seq);
  }

  /** A row was changed; within the transaction that changes it. */
  changed(gatewayRef: number, seq: number): void {
    if (seq > this.#sealedSeq) this.#forgetDraft();
    for (const block of this.#markAbsent(gatewayRef, [seq])) this.#statements.addLoose.run(seq, block);
  }

  #seal(): boolean {
    const rows = this.#nextRows.all(this.#sealedSeq, this.#blockRows);
    if (rows.length < this.#blockRows && rows.length > 0) {
      this.#waitUntilSeq = this.#nextSeq + this.#blockRows - rows.length - 1;
      return false;
    }
    const last = (rows.at(-1)?.[0] as number | undefined) ?? this.#nextSeq - 1;
    this.#store(this.#prepare(rows), last);
    return true;
  }

  #sealDraft(): void {
    const draft = this.#draft;
    // Should anything fail, its rows are read.
    this.#forgetDraft();
    const built = buildBlock(draft);
    this.#store(() => this.#insert(built), built.lastSeq);
  }

  #store(store: () => void, lastSeq: number): void {
    this.#database.transaction(() => {
      store();
      this.#statements.setSealed.run(lastSeq);
    });
    this.#sealedSeq = lastSeq;
    this.#beginDraft();
  }

  /** With the rows that came since the last block, when these are few. */
  #beginDraft(): void {
    this.#forgetDraft();
    const open = this.#nextSeq - 1 - this.#sealedSeq;
    if (open > CATCH_UP_SHARE * this.#blockRows) return;
    const draft = new BlockDraft(this.#blockRows);
    if (open > 0) {
      const rows = this.#nextRows.all(this.#sealedSeq, this.#blockRows);
      if (!rows.every((row) => addRow(draft, row))) return;
    }
    this.#draft = draft;
    this.#draftedSeq = this.#nextSeq - 1;
  }

  #forgetDraft(): void {
    this.#draftedSeq = NOTHING;
    if (this.#draft.rows > 0) this.#draft = new BlockDraft(this.#blockRows);
  }

  /** Makes a block anew that has become half empty or is out of date, together with small ones that follow it. */
  #tidy(): boolean {
    const found = this.#statements.untidy.get(LOOSE_ROWS);
    if (found === undefined) return false;
    const blocks = this.#statements.from.all(found.first_seq!);
    let count = 0;
    let live = 0;
    for (const block of blocks) {
      if (count > 0 && live + Number(block.live) > this.#blockRows) break;
      live += Number(block.live);
      count++;
    }
    const replaced = blocks.slice(0, count);
    const first = replaced[0]!.first_seq as number;
    const last = replaced.at(-1)!.last_seq as number;
    const store = this.#prepare(this.#rowsBetween.all(first, last));
    this.#database.transaction(() => {
      for (const { block } of replaced) this.#drop(block as number);
      this.#statements.dropLooseBetween.run(first, last);
      store();
    });
    return true;
  }

  /** Everything that takes time is done before the transaction begins. */
  #prepare(rows: readonly List[]): () => void {
    const draft = new BlockDraft(rows.length);
    const odd: number[] = [];
    for (const row of rows) if (!addRow(draft, row)) odd.push(row[0] as number);
    const built = draft.rows === 0 ? null : buildBlock(draft);
    return () => {
      if (built !== null) this.#insert(built);
      for (const seq of odd) this.#statements.addLoose.run(seq, NO_BLOCK);
    };
  }

  #insert(built: BuiltBlock): void {
    const { insert, putPart } = this.#statements;
    const { firstSeq, lastSeq, rows, slices, summary, parts } = built;
    const block = insert.run(firstSeq, lastSeq, rows, new Uint8Array(slices.buffer), summary).lastInsertRowid;
    for (const { column, part, bytes } of parts) putPart.run(partKey(block, column, part), bytes);
  }

  #drop(block: number): void {
    this.#statements.dropParts.run(partKey(block, 0, 0), partKey(block + 1, 0, 0));
    this.#statements.dropAbsent.run(block);
    this.#statements.drop.run(block);
  }

  /** Returns the blocks in which rows became absent. */
  #markAbsent(gatewayRef: number, seqs: readonly number[]): number[] {
    const sealed = seqs.filter((seq) => seq <= this.#sealedSeq).sort((a, b) => a - b);
    const touched: number[] = [];
    for (let at = 0; at < sealed.length; ) {
      const home = this.#homeOf(sealed[at]!);
      if (home === null) {
        at++;
        continue;
      }
      let end = at + 1;
      while (end < sealed.length && sealed[end]! <= home.lastSeq) end++;
      if (this.#markIn(home, gatewayRef, sealed.slice(at, end))) touched.push(home.block);
      at = end;
    }
    return touched;
  }

  #markIn(home: Home, gatewayRef: number, seqs: readonly number[]): boolean {
    const { block, firstSeq, rows, slices } = home;
    const known = this.#statements.absent.get(block);
    const bits = (known?.bits as Uint8Array | undefined) ?? new Uint8Array(Math.ceil(rows / 8));
    let absent = Number(known?.row_count ?? 0);
    const before = absent;
    const offsets = seqsOf(
      this.#statements.part.get(partKey(block, SEQ_COLUMN, PART.codes))!.bytes as Uint8Array,
      rows,
    );
    const slice = findSlice(slices, gatewayRef);
    if (slice === null) return false;
    for (const seq of seqs) {
      const position = findSorted(offsets, seq - firstSeq, slice.start, slice.end);
      if (position === null || hasBit(bits, position)) continue;
      setBit(bits, position);
      absent++;
    }
    if (absent === before) return false;
    this.#untidy = true;
    this.#statements.putAbsent.run(block, absent, bits);
    return true;
  }

  #homeOf(seq: number): (Home & { readonly lastSeq: number }) | null {
    const row = this.#statements.home.get(seq);
    if (row === undefined || (row.last_seq as number) < seq) return null;
    return {
      block: row.block as number,
      firstSeq: row.first_seq as number,
      lastSeq: row.last_seq as number,
      rows: row.row_count as number,
      slices: readSlices(row.slices as Uint8Array),
    };
  }
}

const SQL = {
  setSealed: 'UPDATE block_state SET sealed_seq = ?',
  insert: 'INSERT INTO blocks (first_seq, last_seq, row_count, slices, summary) VALUES (?, ?, ?, ?, ?)',
  drop: 'DELETE FROM blocks WHERE block = ?',
  home: 'SELECT block, first_seq, last_seq, row_count, slices FROM blocks WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1',
  from: `SELECT block, first_seq, last_seq,
           row_count - coalesce((SELECT row_count FROM block_absent WHERE block = blocks.block), 0) AS live
         FROM blocks WHERE first_seq >= ? ORDER BY first_seq LIMIT 64`,
  untidy: `SELECT first_seq FROM blocks JOIN block_absent USING (block)
           WHERE block_absent.row_count * 2 >= blocks.row_count
              OR (SELECT count(*) FROM block_loose WHERE block_loose.block = blocks.block) >= ? LIMIT 1`,
  part: 'SELECT bytes FROM block_parts WHERE part = ?',
  putPart: 'INSERT INTO block_parts (part, bytes) VALUES (?, ?)',
  dropParts: 'DELETE FROM block_parts WHERE part >= ? AND part < ?',
  absent: 'SELECT row_count, bits FROM block_absent WHERE block = ?',
  putAbsent: `INSERT INTO block_absent (block, row_count, changed, bits) VALUES (?, ?, 1, ?)
              ON CONFLICT (block) DO UPDATE SET
                row_count = excluded.row_count, changed = changed + 1, bits = excluded.bits`,
  dropAbsent: 'DELETE FROM block_absent WHERE block = ?',
  addLoose: 'INSERT OR REPLACE INTO block_loose (seq, block) VALUES (?, ?)',
  dropLoose: 'DELETE FROM block_loose WHERE seq = ?',
  dropLooseBetween: 'DELETE FROM block_loose WHERE seq BETWEEN ? AND ?',
} as const;

function setBit(bits: Uint8Array, position: number): void {
  bits[position >> 3]! |= 1 << (position & 7);
}

/** `row` is of BLOCK_SELECTED. */
function addRow(draft: BlockDraft, row: List): boolean {
  return draft.add(row[0] as number, row[1] as number, row, IN_ROW);
}

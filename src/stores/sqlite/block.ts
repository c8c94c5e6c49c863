import {
  type Codes,
  type ColumnHeader,
  codesOf,
  findSlice,
  findSorted,
  hasBit,
  KIND,
  PART,
  partKey,
  readHeader,
  readSlices,
  SEQ_COLUMN,
  seqsOf,
  widened,
} from './block-format.ts';
import type { Row } from './database.ts';
import { IdList, type UuidBound } from './id-list.ts';
import { MetadataList } from './metadata-list.ts';
import { NumberList } from './number-list.ts';
import { SCAN_COLUMNS, type ScanColumn } from './scan-columns.ts';
import { type Capitals, TextList } from './text-list.ts';

const COLUMN_NUMBER = new Map<ScanColumn, number>(SCAN_COLUMNS.map((column, index) => [column, index]));

/** Where the bytes of blocks are read. */
export interface BlockParts {
  part(key: number): Uint8Array;
}

export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** One block as it lies on the disk; what is asked for is read, what is small is kept. */
export class Block {
  readonly number: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly rows: number;
  readonly #parts: BlockParts;
  readonly #slices: Uint32Array;
  readonly #summary: Uint8Array;
  readonly #headers: ColumnHeader[] = [];
  readonly #smallTexts = new Map<number, TextList>();
  readonly #sets = new Map<number, { readonly first: number; readonly last: number }>();
  readonly #withoutCapitals = new Map<ScanColumn, boolean>();
  /** Bits of rows that the block no longer speaks for; null when it speaks for all. */
  absent: Uint8Array | null = null;

  constructor(parts: BlockParts, number: number, row: Row) {
    this.#parts = parts;
    this.number = number;
    this.firstSeq = row.first_seq as number;
    this.lastSeq = row.last_seq as number;
    this.rows = row.row_count as number;
    this.#slices = readSlices(row.slices as Uint8Array);
    this.#summary = row.summary as Uint8Array;
  }

  setAbsent(bits: Uint8Array): void {
    this.absent = bits;
  }

  slice(gatewayRef: number): Slice | null {
    return findSlice(this.#slices, gatewayRef);
  }

  countPresent({ start, end }: Slice): number {
    if (this.absent === null) return end - start;
    let count = 0;
    for (let position = start; position < end; position++) if (!hasBit(this.absent, position)) count++;
    return count;
  }

  header(column: ScanColumn): ColumnHeader {
    const number = COLUMN_NUMBER.get(column)!;
    this.#headers[number] ??= readHeader(this.#summary, number);
    return this.#headers[number];
  }

  seq(position: number): number {
    return this.firstSeq + this.#seqs()[position]!;
  }

  /** Null when the slice does not have it. */
  positionOf(seq: number, { start, end }: Slice): number | null {
    return findSorted(this.#seqs(), seq - this.firstSeq, start, end);
  }

  /** Null when all rows have the same code: 0 when the column is empty, else 1. */
  codes(column: ScanColumn): Codes | null {
    const { width } = this.header(column);
    return width === 0 ? null : codesOf(width, this.#part(column, PART.codes));
  }

  numbers(column: ScanColumn): NumberList {
    const header = this.header(column);
    return new NumberList(header, () => this.#domain(column));
  }

  texts(column: ScanColumn): TextList {
    const number = COLUMN_NUMBER.get(column)!;
    const known = this.#smallTexts.get(number);
    if (known !== undefined) return known;
    const header = this.header(column);
    const list =
      header.kind === KIND.empty
        ? TextList.EMPTY
        : new TextList(this.#domain(column), header.codes, this.#capitals(column));
    if (header.inlineLength > 0 || header.kind === KIND.empty) this.#smallTexts.set(number, list);
    return list;
  }

  ids(column: 'id' | 'eventId'): IdList {
    const own = this.#idColumn(column);
    if (this.header(own).kind === KIND.uuids) return new IdList(this.#part(own, PART.codes), null, null);
    return new IdList(null, this.texts(own), this.codes(own));
  }

  /** How all ids are to a text: all before it (-1) or after it (1); null when that is not known, or not the same of all. */
  idsBeside(column: 'id' | 'eventId', { bytes }: UuidBound): -1 | 1 | null {
    const range = this.idRange(column);
    if (range === null) return null;
    const first = bytes.readUIntBE(0, 6);
    return range[1] < first ? -1 : range[0] > first ? 1 : null;
  }

  /** Smallest and largest first 6 bytes of the ids; null when some are no UUIDs. */
  idRange(column: 'id' | 'eventId'): readonly [number, number] | null {
    const header = this.header(this.#idColumn(column));
    return header.kind === KIND.uuids ? [header.base, header.step] : null;
  }

  metadata(): MetadataList {
    return this.header('metadata').kind === KIND.empty
      ? MetadataList.EMPTY
      : new MetadataList(this.#domain('metadata'), this.#capitals('metadata'));
  }

  /** What was found out once about a column's texts, which never change, though they may not be kept. */
  #capitals(column: ScanColumn): Capitals {
    return {
      none: this.#withoutCapitals.get(column) ?? null,
      tell: (none) => this.#withoutCapitals.set(column, none),
    };
  }

  /** Between which sets those of a slice are. */
  metadataSets(start: number, end: number): { readonly first: number; readonly last: number } {
    const known = this.#sets.get(start);
    if (known !== undefined) return known;
    const sets = widened(this.codes('metadata')!, start, end);
    let first = this.header('metadata').codes;
    let last = 0;
    for (let position = start; position < end; position++) {
      const set = sets[position]!;
      if (set > last) last = set;
      if (set < first && set !== 0) first = set;
    }
    const made = { first, last };
    this.#sets.set(start, made);
    return made;
  }

  #seqs(): Uint16Array | Uint32Array {
    return seqsOf(this.#parts.part(partKey(this.number, SEQ_COLUMN, PART.codes)), this.rows);
  }

  #idColumn(column: 'id' | 'eventId'): 'id' | 'eventId' {
    return this.header(column).kind === KIND.sameAsId ? 'id' : column;
  }

  #domain(column: ScanColumn): Uint8Array {
    const { inlineAt, inlineLength } = this.header(column);
    // A copy, because the numbers in it have to be aligned.
    if (inlineLength > 0) return this.#summary.slice(inlineAt, inlineAt + inlineLength);
    return this.#part(column, PART.domain);
  }

  #part(column: ScanColumn, part: number): Uint8Array {
    return this.#parts.part(partKey(this.number, COLUMN_NUMBER.get(column)!, part));
  }
}

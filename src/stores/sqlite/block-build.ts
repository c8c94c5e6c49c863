import { encodeIds, encodeMetadata, encodeNumbers, encodeTexts, splitMetadata } from './block-encode.ts';
import { type EncodedColumn, PART, SEQ_COLUMN, writeSummary } from './block-format.ts';
import type { List } from './database.ts';
import { kindOf, recordColumn, SCAN_COLUMNS, type ScanColumn } from './scan-columns.ts';

export interface BuiltBlock {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly rows: number;
  /** Gateway, first position, position after the last; by gateway. */
  readonly slices: Uint32Array;
  readonly summary: Uint8Array;
  readonly parts: readonly { readonly column: number; readonly part: number; readonly bytes: Uint8Array }[];
}

const NAMES = ['seq', 'gateway_ref', ...SCAN_COLUMNS.map(recordColumn)];
/** What a row must have to be put into a block, in this order. */
export const BLOCK_SELECTED = NAMES.join(', ');
const SEQ = 0;
const REF = 1;
const FIRST = 2;
const ID = FIRST + SCAN_COLUMNS.indexOf('id');
const METADATA = FIRST + SCAN_COLUMNS.indexOf('metadata');

export const seqOf = (row: List): number => row[SEQ] as number;

/** Rows that a block can say exactly, and the seqs of the others, which stay out of it. */
export function sortOut(rows: readonly List[]): {
  readonly fit: readonly List[];
  readonly odd: readonly number[];
} {
  const split = new Map<string, boolean>();
  const isFit = (text: string): boolean => {
    let fits = split.get(text);
    if (fits === undefined) {
      fits = splitMetadata(text) !== null;
      split.set(text, fits);
    }
    return fits;
  };
  const fit: List[] = [];
  const odd: number[] = [];
  for (const row of rows) {
    const metadata = row[METADATA];
    if (typeof metadata !== 'string' || isFit(metadata)) fit.push(row);
    else odd.push(seqOf(row));
  }
  return { fit, odd };
}

/** `rows` are not empty. */
export function buildBlock(rows: readonly List[]): BuiltBlock {
  const sorted = rows.toSorted((a, b) => (a[REF] as number) - (b[REF] as number) || seqOf(a) - seqOf(b));
  const seqs = sorted.map(seqOf);
  const firstSeq = seqs.reduce((least, seq) => Math.min(least, seq));
  const lastSeq = seqs.reduce((most, seq) => Math.max(most, seq));
  const ids = sorted.map((row) => row[ID] as string | null);
  const encode = (column: ScanColumn, index: number): EncodedColumn => {
    const values = column === 'id' ? ids : sorted.map((row) => row[FIRST + index]);
    switch (kindOf(column)) {
      case 'number':
        return encodeNumbers(values as (number | null)[]);
      case 'metadata':
        return encodeMetadata(values as (string | null)[]);
      case 'id':
        return encodeIds(values as (string | null)[], ids);
      default:
        return encodeTexts(values as (string | null)[]);
    }
  };
  const columns = SCAN_COLUMNS.map(encode);
  const { bytes: summary, inlined } = writeSummary(columns);
  const parts: { column: number; part: number; bytes: Uint8Array }[] = [];
  for (const [column, { domain, codes }] of columns.entries()) {
    if (domain !== null && !inlined[column]) parts.push({ column, part: PART.domain, bytes: domain });
    if (codes !== null) parts.push({ column, part: PART.codes, bytes: codes });
  }
  const offsets = seqs.map((seq) => seq - firstSeq);
  const packed = lastSeq - firstSeq > 0xffff ? Uint32Array.from(offsets) : Uint16Array.from(offsets);
  parts.push({ column: SEQ_COLUMN, part: PART.codes, bytes: new Uint8Array(packed.buffer) });
  return { firstSeq, lastSeq, rows: rows.length, slices: slicesOf(sorted), summary, parts };
}

function slicesOf(sorted: readonly List[]): Uint32Array {
  const slices: number[] = [];
  for (const [position, row] of sorted.entries()) {
    const ref = row[REF] as number;
    if (slices.at(-3) !== ref) slices.push(ref, position, position);
    slices[slices.length - 1] = position + 1;
  }
  return Uint32Array.from(slices);
}

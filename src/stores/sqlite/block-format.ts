/**
 * A block holds some thousand consecutive rows column by column, so that a question over millions of records reads the
 * few columns it is about. Rows stand sorted by gateway, then by seq.
 *
 * Each column of a block is a list of distinct values in ascending order, its domain, and a code per row that says
 * which: 0 is null, 1 the smallest value. What is asked of values is therefore asked of ranges of codes. Domains are
 * one of the kinds below; numbers mostly need no list, because they are evenly spaced.
 */
export const BLOCK_ROWS = 8192;

export const KIND = {
  /** Every row is null. */
  empty: 0,
  /** (base + (code - 1) * step) / scale, all of them whole numbers. */
  spaced: 1,
  /** A list of doubles; base and step hold the smallest and the largest. */
  numbers: 2,
  /** A list of texts in the order of their UTF-8 bytes. */
  texts: 3,
  /** No codes: 16 bytes per row, the UUID. Base and step hold the smallest and the largest first 6 bytes. */
  uuids: 4,
  /** Every row has the value of the column `id`. */
  sameAsId: 5,
  /** Codes of sets; a set is a list of entries; an entry is a text `"key":value`. */
  metadata: 6,
} as const;

export interface ColumnHeader {
  readonly kind: number;
  /** Bytes per code; 0 when all rows have code 1 (or all are null). */
  readonly width: number;
  readonly hasNull: boolean;
  /** The largest code. */
  readonly codes: number;
  readonly base: number;
  readonly step: number;
  readonly scale: number;
  /** Where a small domain stands in the summary; length 0 when it has a row of its own. */
  readonly inlineAt: number;
  readonly inlineLength: number;
}

const HEADER_BYTES = 40;

/** Parts of a column that are stored in rows of their own. */
export const PART = { domain: 0, codes: 1 } as const;
/** Column number of the rows' seqs: counted from the block's first, 2 or 4 bytes each. */
export const SEQ_COLUMN = 127;

/** The row's number in `block_parts`. */
export function partKey(block: number, column: number, part: number): number {
  return block * 256 + column * 2 + part;
}

export interface EncodedColumn {
  readonly header: ColumnHeader;
  readonly domain: Uint8Array | null;
  readonly codes: Uint8Array | null;
}

/** Domains up to this length are kept with the headers: they are needed for nearly every question. */
const INLINE_BYTES = 1024;

/** Headers and small domains of all columns; `inlined` says of which columns the domain is in it. */
export function writeSummary(columns: readonly EncodedColumn[]): { bytes: Uint8Array; inlined: boolean[] } {
  const inlined = columns.map(({ domain }) => domain !== null && domain.length <= INLINE_BYTES);
  const start = 8 + columns.length * HEADER_BYTES;
  const length = columns.reduce((sum, { domain }, at) => sum + (inlined[at] ? domain!.length : 0), start);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, columns.length, true);
  let inlineAt = start;
  for (const [index, { header, domain }] of columns.entries()) {
    const at = 8 + index * HEADER_BYTES;
    view.setFloat64(at, header.base, true);
    view.setFloat64(at + 8, header.step, true);
    view.setUint32(at + 16, header.codes, true);
    view.setUint8(at + 20, header.kind);
    view.setUint8(at + 21, header.width);
    view.setUint8(at + 22, header.hasNull ? 1 : 0);
    view.setUint32(at + 24, header.scale, true);
    if (!inlined[index]) continue;
    view.setUint32(at + 28, inlineAt, true);
    view.setUint32(at + 32, domain!.length, true);
    bytes.set(domain!, inlineAt);
    inlineAt += domain!.length;
  }
  return { bytes, inlined };
}

export const EMPTY_HEADER: ColumnHeader = {
  kind: KIND.empty,
  width: 0,
  hasNull: true,
  codes: 0,
  base: 0,
  step: 0,
  scale: 1,
  inlineAt: 0,
  inlineLength: 0,
};

/** A column that came after the block was written is null in all its rows. */
export function readHeader(summary: Uint8Array, column: number): ColumnHeader {
  const view = new DataView(summary.buffer, summary.byteOffset, summary.byteLength);
  if (column >= view.getUint32(0, true)) return EMPTY_HEADER;
  const at = 8 + column * HEADER_BYTES;
  return {
    base: view.getFloat64(at, true),
    step: view.getFloat64(at + 8, true),
    codes: view.getUint32(at + 16, true),
    kind: view.getUint8(at + 20),
    width: view.getUint8(at + 21),
    hasNull: view.getUint8(at + 22) === 1,
    scale: view.getUint32(at + 24, true),
    inlineAt: view.getUint32(at + 28, true),
    inlineLength: view.getUint32(at + 32, true),
  };
}

export type Codes = Uint8Array | Uint16Array | Uint32Array;

let wideCodes = new Uint32Array(BLOCK_ROWS);

/**
 * Codes from `start` to `end` at the same positions of one list, valid until the next call: a loop over lists of one
 * kind is several times as fast as one over three.
 */
export function widened(codes: Codes, start: number, end: number): Uint32Array {
  if (codes instanceof Uint32Array) return codes;
  if (wideCodes.length < end) wideCodes = new Uint32Array(end);
  wideCodes.set(codes.subarray(start, end), start);
  return wideCodes;
}

export function widthOf(largest: number): 1 | 2 | 4 {
  return largest <= 0xff ? 1 : largest <= 0xffff ? 2 : 4;
}

export function codesOf(width: number, bytes: Uint8Array): Codes {
  // What comes from the database has a buffer of its own, so it is aligned.
  if (width === 1) return bytes;
  if (width === 2) return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

export function packCodes(codes: ArrayLike<number>, largest: number): { width: number; bytes: Uint8Array } {
  const width = widthOf(largest);
  const packed =
    width === 1 ? Uint8Array.from(codes) : width === 2 ? Uint16Array.from(codes) : Uint32Array.from(codes);
  return { width, bytes: new Uint8Array(packed.buffer) };
}

/** Seqs of a block, counted from its first. */
export function seqsOf(bytes: Uint8Array, rows: number): Uint16Array | Uint32Array {
  return bytes.length === rows * 2
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, rows)
    : new Uint32Array(bytes.buffer, bytes.byteOffset, rows);
}

/** Gateway, first position, position after the last. */
export function readSlices(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

export function findSlice(slices: Uint32Array, gatewayRef: number): { start: number; end: number } | null {
  for (let at = 0; at < slices.length; at += 3) {
    if (slices[at] === gatewayRef) return { start: slices[at + 1]!, end: slices[at + 2]! };
  }
  return null;
}

export const hasBit = (bits: Uint8Array, position: number): boolean =>
  (bits[position >> 3]! & (1 << (position & 7))) !== 0;

export function findSorted(
  values: Uint16Array | Uint32Array,
  wanted: number,
  start: number,
  end: number,
): number | null {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < end && values[low] === wanted ? low : null;
}

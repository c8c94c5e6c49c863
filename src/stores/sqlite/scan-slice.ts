import type { NumberColumn, TextColumn } from './scan-columns.ts';

/** Texts of a slice as numbers: row `i` has `texts[codes[i]]`. Code 0 is null. */
export interface TextCodes {
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  readonly texts: readonly (string | null)[];
}

/** Metadata of a slice: row `i` has the entries `codes[starts[i]]` to `codes[starts[i + 1] - 1]`. */
export interface EntryCodes {
  readonly starts: Uint32Array;
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  /** Key and value of each code; the value as JSON has it. */
  readonly entries: readonly (readonly [key: string, value: string | number | boolean])[];
}

/**
 * Some thousand rows of one gateway, column by column; columns are read when they are asked for. Everything in it is
 * only valid until the visit returns: memory is used again.
 */
export interface RowSlice {
  readonly gatewayRef: number;
  /** Rows that match, as positions in the columns, ascending. Never empty. */
  readonly matches: Uint32Array;
  /** By position; NaN is null. Booleans are 0 and 1. */
  numbers(column: NumberColumn): Float64Array;
  texts(column: TextColumn): TextCodes;
  /** Values of one key of the metadata as text, null where there is none. */
  metadataValues(key: string): TextCodes;
  metadata(): EntryCodes;
}

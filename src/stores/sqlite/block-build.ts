import type { BlockDraft } from './block-draft.ts';
import { encodeIds, encodeMetadata, encodeNumbers, encodeTexts } from './block-encode.ts';
import { type EncodedColumn, PART, SEQ_COLUMN, writeSummary } from './block-format.ts';
import { kindOf, SCAN_COLUMNS, type ScanColumn } from './scan-columns.ts';

export interface BuiltBlock {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly rows: number;
  /** Gateway, first position, position after the last; by gateway. */
  readonly slices: Uint32Array;
  readonly summary: Uint8Array;
  readonly parts: readonly { readonly column: number; readonly part: number; readonly bytes: Uint8Array }[];
}

/** The draft has rows. */
export function buildBlock(draft: BlockDraft): BuiltBlock {
  const { rows } = draft;
  const sort = sorterOf(draft.refs.subarray(0, rows));
  const refs = sort(draft.refs.subarray(0, rows));
  const ids = sort(draft.ids);
  const encode = (column: ScanColumn): EncodedColumn => {
    switch (kindOf(column)) {
      case 'number':
        return encodeNumbers(sort(draft.numbers(column)));
      case 'id':
        return encodeIds(column === 'id' || draft.eventIds === draft.ids ? ids : sort(draft.eventIds), ids);
      default: {
        const { texts, codes } = draft.texts(column);
        const sorted = sort(codes);
        return kindOf(column) === 'metadata' ? encodeMetadata(texts, sorted) : encodeTexts(texts, sorted);
      }
    }
  };
  const columns = SCAN_COLUMNS.map(encode);
  const { bytes: summary, inlined } = writeSummary(columns);
  const parts: { column: number; part: number; bytes: Uint8Array }[] = [];
  for (const [column, { domain, codes }] of columns.entries()) {
    if (domain !== null && !inlined[column]) parts.push({ column, part: PART.domain, bytes: domain });
    if (codes !== null) parts.push({ column, part: PART.codes, bytes: codes });
  }
  // Rows come in the order of their seqs.
  const firstSeq = draft.seqs[0]!;
  const lastSeq = draft.seqs[rows - 1]!;
  const seqs = sort(draft.seqs.subarray(0, rows));
  const offsets = lastSeq - firstSeq > 0xffff ? new Uint32Array(rows) : new Uint16Array(rows);
  for (let position = 0; position < rows; position++) offsets[position] = seqs[position]! - firstSeq;
  parts.push({ column: SEQ_COLUMN, part: PART.codes, bytes: new Uint8Array(offsets.buffer) });
  return { firstSeq, lastSeq, rows, slices: slicesOf(refs), summary, parts };
}

type Sortable = Float64Array | Uint32Array | readonly string[];

/** Puts what is said of rows in the order of a block: by gateway, and as they came within one. */
function sorterOf(refs: Uint32Array): <T extends Sortable>(values: T) => T {
  if (refs.every((ref, row) => row === 0 || refs[row - 1]! <= ref)) return (values) => values;
  const order = Uint32Array.from(refs.keys()).sort((a, b) => refs[a]! - refs[b]! || a - b);
  return (values) => {
    // One value that is that of every row stands in any order.
    if (values.length < order.length) return values;
    const sorted = values.slice() as { [row: number]: unknown };
    for (let position = 0; position < order.length; position++) sorted[position] = values[order[position]!];
    return sorted as typeof values;
  };
}

function slicesOf(refs: Uint32Array): Uint32Array {
  const slices: number[] = [];
  for (const [position, ref] of refs.entries()) {
    if (slices.at(-3) !== ref) slices.push(ref, position, position);
    slices[slices.length - 1] = position + 1;
  }
  return Uint32Array.from(slices);
}

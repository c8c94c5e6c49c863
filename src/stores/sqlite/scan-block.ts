import type { Block } from './block.ts';
import { KIND } from './block-format.ts';
import type { BlockMatch } from './block-scan.ts';
import type { NumberColumn, TextColumn } from './scan-columns.ts';
import type { EntryCodes, RowSlice, TextCodes } from './scan-slice.ts';

/** The rows of a block that match, as a slice. */
export function sliceOfBlock(gatewayRef: number, { block, start, end, marks, count }: BlockMatch): RowSlice {
  const matches = new Uint32Array(count);
  let at = 0;
  for (let position = start; position < end; position++) {
    if (marks === null || marks[position] === 1) matches[at++] = position;
  }
  return {
    gatewayRef,
    matches,
    numbers: (column: NumberColumn) => {
      const values = new Float64Array(block.rows);
      block.numbers(column).decode(block.codes(column), values, start, end);
      return values;
    },
    texts: (column: TextColumn) =>
      column === 'id' || column === 'eventId' ? idTexts(block, column, matches) : textsOf(block, column),
    metadataValues: (key) => valuesOf(block, key),
    metadata: () => entriesOf(block, end),
  };
}

function textsOf(block: Block, column: TextColumn): TextCodes {
  return { codes: block.codes(column) ?? same(block, column), texts: block.texts(column).all() };
}

/** Codes of a column whose rows are all alike. */
function same(block: Block, column: TextColumn | 'metadata'): Uint8Array {
  const codes = new Uint8Array(block.rows);
  return block.header(column).kind === KIND.empty ? codes : codes.fill(1);
}

function idTexts(block: Block, column: 'id' | 'eventId', matches: Uint32Array): TextCodes {
  const ids = block.ids(column);
  const codes = new Uint32Array(block.rows);
  const texts: (string | null)[] = [null];
  for (const position of matches) codes[position] = texts.push(ids.text(position)) - 1;
  return { codes, texts };
}

function valuesOf(block: Block, key: string): TextCodes {
  const list = block.metadata();
  const { from, to } = list.entriesOf(key);
  const ofSet = new Uint32Array(list.sets + 1);
  const texts: (string | null)[] = [null];
  const known = new Map<string, number>();
  const codeOf = (entry: number): number => {
    const text = String(list.entry(entry)[1]);
    let code = known.get(text);
    if (code === undefined) {
      code = texts.push(text) - 1;
      known.set(text, code);
    }
    return code;
  };
  const codes = Uint32Array.from({ length: to - from }, (_, index) => codeOf(from + index));
  for (let set = 1; set <= list.sets; set++) {
    const entry = list.members(set).find((member) => member >= from && member < to);
    if (entry !== undefined) ofSet[set] = codes[entry - from]!;
  }
  const sets = block.codes('metadata') ?? same(block, 'metadata');
  return { codes: Uint32Array.from(sets, (set) => ofSet[set]!), texts };
}

function entriesOf(block: Block, end: number): EntryCodes {
  const list = block.metadata();
  const sets = block.codes('metadata') ?? same(block, 'metadata');
  const starts = new Uint32Array(block.rows + 1);
  const codes: number[] = [];
  const members = Array.from({ length: list.sets + 1 }, (_, set) => (set === 0 ? [] : list.members(set)));
  for (let position = 0; position < end; position++) {
    for (const entry of members[sets[position]!]!) codes.push(entry - 1);
    starts[position + 1] = codes.length;
  }
  const entries = Array.from({ length: list.entries.count }, (_, index) => list.entry(index + 1));
  return { starts, codes: Uint32Array.from(codes), entries };
}

import type { Block } from './block.ts';
import { type Codes, KIND, widened } from './block-format.ts';
import { andMarks, andNotMarks, borrowMarks, countMarks, giveBackMarks, orMarks } from './mark-words.ts';
import type { ScanColumn } from './scan-columns.ts';

/** Sets `marks[position]` to 0 where it does not hold; only positions that are 1 need to be looked at. */
export type Mark = (marks: Uint8Array, start: number, end: number) => void;
/** What a test says of a block: of all its rows the same, or row by row. */
export type Outcome = boolean | Mark;
/** Reads as little of the block as it needs. */
export type BlockTest = (block: Block) => Outcome;

/** Up to so many codes, a list of those that are wanted is faster than several comparisons. */
const MOST_TABLED = 0xffff;

export const never: BlockTest = () => false;

export function not(test: BlockTest): BlockTest {
  return (block) => {
    const outcome = test(block);
    if (typeof outcome === 'boolean') return !outcome;
    return (marks, start, end) => {
      const holds = borrowMarks(end);
      holds.set(marks.subarray(start, end), start);
      outcome(holds, start, end);
      andNotMarks(marks, holds, start, end);
      giveBackMarks(holds);
    };
  };
}

export function anyOf(tests: readonly BlockTest[]): BlockTest {
  return (block) => {
    const some: Mark[] = [];
    for (const test of tests) {
      const outcome = test(block);
      if (outcome === true) return true;
      if (outcome !== false) some.push(outcome);
    }
    if (some.length <= 1) return some[0] ?? false;
    return (marks, start, end) => {
      const any = borrowMarks(end).fill(0, start, end);
      const holds = borrowMarks(end);
      for (const mark of some) {
        holds.set(marks.subarray(start, end), start);
        mark(holds, start, end);
        orMarks(any, holds, start, end);
      }
      andMarks(marks, any, start, end);
      giveBackMarks(holds);
      giveBackMarks(any);
    };
  };
}

/** The same for two tests of which the second costs much: it is asked about what the first has left. */
export function either(cheap: BlockTest, dear: BlockTest): BlockTest {
  return (block) => {
    const first = cheap(block);
    if (first === true) return true;
    if (first === false) return dear(block);
    return (marks, start, end) => {
      const holds = borrowMarks(end);
      holds.set(marks.subarray(start, end), start);
      first(holds, start, end);
      const rest = borrowMarks(end);
      rest.set(marks.subarray(start, end), start);
      andNotMarks(rest, holds, start, end);
      const second = countMarks(rest, start, end) > 0 && dear(block);
      if (second !== true) {
        if (second !== false) {
          second(rest, start, end);
          orMarks(holds, rest, start, end);
        }
        andMarks(marks, holds, start, end);
      }
      giveBackMarks(rest);
      giveBackMarks(holds);
    };
  };
}

/** Sets `found` to 1 at the positions at which it holds; only marked ones need to be looked at. */
export type Find = (found: Uint8Array, start: number, end: number, marks: Uint8Array) => void;

/** For what is easier to say of the positions at which it holds. */
export function whereFound(find: Find): Mark {
  return (marks, start, end) => {
    const found = borrowMarks(end).fill(0, start, end);
    find(found, start, end, marks);
    andMarks(marks, found, start, end);
    giveBackMarks(found);
  };
}

/** `table` says of each code, 0 included, whether it is wanted. */
export function markTable(block: Block, column: ScanColumn, table: Uint8Array): Outcome {
  const { hasNull } = block.header(column);
  let wanted = 0;
  for (let code = hasNull ? 0 : 1; code < table.length; code++) wanted += table[code]!;
  if (wanted === 0) return false;
  if (wanted === table.length - (hasNull ? 0 : 1)) return true;
  return (marks, start, end) => keepWanted(block.codes(column)!, table, marks, start, end);
}

export function keepWanted(
  codes: Codes,
  table: Uint8Array,
  marks: Uint8Array,
  start: number,
  end: number,
): void {
  // A loop for each width, so that each of them is compiled for one kind of list.
  if (codes instanceof Uint8Array) {
    for (let position = start; position < end; position++) marks[position]! &= table[codes[position]!]!;
  } else if (codes instanceof Uint16Array) {
    for (let position = start; position < end; position++) marks[position]! &= table[codes[position]!]!;
  } else {
    for (let position = start; position < end; position++) marks[position]! &= table[codes[position]!]!;
  }
}

/** Codes from the first of each pair to its second are wanted; `nullWanted` is about code 0. */
export function markRanges(
  block: Block,
  column: ScanColumn,
  ranges: readonly (readonly [from: number, to: number])[],
  nullWanted: boolean,
): Outcome {
  const { kind, hasNull, codes: largest } = block.header(column);
  const wanted = ranges.filter(([from, to]) => from <= to);
  if (kind === KIND.empty) return nullWanted;
  const nullMatters = hasNull && nullWanted;
  if (wanted.length === 0 && !nullMatters) return false;
  const whole = wanted.some(([from, to]) => from <= 1 && to >= largest);
  if (whole && (nullMatters || !hasNull)) return true;
  const all = nullMatters ? [[0, 0] as const, ...wanted] : wanted;
  if (all.length === 1) {
    const [from, to] = all[0]!;
    return (marks, start, end) => keepRange(block.codes(column)!, largest, from, to, marks, start, end);
  }
  if (largest <= MOST_TABLED) {
    const table = new Uint8Array(largest + 1);
    for (const [from, to] of all) table.fill(1, from, to + 1);
    return markTable(block, column, table);
  }
  return whereFound((found, start, end) => {
    const codes = widened(block.codes(column)!, start, end);
    for (const [from, to] of all) {
      const span = to - from;
      for (let position = start; position < end; position++) {
        const over = codes[position]! - from;
        if (over >= 0 && over <= span) found[position] = 1;
      }
    }
  });
}

function keepRange(
  codes: Codes,
  largest: number,
  from: number,
  to: number,
  marks: Uint8Array,
  start: number,
  end: number,
): void {
  // Without a branch where all codes are below 2 ** 31: which way it goes could not be foreseen.
  if (codes instanceof Uint8Array) {
    for (let position = start; position < end; position++) {
      const code = codes[position]!;
      marks[position]! &= (((code - from) | (to - code)) >>> 31) ^ 1;
    }
  } else if (codes instanceof Uint16Array) {
    for (let position = start; position < end; position++) {
      const code = codes[position]!;
      marks[position]! &= (((code - from) | (to - code)) >>> 31) ^ 1;
    }
  } else if (largest < 2 ** 31) {
    for (let position = start; position < end; position++) {
      const code = codes[position]! | 0;
      marks[position]! &= (((code - from) | (to - code)) >>> 31) ^ 1;
    }
  } else {
    for (let position = start; position < end; position++) {
      const code = codes[position]!;
      marks[position]! &= code >= from && code <= to ? 1 : 0;
    }
  }
}

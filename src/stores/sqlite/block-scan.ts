import type { Block } from './block.ts';
import { blockFilter } from './block-filter.ts';
import { hasBit } from './block-format.ts';
import type { BlockTest, Mark } from './block-marks.ts';
import { blockSearch } from './block-search.ts';
import type { Database } from './database.ts';
import type { Selection } from './logs-filter.ts';
import { NumberText } from './number-text.ts';

/** What of a block matches. */
export interface BlockMatch {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
  /** 1 at the positions that match; null when all from start to end do. Valid until the next block. */
  readonly marks: Uint8Array | null;
  /** How many match; never 0. */
  readonly count: number;
}

/** All conditions of a selection: a row matches when every one of them holds. For `textMatches` see listRows. */
export function blockTests(
  database: Database,
  selection: Selection,
  textMatches: readonly number[] = [],
): BlockTest[] {
  const texts = new NumberText(database);
  const { filters, search, from = null, to = null } = selection;
  const tests = filters.map((filter) => blockFilter(filter, texts));
  // Whole numbers: what is from a time on is after the time before it.
  if (from !== null) {
    tests.push(blockFilter({ key: 'created_at', operator: 'gt', value: [from - 1] }, texts));
  }
  if (to !== null) tests.push(blockFilter({ key: 'created_at', operator: 'lt', value: [to] }, texts));
  if (search !== null && search !== '') tests.push(blockSearch(search, textMatches));
  return tests;
}

let marksBuffer = new Uint8Array(8192);

/** The rows of one gateway in one block for which all tests hold; null when there are none. */
export function matchBlock(block: Block, gatewayRef: number, tests: readonly BlockTest[]): BlockMatch | null {
  const slice = block.slice(gatewayRef);
  if (slice === null) return null;
  const { start, end } = slice;
  const open: Mark[] = [];
  for (const test of tests) {
    const outcome = test(block);
    if (outcome === false) return null;
    if (outcome !== true) open.push(outcome);
  }
  if (open.length === 0 && block.absent === null)
    return { block, start, end, marks: null, count: end - start };
  if (marksBuffer.length < end) marksBuffer = new Uint8Array(end);
  const marks = marksBuffer;
  marks.fill(1, start, end);
  for (const mark of open) {
    mark(marks, start, end);
    const first = marks.indexOf(1, start);
    if (first === -1 || first >= end) return null;
  }
  const { absent } = block;
  if (absent !== null) {
    for (let position = start; position < end; position++) if (hasBit(absent, position)) marks[position] = 0;
  }
  let count = 0;
  for (let position = start; position < end; position++) count += marks[position]!;
  return count === 0 ? null : { block, start, end, marks, count };
}

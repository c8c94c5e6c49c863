import type { LogFilter } from '../../core/stores/logs.ts';
import type { Block } from './block.ts';
import { blockFilter } from './block-filter.ts';
import { hasBit } from './block-format.ts';
import type { BlockTest, Mark } from './block-marks.ts';
import { blockSearch } from './block-search.ts';
import type { Database } from './database.ts';
import type { Selection } from './logs-filter.ts';
import { borrowMarks, countMarks } from './mark-words.ts';
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

/** Tests that must all hold, those first that cost little: the others are not asked where these leave nothing. */
export type Tests = readonly (readonly BlockTest[])[];

/** All conditions of a selection: a row matches when every one of them holds. For `textMatches` see listRows. */
export function blockTests(
  database: Database,
  selection: Selection,
  textMatches: readonly number[] = [],
): Tests {
  const texts = new NumberText(database);
  const { filters, search, from = null, to = null } = selection;
  const times: LogFilter[] = [];
  // Whole numbers: what is from a time on is after the time before it.
  if (from !== null) times.push({ key: 'created_at', operator: 'gt', value: [from - 1] });
  if (to !== null) times.push({ key: 'created_at', operator: 'lt', value: [to] });
  const ranked: BlockTest[][] = [];
  for (const filter of [...times, ...filters]) {
    ranked[rankOf(filter)] ??= [];
    ranked[rankOf(filter)]!.push(blockFilter(filter, texts));
  }
  const tests = ranked.filter((rank) => rank !== undefined);
  if (search !== null && search !== '') tests.push([blockSearch(search, textMatches)]);
  return tests;
}

/** Codes alone; all values of a column; metadata; something of every row. */
function rankOf({ key, operator }: LogFilter): number {
  if (key.startsWith('metadata')) return 2;
  if (operator !== 'contains') return 0;
  return key === 'id' || key === 'event_id' ? 3 : 1;
}

let marksBuffer = borrowMarks(0);

/** The rows of one gateway in one block for which all tests hold; null when there are none. */
export function matchBlock(block: Block, gatewayRef: number, tests: Tests): BlockMatch | null {
  const slice = block.slice(gatewayRef);
  if (slice === null) return null;
  const { start, end } = slice;
  let marks: Uint8Array | null = null;
  const begin = (): Uint8Array => {
    if (marksBuffer.length < end) marksBuffer = borrowMarks(end);
    return marksBuffer.fill(1, start, end);
  };
  for (const rank of tests) {
    const open: Mark[] = [];
    for (const test of rank) {
      const outcome = test(block);
      if (outcome === false) return null;
      if (outcome !== true) open.push(outcome);
    }
    for (const mark of open) {
      marks ??= begin();
      mark(marks, start, end);
      const first = marks.indexOf(1, start);
      if (first === -1 || first >= end) return null;
    }
  }
  const { absent } = block;
  if (absent !== null) {
    marks ??= begin();
    for (let position = start; position < end; position++) if (hasBit(absent, position)) marks[position] = 0;
  }
  const count = marks === null ? end - start : countMarks(marks, start, end);
  return count === 0 ? null : { block, start, end, marks, count };
}

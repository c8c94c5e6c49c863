import { COLUMN, type ColumnValue, type LogColumn } from '../../core/stores/log-columns.ts';
import { addFigures, type BlockEntry, type CountList } from './rollup-block.ts';
import { addFiguresOf, emptyFigures } from './rollup-contribution.ts';
import { beginOf } from './rollup-widths.ts';

/** All that blocks and their entries are told apart by, but the gateway and the minute. */
const TOLD_APART_BY = (
  [
    'metadata',
    'model',
    'path',
    'statusCode',
    'cacheKind',
    'userId',
    'userAgent',
    'tokenId',
    'provider',
    'errorType',
    'success',
    'cached',
    'rateLimited',
  ] as const satisfies readonly LogColumn[]
).map((name) => COLUMN[name]);
const PLACES = 64;

interface Tally {
  gatewayRef: number;
  minute: number;
  readonly values: ColumnValue[];
  /** Of all blocks. */
  readonly entries: BlockEntry[];
  readonly sums: Float64Array;
  readonly counts: readonly CountList[];
}

/** Puts the entries into the list that a record with these columns, and every one that is like it, adds to. */
type FindEntries = (gatewayRef: number, columns: readonly ColumnValue[], into: BlockEntry[]) => void;

/**
 * Most records are like one shortly before them, and add to the same ten entries or so. So they are added up once, and
 * that to the entries. Like core/memo.ts a table in which the newest takes the place of another.
 */
export class RollupTallies {
  readonly #findEntries: FindEntries;
  readonly #places: Tally[];

  constructor(findEntries: FindEntries) {
    this.#findEntries = findEntries;
    this.#places = Array.from({ length: PLACES }, () => ({
      gatewayRef: 0,
      minute: 0,
      values: TOLD_APART_BY.map(() => null),
      entries: [],
      ...emptyFigures(),
    }));
  }

  add(gatewayRef: number, columns: readonly ColumnValue[]): void {
    const minute = beginOf(columns[COLUMN.createdAt] as number, 0);
    const tally = this.#places[placeOf(columns)]!;
    if (tally.gatewayRef !== gatewayRef || tally.minute !== minute || !isLike(tally, columns)) {
      handOver(tally);
      tally.gatewayRef = gatewayRef;
      tally.minute = minute;
      for (let index = 0; index < TOLD_APART_BY.length; index++)
        tally.values[index] = columns[TOLD_APART_BY[index]!] ?? null;
      this.#findEntries(gatewayRef, columns, tally.entries);
    }
    addFiguresOf(columns, tally);
  }

  /** Adds everything to the entries, which may be others for the records that follow. */
  handOver(): void {
    for (const tally of this.#places) handOver(tally);
  }

  forget(): void {
    for (const tally of this.#places) clear(tally);
  }
}

function placeOf(columns: readonly ColumnValue[]): number {
  let hash = 0;
  for (let index = 0; index < TOLD_APART_BY.length; index++) {
    const value = columns[TOLD_APART_BY[index]!];
    if (typeof value === 'number') hash = (hash * 31 + value) | 0;
    else if (typeof value === 'string') {
      const { length } = value;
      const middle = value.charCodeAt(length >> 1);
      hash = (hash * 31 + length * 7 + middle + 3 * value.charCodeAt(length - 1)) | 0;
    }
  }
  return hash & (PLACES - 1);
}

function isLike({ entries, values }: Tally, columns: readonly ColumnValue[]): boolean {
  if (entries.length === 0) return false;
  for (let index = 0; index < TOLD_APART_BY.length; index++) {
    if (values[index] !== (columns[TOLD_APART_BY[index]!] ?? null)) return false;
  }
  return true;
}

function handOver(tally: Tally): void {
  for (const entry of tally.entries) addFigures(entry, tally);
  clear(tally);
}

function clear({ entries, sums, counts }: Tally): void {
  if (entries.length === 0) return;
  entries.length = 0;
  sums.fill(0);
  for (const list of counts) list.length = 0;
}

import type { LogPage } from '../../core/stores/logs.ts';
import { BLOCK_ROWS, widened } from './block-format.ts';
import type { BlockMatch } from './block-scan.ts';
import type { Row } from './database.ts';
import { type NumberColumn, recordColumn } from './scan-columns.ts';

type Name = keyof NonNullable<LogPage['ranges']>;

const COLUMNS = {
  cost: 'costNanos',
  duration: 'durationMs',
  tokensIn: 'inputTokens',
  tokensOut: 'outputTokens',
  totalTokens: 'totalTokens',
} as const satisfies Record<Name, NumberColumn>;
const NAMES = Object.keys(COLUMNS) as Name[];

export const RANGE_COLUMNS = NAMES.map((name) => recordColumn(COLUMNS[name])).join(', ');

/** Smallest and largest values of what matches. */
export class Ranges {
  readonly #least = new Map<Name, number>();
  readonly #most = new Map<Name, number>();

  addRow(row: Row): void {
    for (const name of NAMES) {
      const value = row[recordColumn(COLUMNS[name])];
      if (typeof value === 'number') this.#add(name, value);
    }
  }

  addBlock(match: BlockMatch): void {
    // Positions are needed by several columns, but only when one of them may have something new.
    let matches: Uint32Array | null = null;
    for (const name of NAMES) {
      const column = COLUMNS[name];
      const list = match.block.numbers(column);
      if (list.count === 0 || this.#holds(name, list.value(1), list.value(list.count))) continue;
      const codes = match.block.codes(column);
      if (codes === null) {
        this.#add(name, list.value(1));
        continue;
      }
      matches ??= positionsOf(match);
      const wide = widened(codes, match.start, match.end);
      let least = list.count + 1;
      let most = 0;
      for (let at = 0; at < match.count; at++) {
        const code = wide[matches[at]!]!;
        if (code > most) most = code;
        if (code < least && code !== 0) least = code;
      }
      if (most === 0) continue;
      this.#add(name, list.value(least));
      this.#add(name, list.value(most));
    }
  }

  done(): NonNullable<LogPage['ranges']> {
    const range = (name: Name) => [this.#least.get(name) ?? null, this.#most.get(name) ?? null] as const;
    return {
      cost: range('cost'),
      duration: range('duration'),
      tokensIn: range('tokensIn'),
      tokensOut: range('tokensOut'),
      totalTokens: range('totalTokens'),
    };
  }

  #holds(name: Name, least: number, most: number): boolean {
    const [from, to] = [this.#least.get(name), this.#most.get(name)];
    return from !== undefined && to !== undefined && least >= from && most <= to;
  }

  #add(name: Name, value: number): void {
    this.#least.set(name, Math.min(this.#least.get(name) ?? value, value));
    this.#most.set(name, Math.max(this.#most.get(name) ?? value, value));
  }
}

let positions = new Uint32Array(BLOCK_ROWS);

/** Valid until the next call. */
function positionsOf({ start, end, marks, count }: BlockMatch): Uint32Array {
  if (positions.length < end) positions = new Uint32Array(end);
  if (marks === null) {
    for (let at = 0; at < count; at++) positions[at] = start + at;
    return positions;
  }
  let at = 0;
  for (let position = start; position < end; position++) {
    positions[at] = position;
    at += marks[position]!;
  }
  return positions;
}

export function noRanges(): NonNullable<LogPage['ranges']> {
  return new Ranges().done();
}

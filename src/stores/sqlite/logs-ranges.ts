import type { LogPage } from '../../core/stores/logs.ts';
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

  addBlock({ block, start, end, marks }: BlockMatch): void {
    for (const name of NAMES) {
      const column = COLUMNS[name];
      const list = block.numbers(column);
      if (list.count === 0) continue;
      const codes = block.codes(column);
      if (codes === null) {
        this.#add(name, list.value(1));
        continue;
      }
      let least = list.count + 1;
      let most = 0;
      for (let position = start; position < end; position++) {
        if (marks !== null && marks[position] === 0) continue;
        const code = codes[position]!;
        if (code === 0) continue;
        if (code < least) least = code;
        if (code > most) most = code;
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

  #add(name: Name, value: number): void {
    this.#least.set(name, Math.min(this.#least.get(name) ?? value, value));
    this.#most.set(name, Math.max(this.#most.get(name) ?? value, value));
  }
}

export function noRanges(): NonNullable<LogPage['ranges']> {
  return new Ranges().done();
}

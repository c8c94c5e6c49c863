import type { Database, Statement } from './database.ts';
import type { NumberColumn } from './scan-columns.ts';
import { foldCase } from './text-list.ts';

export const REAL = new Set<NumberColumn>([
  'durationMs',
  'firstByteMs',
  'overheadMs',
  'tokensPerSecond',
  'score',
]);
/** Below it, no double is printed with an exponent. */
export const PLAIN = 1e12;

/** Numbers as SQLite prints them, in lower case; what is not plain is asked of SQLite itself. */
export class NumberText {
  readonly #cast: Statement;

  constructor(database: Database) {
    this.#cast = database.prepare('SELECT CAST(CAST(? AS REAL) AS TEXT) AS text');
  }

  ofColumn(column: NumberColumn, value: number): string {
    if (Number.isSafeInteger(value) && !REAL.has(column)) return String(value);
    if (Math.abs(value) < PLAIN && Math.round(value * 1000) / 1000 === value) {
      return Number.isInteger(value) ? `${value}.0` : String(value);
    }
    return this.#ask(value);
  }

  /** Of a number in JSON. */
  ofJson(value: number): string {
    return Number.isSafeInteger(value) ? String(value) : this.#ask(value);
  }

  #ask(value: number): string {
    return foldCase(String(this.#cast.get(value)?.text));
  }
}

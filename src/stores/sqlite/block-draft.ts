import { LOG_COLUMNS } from '../../core/stores/log-columns.ts';
import { splitMetadata } from './block-encode.ts';
import { kindOf, recordColumn, SCAN_COLUMNS, type ScanColumn } from './scan-columns.ts';

/** What a row must have to be put into a block, in this order. */
export const BLOCK_SELECTED = ['seq', 'gateway_ref', ...SCAN_COLUMNS.map(recordColumn)].join(', ');

/** Where each of SCAN_COLUMNS stands in a row of BLOCK_SELECTED. */
export const IN_ROW: readonly number[] = SCAN_COLUMNS.map((_, index) => index + 2);
/** Where each stands in the columns of a record; what is only said later, and is null now, stands behind them. */
export const IN_RECORD: readonly number[] = SCAN_COLUMNS.map((name) => {
  const at = (LOG_COLUMNS as readonly string[]).indexOf(name);
  return at < 0 ? LOG_COLUMNS.length : at;
});

const placesOf = (...kinds: string[]): readonly number[] =>
  SCAN_COLUMNS.flatMap((name, index) => (kinds.includes(kindOf(name)) ? [index] : []));
const NUMBERS = placesOf('number');
const TEXTS = placesOf('text');
const METADATA = SCAN_COLUMNS.indexOf('metadata');
const ID = SCAN_COLUMNS.indexOf('id');
const EVENT_ID = SCAN_COLUMNS.indexOf('eventId');

type Values = ArrayLike<unknown>;

/** How much text is kept of all columns, in characters. */
interface Kept {
  characters: number;
}

/**
 * The rows of one block to be, column by column and in the order of their seqs. A column takes up no room while all its
 * values are alike, and a text is kept once: little of a block's size is held while its rows come in.
 */
export class BlockDraft {
  readonly capacity: number;
  readonly refs: Uint32Array;
  readonly seqs: Float64Array;
  readonly ids: string[] = [];
  /** The same list as `ids` while no row's is another. */
  #eventIds: string[] | null = null;
  readonly #numbers: readonly NumberColumn[];
  readonly #texts: readonly TextColumn[];
  readonly #metadata: TextColumn;
  readonly #kept: Kept = { characters: 0 };
  #rows = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.refs = new Uint32Array(capacity);
    this.seqs = new Float64Array(capacity);
    this.#numbers = NUMBERS.map(() => new NumberColumn(capacity));
    this.#texts = TEXTS.map(() => new TextColumn(capacity, this.#kept));
    this.#metadata = new TextColumn(capacity, this.#kept, (text) => splitMetadata(text) !== null);
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows === this.capacity;
  }

  /** Characters of the texts that it keeps. */
  get characters(): number {
    return this.#kept.characters;
  }

  get eventIds(): readonly string[] {
    return this.#eventIds ?? this.ids;
  }

  /** False for a row that was not added: a block cannot say it exactly, or the table has it in another way. */
  add(seq: number, gatewayRef: number, values: Values, places: readonly number[]): boolean {
    const row = this.#rows;
    const numbers = this.#numbers;
    for (let index = 0; index < numbers.length; index++) {
      if (!numbers[index]!.add(row, values[places[NUMBERS[index]!]!])) return false;
    }
    if (!this.#metadata.add(row, values[places[METADATA]!])) return false;
    const texts = this.#texts;
    for (let index = 0; index < texts.length; index++) {
      if (!texts[index]!.add(row, values[places[TEXTS[index]!]!])) return false;
    }
    if (!this.#addIds(values[places[ID]!], values[places[EVENT_ID]!])) return false;
    this.refs[row] = gatewayRef;
    this.seqs[row] = seq;
    this.#rows++;
    return true;
  }

  numbers(column: ScanColumn): Float64Array {
    return this.#numbers[NUMBERS.indexOf(SCAN_COLUMNS.indexOf(column))]!.values(this.#rows);
  }

  texts(column: ScanColumn): TextCodes {
    const at = SCAN_COLUMNS.indexOf(column);
    return (at === METADATA ? this.#metadata : this.#texts[TEXTS.indexOf(at)]!).codes(this.#rows);
  }

  #addIds(id: unknown, eventId: unknown): boolean {
    if (typeof id !== 'string' || typeof eventId !== 'string') return false;
    if (id !== eventId) {
      this.#eventIds ??= this.ids.slice();
      this.#kept.characters += eventId.length;
    }
    this.ids.push(id);
    this.#eventIds?.push(eventId);
    return true;
  }
}

/** Numbers, and NaN for null. */
class NumberColumn {
  readonly #capacity: number;
  #first = Number.NaN;
  /** Null while all are as the first. */
  #values: Float64Array | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(row: number, value: unknown): boolean {
    let number = Number.NaN;
    if (typeof value === 'number') number = value;
    else if (value !== null && value !== undefined) return false;
    if (this.#values !== null) this.#values[row] = number;
    else if (row === 0) this.#first = number;
    else if (!Object.is(number, this.#first)) {
      this.#values = new Float64Array(this.#capacity).fill(this.#first, 0, row);
      this.#values[row] = number;
    }
    return true;
  }

  values(rows: number): Float64Array {
    return this.#values?.subarray(0, rows) ?? Float64Array.of(this.#first);
  }
}

/** Distinct texts, and for each row which of them: 0 is null, 1 the first. One code alone is that of every row. */
export interface TextCodes {
  readonly texts: readonly string[];
  readonly codes: Uint32Array;
}

class TextColumn {
  readonly #capacity: number;
  readonly #kept: Kept;
  readonly #accepts: ((text: string) => boolean) | null;
  readonly #texts: string[] = [];
  readonly #codeOf = new Map<string, number>();
  #last: string | null = null;
  #lastCode = 0;
  #first = 0;
  /** Null while all are as the first. */
  #codes: Uint32Array | null = null;

  constructor(capacity: number, kept: Kept, accepts: ((text: string) => boolean) | null = null) {
    this.#capacity = capacity;
    this.#kept = kept;
    this.#accepts = accepts;
  }

  add(row: number, value: unknown): boolean {
    let code = 0;
    // Most rows have what the one before them has.
    if (value === this.#last) code = this.#lastCode;
    else if (typeof value === 'string') {
      const known = this.#codeOf.get(value) ?? this.#addText(value);
      if (known === null) return false;
      code = known;
      this.#last = value;
      this.#lastCode = code;
    } else if (value !== null && value !== undefined) return false;
    if (this.#codes !== null) this.#codes[row] = code;
    else if (row === 0) this.#first = code;
    else if (code !== this.#first) {
      this.#codes = new Uint32Array(this.#capacity).fill(this.#first, 0, row);
      this.#codes[row] = code;
    }
    return true;
  }

  codes(rows: number): TextCodes {
    return { texts: this.#texts, codes: this.#codes?.subarray(0, rows) ?? Uint32Array.of(this.#first) };
  }

  #addText(value: string): number | null {
    if (this.#accepts?.(value) === false) return null;
    // As the table gives it back: half a character has no bytes of its own.
    const text = value.toWellFormed();
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#texts.push(text);
      this.#codeOf.set(text, code);
    }
    if (text !== value) this.#codeOf.set(value, code);
    this.#kept.characters += value.length;
    return code;
  }
}

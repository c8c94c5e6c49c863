import { countMarks } from './mark-words.ts';

export const UUID_BYTES = 16;
export const UUID_LAYOUT = '########-####-####-####-############';
/** For fewer rows than this part of all, each is looked at, else all bytes at once. */
const FEW_ROWS = 8;

/** What a byte may be of two digits: both of them, the second (its first digit), the first (its second digit). */
const BOTH = 1;
const SECOND = 2;
const FIRST = 4;

/**
 * Finds a text within UUIDs that are kept as bytes. A byte is two digits, so the text begins with a byte or within one.
 * Digits on both sides of a hyphen only match a text that has the hyphen.
 */
export class UuidSearch {
  readonly #digits: readonly number[];
  /** For what every id has within it. */
  readonly #always: boolean;
  /** The digits of an id at which the text may begin. */
  readonly #starts: readonly number[];
  readonly #mayStart = new Uint8Array(UUID_BYTES * 2);
  /** Its whole bytes, when it begins with a byte, and when it begins within one. */
  readonly #wholeBytes: readonly [Buffer, Buffer];

  constructor(folded: string) {
    const text = folded.replaceAll('-', '');
    const shape = folded.replace(/[0-9a-f]/g, '#');
    this.#always = folded === '' || folded === '-';
    this.#digits = Array.from(text, (digit) => Number.parseInt(digit, 16));
    this.#starts = Array.from(UUID_LAYOUT, (_, offset) => offset)
      .filter((offset) => text !== '' && UUID_LAYOUT.startsWith(shape, offset))
      .map((offset) => UUID_LAYOUT.slice(0, offset).replaceAll('-', '').length);
    for (const start of this.#starts) this.#mayStart[start] = 1;
    const wholeFrom = (at: number): Buffer =>
      Buffer.from(text.slice(at, at + ((text.length - at) & ~1)), 'hex');
    this.#wholeBytes = [wholeFrom(0), wholeFrom(1)];
  }

  /** Sets `found` at those of the marked positions whose id has the text. */
  mark(ids: Buffer, found: Uint8Array, start: number, end: number, marks: Uint8Array): void {
    if (this.#always) found.fill(1, start, end);
    if (this.#starts.length === 0) return;
    const few = countMarks(marks, start, end) * FEW_ROWS < end - start;
    if (!few && this.#digits.length === 2 && this.#mayStart[0] === 1) {
      this.#tryPairs(ids, found, start, end, marks);
      return;
    }
    if (few || this.#wholeBytes.some(({ length }) => length === 0)) {
      this.#tryEach(ids, found, start, end, marks);
      return;
    }
    const hay = ids.subarray(start * UUID_BYTES, end * UUID_BYTES);
    for (const [before, bytes] of this.#wholeBytes.entries()) {
      const wanted = bytes.length === 1 ? bytes[0]! : bytes;
      for (let at = hay.indexOf(wanted); at !== -1; ) {
        const position = start + Math.floor(at / UUID_BYTES);
        const digit = (at % UUID_BYTES) * 2 - before;
        const fits = this.#mayStart[digit] === 1 && this.#isAt(ids, position * UUID_BYTES, digit);
        if (fits) found[position] = 1;
        at = hay.indexOf(wanted, fits ? (position - start + 1) * UUID_BYTES : at + 1);
      }
    }
  }

  #tryEach(ids: Buffer, found: Uint8Array, start: number, end: number, marks: Uint8Array): void {
    const starts = this.#starts;
    for (let position = start; position < end; position++) {
      if (marks[position] === 0) continue;
      for (let index = 0; index < starts.length; index++) {
        if (!this.#isAt(ids, position * UUID_BYTES, starts[index]!)) continue;
        found[position] = 1;
        break;
      }
    }
  }

  /** Of two digits, which stand at most places: each byte says what it may be of them. */
  #tryPairs(ids: Buffer, found: Uint8Array, start: number, end: number, marks: Uint8Array): void {
    const [one, two] = this.#digits;
    const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
      const [first, second] = [(byte & 15) === one ? FIRST : 0, byte >> 4 === two ? SECOND : 0];
      return first | second | (byte >> 4 === one && (byte & 15) === two ? BOTH : 0);
    });
    const mayStart = this.#mayStart;
    for (let position = start; position < end; position++) {
      if (marks[position] === 0) continue;
      const at = position * UUID_BYTES;
      let before = kinds[ids[at]!]!;
      let holds = before & BOTH;
      for (let byte = 1; byte < UUID_BYTES; byte++) {
        const kind = kinds[ids[at + byte]!]!;
        holds |= (kind & BOTH) | ((kind >> 1) & (before >> 2) & mayStart[byte * 2 - 1]!);
        before = kind;
      }
      found[position]! |= holds;
    }
  }

  #isAt(ids: Buffer, first: number, start: number): boolean {
    const digits = this.#digits;
    for (let index = 0; index < digits.length; index++) {
      const byte = ids[first + ((start + index) >> 1)]!;
      const own = ((start + index) & 1) === 0 ? byte >> 4 : byte & 15;
      if (own !== digits[index]) return false;
    }
    return true;
  }
}

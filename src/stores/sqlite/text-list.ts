/** ASCII letters only: the letters whose case LIKE ignores. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether no text of a list has a capital letter of ASCII; null until somebody tells. */
export interface Capitals {
  readonly none: boolean | null;
  readonly tell: (none: boolean) => void;
}

/** What is shorter is found so often that a search within a string, which costs less to begin, is faster. */
const RARE_BYTES = 3;
const BACKSLASH = 0x5c;

/** Distinct texts in the order of their UTF-8 bytes; code 1 is the first. */
export class TextList {
  static readonly EMPTY = new TextList(new Uint8Array(4), 0);
  readonly count: number;
  readonly #starts: Uint32Array;
  readonly #bytes: Buffer;
  readonly #capitals: Capitals | null;
  #texts: (string | null)[] | null = null;

  constructor(packed: Uint8Array, count: number, capitals: Capitals | null = null) {
    this.count = count;
    this.#capitals = capitals;
    this.#starts = new Uint32Array(packed.buffer, packed.byteOffset, count + 1);
    const at = packed.byteOffset + this.#starts.byteLength;
    this.#bytes = Buffer.from(packed.buffer, at, packed.byteOffset + packed.byteLength - at);
  }

  /** Of a code from 1. */
  text(code: number): string {
    return this.#bytes.toString('utf8', this.#starts[code - 1]!, this.#starts[code]!);
  }

  /** By code; the first is null. */
  all(): readonly (string | null)[] {
    if (this.#texts === null) {
      this.#texts = [null];
      for (let code = 1; code <= this.count; code++) this.#texts.push(this.text(code));
    }
    return this.#texts;
  }

  /** The first code whose text is at least the wanted one, or above it; `count + 1` when there is none. */
  firstCode(wanted: Uint8Array, above: boolean): number {
    let [low, high] = [1, this.count + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = this.compare(middle, wanted);
      if (above ? order <= 0 : order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Below 0 when the text of the code comes before the wanted one. */
  compare(code: number, wanted: Uint8Array): number {
    const bytes = this.#bytes;
    const from = this.#starts[code - 1]!;
    const length = this.#starts[code]! - from;
    const common = Math.min(length, wanted.length);
    // Most differ soon: a call that compares all costs more than this.
    for (let at = 0; at < common; at++) {
      const order = bytes[from + at]! - wanted[at]!;
      if (order !== 0) return order;
    }
    return length - wanted.length;
  }

  /** The same for a text without so many bytes before and after; null when a backslash comes before the difference. */
  compareWithin(code: number, before: number, after: number, wanted: Uint8Array): number | null {
    const bytes = this.#bytes;
    const from = this.#starts[code - 1]! + before;
    const length = this.#starts[code]! - after - from;
    for (let at = 0; at < length; at++) {
      const byte = bytes[from + at]!;
      if (byte === BACKSLASH) return null;
      if (at === wanted.length) return 1;
      const order = byte - wanted[at]!;
      if (order !== 0) return order;
    }
    return length - wanted.length;
  }

  /** Code of a text; 0 when it is not there. */
  find(wanted: Uint8Array): number {
    const code = this.firstCode(wanted, false);
    return code <= this.count && this.compare(code, wanted) === 0 ? code : 0;
  }

  hasBackslash(from: number, to: number): boolean {
    return this.#bytes.subarray(this.#starts[from - 1]!, this.#starts[to - 1]!).includes(BACKSLASH);
  }

  /**
   * Codes of the texts that have the wanted one within them, whatever the case of ASCII letters. So many bytes at the
   * beginning and at the end of each text are not looked at.
   */
  containing(needle: Needle, from = 1, to = this.count + 1, before = 0, after = 0): number[] {
    if (from >= to) return [];
    if (needle.isEmpty) return Array.from({ length: to - from }, (_, index) => from + index);
    const base = this.#starts[from - 1]!;
    const bytes = this.#bytes.subarray(base, this.#starts[to - 1]!);
    const margins = { before, after };
    const asItIs = !needle.hasCase || this.#hasNoCapitals();
    if (asItIs && needle.bytes.length >= RARE_BYTES) {
      return this.#codesAt((at) => bytes.indexOf(needle.bytes, at), from, needle, margins, true);
    }
    // As Latin-1, one character is one byte, and one call folds and searches all texts at once.
    const latin1 = bytes.toString('latin1');
    if (asItIs) {
      const wanted = needle.bytes.toString('latin1');
      return this.#codesAt((at) => latin1.indexOf(wanted, at), from, needle, margins, true);
    }
    const hay = latin1.toLowerCase();
    return this.#codesAt((at) => hay.indexOf(needle.latin1, at), from, needle, margins, needle.isAscii);
  }

  /** Codes from `from` on at whose texts a search stops; `exact` says that what it finds needs no second look. */
  #codesAt(
    search: (at: number) => number,
    from: number,
    needle: Needle,
    { before, after }: { readonly before: number; readonly after: number },
    exact: boolean,
  ): number[] {
    const base = this.#starts[from - 1]!;
    const found: number[] = [];
    let code = from;
    for (let at = search(before); at !== -1; ) {
      while (this.#starts[code]! - base <= at) code++;
      const first = this.#starts[code - 1]! - base + before;
      const end = this.#starts[code]! - base;
      if (at < first) {
        at = search(first);
      } else if (at + needle.bytes.length > end - after) {
        at = search(at + 1);
      } else if (exact || this.#holds(code, needle, before, after)) {
        found.push(code);
        at = search(end + before);
      } else {
        at = search(at + 1);
      }
    }
    return found;
  }

  #holds(code: number, { folded }: Needle, before: number, after: number): boolean {
    const own = this.#bytes.toString('utf8', this.#starts[code - 1]! + before, this.#starts[code]! - after);
    return foldCase(own).includes(folded);
  }

  #hasNoCapitals(): boolean {
    if (this.#capitals === null) return false;
    if (this.#capitals.none !== null) return this.#capitals.none;
    const none = !/[A-Z]/.test(this.#bytes.toString('latin1', 0, this.#starts[this.count]!));
    this.#capitals.tell(none);
    return none;
  }
}

/** What is looked for within texts. */
export class Needle {
  readonly folded: string;
  /** In UTF-8. */
  readonly bytes: Buffer;
  /** Its bytes, folded as Latin-1: bytes of other letters may be taken for it, none of its own is missed. */
  readonly latin1: string;
  readonly isAscii: boolean;
  /** Whether it has anything in it that may be found in another case. */
  readonly hasCase: boolean;

  constructor(text: string) {
    this.folded = foldCase(text.toWellFormed());
    this.bytes = Buffer.from(this.folded);
    this.latin1 = this.bytes.toString('latin1').toLowerCase();
    this.hasCase = /[a-z]/.test(this.folded);
    this.isAscii = this.latin1.length === this.folded.length;
  }

  get isEmpty(): boolean {
    return this.folded === '';
  }
}

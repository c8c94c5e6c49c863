/** ASCII letters only: the letters whose case LIKE ignores. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Distinct texts in the order of their UTF-8 bytes; code 1 is the first. */
export class TextList {
  static readonly EMPTY = new TextList(new Uint8Array(4), 0);
  readonly count: number;
  readonly #starts: Uint32Array;
  readonly #bytes: Buffer;
  #texts: (string | null)[] | null = null;

  constructor(packed: Uint8Array, count: number) {
    this.count = count;
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
    return this.#bytes.compare(wanted, 0, wanted.length, this.#starts[code - 1]!, this.#starts[code]!);
  }

  /** Code of a text; 0 when it is not there. */
  find(wanted: Uint8Array): number {
    const code = this.firstCode(wanted, false);
    return code <= this.count && this.compare(code, wanted) === 0 ? code : 0;
  }

  /** Codes of the texts that have the wanted one within them, whatever the case of ASCII letters. */
  containing(needle: Needle, from = 1, to = this.count + 1): number[] {
    if (from >= to) return [];
    if (needle.isEmpty) return Array.from({ length: to - from }, (_, index) => from + index);
    const base = this.#starts[from - 1]!;
    // As Latin-1, one character is one byte, and one call folds and searches all texts at once.
    const hay = this.#bytes.toString('latin1', base, this.#starts[to - 1]!).toLowerCase();
    const found: number[] = [];
    let code = from;
    for (let at = hay.indexOf(needle.latin1); at !== -1; ) {
      while (this.#starts[code]! - base <= at) code++;
      const end = this.#starts[code]! - base;
      const fits = at + needle.latin1.length <= end;
      if (fits && (needle.isAscii || foldCase(this.text(code)).includes(needle.folded))) {
        found.push(code);
        at = hay.indexOf(needle.latin1, end);
      } else {
        at = hay.indexOf(needle.latin1, at + 1);
      }
      if (code > to) break;
    }
    return found;
  }
}

/** What is looked for within texts. */
export class Needle {
  readonly folded: string;
  /** Its UTF-8 bytes, folded as Latin-1: bytes of other letters may be taken for it, none of its own is missed. */
  readonly latin1: string;
  readonly isAscii: boolean;

  constructor(text: string) {
    this.folded = foldCase(text.toWellFormed());
    this.latin1 = Buffer.from(this.folded).toString('latin1').toLowerCase();
    this.isAscii = this.latin1.length === this.folded.length;
  }

  get isEmpty(): boolean {
    return this.folded === '';
  }
}

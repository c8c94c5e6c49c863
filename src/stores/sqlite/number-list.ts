import { type Codes, type ColumnHeader, KIND } from './block-format.ts';

/** The distinct numbers of a column in a block; code 1 is the smallest. */
export class NumberList {
  readonly #header: ColumnHeader;
  readonly #list: Float64Array | null;

  constructor(header: ColumnHeader, domain: () => Uint8Array) {
    this.#header = header;
    if (header.kind === KIND.numbers) {
      const bytes = domain();
      // Aligned: what is inline was copied, everything else has a buffer of its own.
      this.#list = new Float64Array(bytes.buffer, bytes.byteOffset, header.codes);
    } else {
      this.#list = null;
    }
  }

  get count(): number {
    return this.#header.codes;
  }

  get hasNull(): boolean {
    return this.#header.hasNull;
  }

  /** The numbers as whole ones over a scale, evenly spaced from code 1 on; null when they are a list. */
  get spaced(): { readonly base: number; readonly step: number; readonly scale: number } | null {
    return this.#list === null ? this.#header : null;
  }

  /** Of a code from 1. */
  value(code: number): number {
    if (this.#list !== null) return this.#list[code - 1]!;
    const { base, step, scale } = this.#header;
    return (base + (code - 1) * step) / scale;
  }

  /**
   * The first code whose value is at least the wanted one, or above it; `count + 1` when there is none. `derive` keeps
   * the order of values.
   */
  firstCode(wanted: number, above: boolean, derive = (value: number): number => value): number {
    let [low, high] = [1, this.count + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const value = derive(this.value(middle));
      if (above ? value <= wanted : value < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Values by position, null as NaN, written to `into`. */
  decode(codes: Codes | null, into: Float64Array, start: number, end: number): void {
    if (this.#header.kind === KIND.empty) {
      into.fill(Number.NaN, start, end);
      return;
    }
    if (codes === null) {
      into.fill(this.value(1), start, end);
      return;
    }
    const { base, step, scale } = this.#header;
    const list = this.#list;
    for (let position = start; position < end; position++) {
      const code = codes[position]!;
      into[position] =
        code === 0 ? Number.NaN : list !== null ? list[code - 1]! : (base + (code - 1) * step) / scale;
    }
  }
}

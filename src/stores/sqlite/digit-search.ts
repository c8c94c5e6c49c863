const SYMBOLS = '0123456789.';
const GROUP = 10_000;
const MILLI = 1000;
/** The most digits of a whole number; and twelve digits, the point and three more. */
const LONGEST = 16;

const SMALL = 2 ** 31;

/** Numbers of rows: (base + (code - 1) * step) / scale, 0 or above; the scale is 1 or 1000. */
export interface SpacedCodes {
  readonly codes: Uint32Array;
  readonly base: number;
  readonly step: number;
  readonly scale: number;
  /** The largest number times the scale. */
  readonly most: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Says whether the decimal text of a number has a text within it, without making the decimal text: an automaton that
 * reads four digits at once. Numbers are 0 or above, and whole or so many thousandths.
 */
export class DigitSearch {
  readonly #found: number;
  /** For what all numbers have within them, or none; else null. */
  readonly #always: boolean | null;
  /** By what was read before and four digits. */
  readonly #next: Uint8Array;
  /** By the first digits of a number, which has no zeros before it. */
  readonly #first: Uint8Array;
  /** By what was read before and the thousandths: 1 when the text is found at the end. */
  readonly #ends: Uint8Array;

  constructor(wanted: string) {
    this.#found = wanted.length;
    const possible = wanted.length <= LONGEST && /^\d*\.?\d*$/.test(wanted);
    this.#always = wanted === '' ? true : possible ? null : false;
    const states = this.#always === null ? wanted.length + 1 : 0;
    this.#next = new Uint8Array(states * GROUP);
    this.#first = new Uint8Array(GROUP);
    this.#ends = new Uint8Array(states * MILLI);
    if (states > 0) this.#fill(wanted, states);
  }

  /** `point` says that a whole number is printed with `.0`. */
  holds(whole: number, thousandths: number, point: boolean): boolean {
    if (this.#always !== null) return this.#always;
    const state = this.#readWhole(whole);
    if (thousandths === 0 && !point) return state === this.#found;
    return this.#ends[state * MILLI + thousandths] === 1;
  }

  /** The same for rows that are marked; sets `found` at those where it holds. Code 0 is no number. */
  mark(found: Uint8Array, marks: Uint8Array, numbers: SpacedCodes, point: boolean): void {
    const { codes, base, step, scale, start, end } = numbers;
    // Numbers of 32 bits are divided several times as fast.
    const small = numbers.most < SMALL;
    for (let position = start; position < end; position++) {
      const code = codes[position]!;
      if (marks[position] === 0 || code === 0) continue;
      const scaled = base + (code - 1) * step;
      const whole = scale === 1 ? scaled : small ? ((scaled | 0) / MILLI) | 0 : Math.floor(scaled / MILLI);
      if (this.holds(whole, scaled - whole * scale, point)) found[position] = 1;
    }
  }

  #readWhole(whole: number): number {
    if (whole < GROUP) return this.#first[whole]!;
    if (whole >= SMALL) {
      const high = Math.floor(whole / GROUP);
      return this.#next[this.#readWhole(high) * GROUP + (whole - high * GROUP)]!;
    }
    const high = ((whole | 0) / GROUP) | 0;
    // Most numbers end here; a call of itself would not be inlined.
    if (high < GROUP) return this.#next[this.#first[high]! * GROUP + (whole - high * GROUP)]!;
    return this.#next[this.#readWhole(high) * GROUP + (whole - high * GROUP)]!;
  }

  #fill(wanted: string, states: number): void {
    const step = Array.from({ length: states }, (_, state) =>
      Array.from(SYMBOLS, (symbol) => follow(wanted, state, symbol)),
    );
    const read = (state: number, text: string): number => {
      let at = state;
      for (const symbol of text) at = step[at]![SYMBOLS.indexOf(symbol)]!;
      return at;
    };
    const pairs = Array.from({ length: 100 }, (_, pair) => String(pair).padStart(2, '0'));
    for (let state = 0; state < states; state++) {
      const afterTwo = pairs.map((pair) => read(state, pair));
      for (let high = 0; high < 100; high++) {
        for (let low = 0; low < 100; low++) {
          const digits = pairs[low]!;
          const one = step[afterTwo[high]!]![Number(digits[0])]!;
          this.#next[state * GROUP + high * 100 + low] = step[one]![Number(digits[1])]!;
        }
      }
      for (let thousandths = 0; thousandths < MILLI; thousandths++) {
        const text = `.${thousandths === 0 ? '0' : String(thousandths).padStart(3, '0').replace(/0+$/, '')}`;
        this.#ends[state * MILLI + thousandths] = read(state, text) === this.#found ? 1 : 0;
      }
    }
    for (let whole = 0; whole < GROUP; whole++) this.#first[whole] = read(0, String(whole));
  }
}

/** How much of the wanted text is read when a symbol follows so much of it; all of it stays all of it. */
function follow(wanted: string, state: number, symbol: string): number {
  if (state === wanted.length) return state;
  const read = wanted.slice(0, state) + symbol;
  for (let length = read.length; ; length--) {
    if (read.endsWith(wanted.slice(0, length))) return length;
  }
}

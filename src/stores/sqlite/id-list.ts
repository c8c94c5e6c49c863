import type { Codes } from './block-format.ts';
import { foldCase, type Needle, type TextList } from './text-list.ts';
import { UUID_BYTES, UUID_LAYOUT, UuidSearch } from './uuid-search.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The first 6 bytes of a UUID as a number; null for any other text. */
export function uuidStart(text: string): number | null {
  return UUID.test(text) ? Number.parseInt(text.slice(0, 8) + text.slice(9, 13), 16) : null;
}

/** Where a text stands among UUIDs: those with smaller bytes come before it, `equal` says how one with the same is to it. */
export interface UuidBound {
  readonly bytes: Buffer;
  readonly equal: -1 | 0 | 1;
}

export function uuidBound(text: string): UuidBound {
  let digits = '';
  const bound = (rest: '0' | 'f', equal: -1 | 0 | 1): UuidBound => ({
    bytes: Buffer.from(digits.padEnd(UUID_BYTES * 2, rest), 'hex'),
    equal,
  });
  for (const [at, layout] of Array.from(UUID_LAYOUT).entries()) {
    const own = text[at];
    // A beginning comes before all that begin so.
    if (own === undefined) return bound('0', 1);
    if (layout === '-') {
      if (own !== '-') return own < '-' ? bound('0', 1) : bound('f', -1);
    } else if (/[0-9a-f]/.test(own)) {
      digits += own;
    } else {
      const next = Array.from('0123456789abcdef').find((digit) => digit > own);
      if (next === undefined) return bound('f', -1);
      digits += next;
      return bound('0', 1);
    }
  }
  return bound('0', text.length > UUID_LAYOUT.length ? -1 : 0);
}

/** Ids of a block by position: UUIDs as their bytes, or texts with codes when some are none. */
export class IdList {
  readonly #uuids: Buffer | null;
  readonly #texts: TextList | null;
  readonly #codes: Codes | null;

  constructor(uuids: Uint8Array | null, texts: TextList | null, codes: Codes | null) {
    this.#uuids = uuids === null ? null : Buffer.from(uuids.buffer, uuids.byteOffset, uuids.byteLength);
    this.#texts = texts;
    this.#codes = codes;
  }

  text(position: number): string {
    if (this.#uuids === null) return this.#texts!.text(this.#code(position));
    const hex = this.#uuids.toString('hex', position * UUID_BYTES, (position + 1) * UUID_BYTES);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Compares ids with one text, as texts. */
  comparer(wanted: string): (position: number) => number {
    const uuids = this.#uuids;
    if (uuids === null) {
      const bytes = Buffer.from(wanted);
      return (position) => this.#texts!.compare(this.#code(position), bytes);
    }
    const { bytes, equal } = uuidBound(wanted);
    const [a, b, c, d] = [0, 4, 8, 12].map((at) => bytes.readUInt32BE(at)) as [
      number,
      number,
      number,
      number,
    ];
    return (position) => {
      const at = position * UUID_BYTES;
      return (
        uuids.readUInt32BE(at) - a ||
        uuids.readUInt32BE(at + 4) - b ||
        uuids.readUInt32BE(at + 8) - c ||
        uuids.readUInt32BE(at + 12) - d ||
        equal
      );
    };
  }

  /** Sets `found` at the marked positions whose id has the wanted text within it. */
  markContaining(needle: Needle, found: Uint8Array, start: number, end: number, marks: Uint8Array): void {
    if (this.#uuids === null) {
      const table = new Uint8Array(this.#texts!.count + 1);
      for (const code of this.#texts!.containing(needle)) table[code] = 1;
      for (let position = start; position < end; position++) {
        found[position]! |= table[this.#code(position)]!;
      }
      return;
    }
    new UuidSearch(needle.folded).mark(this.#uuids, found, start, end, marks);
  }

  /** Marks the positions whose id begins with the wanted text. */
  markStarting(needle: Needle, marks: Uint8Array, start: number, end: number): void {
    for (let position = start; position < end; position++) {
      if (foldCase(this.text(position)).startsWith(needle.folded)) marks[position] = 1;
    }
  }

  #code(position: number): number {
    return this.#codes === null ? 1 : this.#codes[position]!;
  }
}

import type { Codes } from './block-format.ts';
import { foldCase, type Needle, type TextList } from './text-list.ts';

const UUID_BYTES = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The first 6 bytes of a UUID as a number; null for any other text. */
export function uuidStart(text: string): number | null {
  return UUID.test(text) ? Number.parseInt(text.slice(0, 8) + text.slice(9, 13), 16) : null;
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
    if (!UUID.test(wanted)) {
      return (position) => {
        const text = this.text(position);
        return text < wanted ? -1 : text === wanted ? 0 : 1;
      };
    }
    const other = Buffer.from(wanted.replaceAll('-', ''), 'hex');
    const [a, b, c, d] = [0, 4, 8, 12].map((at) => other.readUInt32BE(at)) as [
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
        uuids.readUInt32BE(at + 12) - d
      );
    };
  }

  /** Marks the positions whose id has the wanted text within it. */
  markContaining(needle: Needle, marks: Uint8Array, start: number, end: number): void {
    if (this.#uuids === null) {
      const table = new Uint8Array(this.#texts!.count + 1);
      for (const code of this.#texts!.containing(needle)) table[code] = 1;
      for (let position = start; position < end; position++) {
        marks[position]! |= table[this.#code(position)]!;
      }
      return;
    }
    // Nothing but hexadecimal digits and hyphens is in a UUID.
    if (!/^[0-9a-f-]*$/.test(needle.folded)) return;
    const digits = needle.folded.replaceAll('-', '');
    if (digits === '') {
      // A lone hyphen is in every UUID, two in a row are in none.
      if (needle.folded.length <= 1) marks.fill(1, start, end);
      return;
    }
    const hay = this.#uuids.toString('hex', start * UUID_BYTES, end * UUID_BYTES);
    for (let at = hay.indexOf(digits); at !== -1; ) {
      const position = start + Math.floor(at / (2 * UUID_BYTES));
      // Digits that stand together only across a hyphen or two ids are not what was asked for.
      const found = this.text(position).includes(needle.folded);
      if (found) marks[position] = 1;
      at = hay.indexOf(digits, found ? (position - start + 1) * 2 * UUID_BYTES : at + 1);
    }
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

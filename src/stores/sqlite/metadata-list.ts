import type { Codes } from './block-format.ts';
import { type Capitals, TextList } from './text-list.ts';

export type EntryValue = string | number | boolean;

/** Codes `from` up to, not including, `to`. */
export interface CodeRange {
  readonly from: number;
  readonly to: number;
}

/** Metadata of a block: its entries as texts `"key":value`, and the sets of them that rows have, by code from 1. */
export class MetadataList {
  static readonly EMPTY = new MetadataList(new Uint8Array(Uint32Array.of(0, 0, 4, 0, 0, 0).buffer));
  readonly entries: TextList;
  readonly sets: number;
  readonly #starts: Uint16Array | Uint32Array;
  readonly #members: Uint16Array | Uint32Array;
  #keys: (CodeRange & { readonly key: string })[] | null = null;

  constructor(domain: Uint8Array, capitals?: Capitals) {
    const head = new Uint32Array(domain.buffer, domain.byteOffset, 4);
    const [sets, entries, width, members] = head as unknown as [number, number, number, number];
    this.sets = sets;
    const at = domain.byteOffset + head.byteLength;
    const lists =
      width === 4
        ? new Uint32Array(domain.buffer, at, sets + 1 + members)
        : new Uint16Array(domain.buffer, at, sets + 1 + members);
    this.#starts = lists.subarray(0, sets + 1);
    this.#members = lists.subarray(sets + 1);
    const textsAt = Math.ceil((at + lists.byteLength) / 4) * 4;
    const packed = new Uint8Array(domain.buffer, textsAt, domain.byteOffset + domain.byteLength - textsAt);
    this.entries = new TextList(packed, entries, capitals);
  }

  /** Entries of a set, as codes of `entries`, in the order of the record. */
  members(set: number): number[] {
    return Array.from(
      this.#members.subarray(this.#starts[set - 1]!, this.#starts[set]!),
      (member) => member + 1,
    );
  }

  /** As the record has it. */
  text(set: number): string {
    return `{${this.members(set)
      .map((entry) => this.entries.text(entry))
      .join(',')}}`;
  }

  entry(code: number): readonly [key: string, value: EntryValue] {
    return Object.entries(JSON.parse(`{${this.entries.text(code)}}`) as Record<string, EntryValue>)[0]!;
  }

  /** The value of an entry of a key. */
  value(key: string, code: number): EntryValue {
    const text = this.entries.text(code);
    if (text.includes('\\')) return this.entry(code)[1];
    const value = text.slice(key.length + '"":'.length);
    if (value.startsWith('"')) return value.slice(1, -1);
    return value === 'true' ? true : value === 'false' ? false : Number(value);
  }

  /** Compares the value of an entry, which is a text that begins after so many bytes, with another one. */
  compareText(code: number, before: number, wanted: Buffer): number {
    const order = this.entries.compareWithin(code, before, 1, wanted);
    return order ?? Buffer.compare(Buffer.from(String(this.entry(code)[1])), wanted);
  }

  /** All keys with their entries. */
  keys(): readonly (CodeRange & { readonly key: string })[] {
    if (this.#keys === null) {
      this.#keys = [];
      for (let from = 1; from <= this.entries.count; ) {
        const [key] = this.entry(from);
        const { to } = this.entriesOf(key);
        this.#keys.push({ key, from, to });
        from = to;
      }
    }
    return this.#keys;
  }

  entriesOf(key: string): CodeRange {
    const name = JSON.stringify(key);
    return {
      from: this.entries.firstCode(Buffer.from(`${name}:`), false),
      // The character after the colon: what begins with name and colon comes before it.
      to: this.entries.firstCode(Buffer.from(`${name};`), false),
    };
  }

  /** Those of a key's entries whose value is a text: they come first. */
  textsOf(key: string, range: CodeRange): CodeRange {
    const after = Buffer.from(`${JSON.stringify(key)}:#`);
    return { from: range.from, to: this.entries.firstCode(after, false) };
  }

  /** The sets from `first` to `last` that have any of the marked entries, as marks by set code. */
  setsWith(entries: Uint8Array, first = 1, last = this.sets): Uint8Array {
    const marks = new Uint8Array(this.sets + 1);
    if (first > last) return marks;
    const [starts, members] = [this.#starts, this.#members];
    // Members are codes less one.
    const wanted = entries.subarray(1);
    const end = starts[last]!;
    let at = starts[first - 1]!;
    let set = first;
    // Four at once, and then each of the few groups that have any.
    for (; at + 4 <= end; at += 4) {
      const some =
        wanted[members[at]!]! |
        wanted[members[at + 1]!]! |
        wanted[members[at + 2]!]! |
        wanted[members[at + 3]!]!;
      if (some === 0) continue;
      for (let one = at; one < at + 4; one++) {
        if (wanted[members[one]!] === 0) continue;
        while (starts[set]! <= one) set++;
        marks[set] = 1;
      }
    }
    for (; at < end; at++) {
      if (wanted[members[at]!] === 0) continue;
      while (starts[set]! <= at) set++;
      marks[set] = 1;
    }
    return marks;
  }

  /** Clears the marks of rows whose set has none of the marked entries: for few rows, faster than to try all sets. */
  keepRows(entries: Uint8Array, sets: Codes, marks: Uint8Array, start: number, end: number): void {
    const [starts, members] = [this.#starts, this.#members];
    for (let position = marks.indexOf(1, start); position !== -1 && position < end; ) {
      const set = sets[position]!;
      let holds = 0;
      if (set !== 0) {
        const last = starts[set]!;
        for (let at = starts[set - 1]!; at < last; at++) holds |= entries[members[at]! + 1]!;
      }
      marks[position] = holds;
      position = marks.indexOf(1, position + 1);
    }
  }
}

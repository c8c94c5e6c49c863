import { TextList } from './text-list.ts';

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

  constructor(domain: Uint8Array) {
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
    this.entries = new TextList(packed, entries);
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

  /** The sets that have any of the marked entries, as marks by set code. */
  setsWith(entries: Uint8Array): Uint8Array {
    const marks = new Uint8Array(this.sets + 1);
    for (let set = 1; set <= this.sets; set++) {
      const end = this.#starts[set]!;
      for (let at = this.#starts[set - 1]!; at < end; at++) {
        if (entries[this.#members[at]! + 1] === 1) {
          marks[set] = 1;
          break;
        }
      }
    }
    return marks;
  }
}

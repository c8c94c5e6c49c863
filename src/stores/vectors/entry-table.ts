import type { VectorFacts } from '../../core/stores/vector-index.ts';
import { KeyTable } from './key-table.ts';

/** What an entry takes here, with its place in the table of keys. */
export const SLOT_BYTES = 76;

const GROWN_AT_ONCE = 16_384;
/** An entry that was never given again counts as if it had been once in the time before its first hit. */
const PRIOR_HITS = 1;
const PRIOR_MS = 3_600_000;

/**
 * What is kept of each entry beside its vector: columns instead of objects, which a collector would walk through while
 * somebody waits. They grow where they stand, without being copied. A slot is the place of an entry; those of removed
 * entries are used again.
 */
export class EntryTable {
  readonly #columns: ArrayBuffer[] = [];
  readonly #mostSlots: number;
  readonly numbers: Float64Array;
  readonly expiresAt: Float64Array;
  readonly storedAt: Float64Array;
  readonly addresses: Uint32Array;
  readonly bytes: Uint32Array;
  readonly worths: Float32Array;
  readonly hits: Uint32Array;
  readonly gateways: Uint32Array;
  readonly partitions: Uint32Array;
  readonly #free: Uint32Array;
  readonly #keys: KeyTable;
  #capacity = 0;
  #freeCount = 0;
  #end = 0;
  #count = 0;

  /** There must never be more entries than `mostSlots`: room in the address space is kept for them, no memory. */
  constructor(mostSlots: number) {
    this.#mostSlots = mostSlots;
    this.numbers = new Float64Array(this.#column(8));
    this.expiresAt = new Float64Array(this.#column(8));
    this.storedAt = new Float64Array(this.#column(8));
    this.addresses = new Uint32Array(this.#column(4));
    this.bytes = new Uint32Array(this.#column(4));
    this.worths = new Float32Array(this.#column(4));
    this.hits = new Uint32Array(this.#column(4));
    this.gateways = new Uint32Array(this.#column(4));
    this.partitions = new Uint32Array(this.#column(4));
    this.#free = new Uint32Array(this.#column(4));
    this.#keys = new KeyTable(new Uint32Array(this.#column(4)), new Uint32Array(this.#column(4)));
  }

  get count(): number {
    return this.#count;
  }

  /** Slots are below it. */
  get end(): number {
    return this.#end;
  }

  isUsed(slot: number): boolean {
    return this.numbers[slot] !== 0;
  }

  /** The slot of a key; -1 is none. */
  find(key: bigint): number {
    return this.#keys.find(key);
  }

  /** The key must not be there yet. */
  add(facts: VectorFacts, gateway: number, partition: number): number {
    if (this.#freeCount === 0 && this.#end === this.#capacity) this.#grow();
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#end++;
    this.#count++;
    this.numbers[slot] = facts.number;
    this.expiresAt[slot] = facts.expiresAt;
    this.storedAt[slot] = facts.storedAt;
    this.bytes[slot] = facts.bytes;
    this.worths[slot] = facts.worth;
    this.hits[slot] = facts.hits;
    this.gateways[slot] = gateway;
    this.partitions[slot] = partition;
    this.#keys.add(facts.key, slot);
    return slot;
  }

  remove(slot: number): void {
    this.#keys.remove(slot);
    this.numbers[slot] = 0;
    this.#free[this.#freeCount++] = slot;
    this.#count--;
  }

  /** What keeping an entry is worth: savings to be expected for each byte and hour. */
  value(slot: number, nowMs: number): number {
    const ageMs = Math.max(0, nowMs - this.storedAt[slot]!);
    const rate = (this.hits[slot]! + PRIOR_HITS) / (ageMs + PRIOR_MS);
    return (rate * this.worths[slot]!) / this.bytes[slot]!;
  }

  #column(width: number): ArrayBuffer {
    const column = new ArrayBuffer(0, { maxByteLength: width * this.#mostSlots });
    this.#columns.push(column);
    return column;
  }

  #grow(): void {
    const capacity = Math.min(this.#mostSlots, this.#capacity + GROWN_AT_ONCE);
    for (const column of this.#columns) column.resize((column.maxByteLength / this.#mostSlots) * capacity);
    this.#capacity = capacity;
  }
}

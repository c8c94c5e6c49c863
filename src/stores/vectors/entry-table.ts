import type { VectorFacts } from '../../core/stores/vector-index.ts';

/** What an entry takes here, with its place in the table of keys. */
export const SLOT_BYTES = 76;

const EMPTY = -1;
const FIRST_CAPACITY = 1024;
/** An entry that was never given again counts as if it had been once in the time before its first hit. */
const PRIOR_HITS = 1;
const PRIOR_MS = 3_600_000;

/**
 * What is kept of each entry beside its vector: columns instead of objects, which a collector would walk through while
 * somebody waits. A slot is the place of an entry; those of removed entries are used again.
 */
export class EntryTable {
  numbers = new Float64Array(FIRST_CAPACITY);
  expiresAt = new Float64Array(FIRST_CAPACITY);
  storedAt = new Float64Array(FIRST_CAPACITY);
  keys = new BigUint64Array(FIRST_CAPACITY);
  addresses = new Uint32Array(FIRST_CAPACITY);
  bytes = new Uint32Array(FIRST_CAPACITY);
  worths = new Float32Array(FIRST_CAPACITY);
  hits = new Uint32Array(FIRST_CAPACITY);
  gateways = new Uint32Array(FIRST_CAPACITY);
  /** Slots by hash of the key, neighbours on collision; a power of two, half empty. */
  #byKey = new Int32Array(2 * FIRST_CAPACITY).fill(EMPTY);
  #free = new Uint32Array(FIRST_CAPACITY);
  #freeCount = 0;
  #end = 0;
  #count = 0;

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
    const mask = this.#byKey.length - 1;
    for (let place = Number(key & BigInt(mask)); ; place = (place + 1) & mask) {
      const slot = this.#byKey[place]!;
      if (slot === EMPTY || this.keys[slot] === key) return slot;
    }
  }

  /** The key must not be there yet. */
  add(facts: VectorFacts, gateway: number): number {
    if (this.#freeCount === 0 && this.#end === this.numbers.length) this.#grow();
    const slot = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#end++;
    this.#count++;
    this.numbers[slot] = facts.number;
    this.expiresAt[slot] = facts.expiresAt;
    this.storedAt[slot] = facts.storedAt;
    this.keys[slot] = facts.key;
    this.bytes[slot] = facts.bytes;
    this.worths[slot] = facts.worth;
    this.hits[slot] = facts.hits;
    this.gateways[slot] = gateway;
    this.#enter(slot);
    return slot;
  }

  remove(slot: number): void {
    this.#leave(slot);
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

  #place(slot: number): number {
    return Number(this.keys[slot]! & BigInt(this.#byKey.length - 1));
  }

  #enter(slot: number): void {
    const mask = this.#byKey.length - 1;
    let place = this.#place(slot);
    while (this.#byKey[place] !== EMPTY) place = (place + 1) & mask;
    this.#byKey[place] = slot;
  }

  /** Closes the gap, so that no search ends early at it. */
  #leave(slot: number): void {
    const mask = this.#byKey.length - 1;
    let gap = this.#place(slot);
    while (this.#byKey[gap] !== slot) gap = (gap + 1) & mask;
    for (let next = (gap + 1) & mask; this.#byKey[next] !== EMPTY; next = (next + 1) & mask) {
      const home = this.#place(this.#byKey[next]!);
      // May it stand in the gap? Only if its home is not between gap and itself.
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      this.#byKey[gap] = this.#byKey[next]!;
      gap = next;
    }
    this.#byKey[gap] = EMPTY;
  }

  #grow(): void {
    const capacity = 2 * this.numbers.length;
    this.numbers = enlarged(this.numbers, new Float64Array(capacity));
    this.expiresAt = enlarged(this.expiresAt, new Float64Array(capacity));
    this.storedAt = enlarged(this.storedAt, new Float64Array(capacity));
    this.addresses = enlarged(this.addresses, new Uint32Array(capacity));
    this.bytes = enlarged(this.bytes, new Uint32Array(capacity));
    this.worths = enlarged(this.worths, new Float32Array(capacity));
    this.hits = enlarged(this.hits, new Uint32Array(capacity));
    this.gateways = enlarged(this.gateways, new Uint32Array(capacity));
    this.#free = enlarged(this.#free, new Uint32Array(capacity));
    const keys = new BigUint64Array(capacity);
    keys.set(this.keys);
    this.keys = keys;
    this.#byKey = new Int32Array(2 * capacity).fill(EMPTY);
    for (let slot = 0; slot < this.#end; slot++) if (this.isUsed(slot)) this.#enter(slot);
  }
}

type Column = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

function enlarged<T extends Column>(from: T, to: T): T {
  to.set(from);
  return to;
}

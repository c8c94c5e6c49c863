/** Top bits of a key say which of the tables it is in. */
const SHARD_BITS = 10;
const FIRST_PLACES = 4;
const EMPTY = -1;

// A key as two numbers, which no collector has to follow.
const whole = new BigUint64Array(1);
const halves = new Uint32Array(whole.buffer);

/**
 * Slots by key: many small hash tables, neighbours on collision, each half empty. Each grows by itself, so that nobody
 * who searches ever waits until a large one is filled anew. Keys must be evenly spread, as parts of hashes are.
 */
export class KeyTable {
  readonly #first: Uint32Array;
  readonly #second: Uint32Array;
  readonly #shards: Int32Array[] = Array.from({ length: 1 << SHARD_BITS }, () => empty(FIRST_PLACES));
  readonly #counts = new Uint32Array(1 << SHARD_BITS);

  /** The columns hold both halves of the key of each slot; they are written here. */
  constructor(first: Uint32Array, second: Uint32Array) {
    this.#first = first;
    this.#second = second;
  }

  /** The slot of a key; -1 is none. */
  find(key: bigint): number {
    whole[0] = key;
    const first = halves[0]!;
    const second = halves[1]!;
    const places = this.#shards[shardOf(second)]!;
    const mask = places.length - 1;
    for (let place = first & mask; ; place = (place + 1) & mask) {
      const slot = places[place]!;
      if (slot === EMPTY || (this.#first[slot] === first && this.#second[slot] === second)) return slot;
    }
  }

  /** The key must not be there yet. */
  add(key: bigint, slot: number): void {
    whole[0] = key;
    this.#first[slot] = halves[0]!;
    this.#second[slot] = halves[1]!;
    const shard = shardOf(halves[1]!);
    if (2 * ++this.#counts[shard]! > this.#shards[shard]!.length) this.#grow(shard);
    this.#enter(this.#shards[shard]!, slot);
  }

  /** Closes the gap, so that no search ends early at it. */
  remove(slot: number): void {
    const shard = shardOf(this.#second[slot]!);
    const places = this.#shards[shard]!;
    const mask = places.length - 1;
    this.#counts[shard]!--;
    let gap = this.#first[slot]! & mask;
    while (places[gap] !== slot) gap = (gap + 1) & mask;
    for (let next = (gap + 1) & mask; places[next] !== EMPTY; next = (next + 1) & mask) {
      const home = this.#first[places[next]!]! & mask;
      // May it stand in the gap? Only if its home is not between gap and itself.
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      places[gap] = places[next]!;
      gap = next;
    }
    places[gap] = EMPTY;
  }

  #enter(places: Int32Array, slot: number): void {
    const mask = places.length - 1;
    let place = this.#first[slot]! & mask;
    while (places[place] !== EMPTY) place = (place + 1) & mask;
    places[place] = slot;
  }

  #grow(shard: number): void {
    const before = this.#shards[shard]!;
    const after = empty(2 * before.length);
    for (const slot of before) if (slot !== EMPTY) this.#enter(after, slot);
    this.#shards[shard] = after;
  }
}

const shardOf = (second: number): number => second >>> (32 - SHARD_BITS);
const empty = (places: number): Int32Array => new Int32Array(places).fill(EMPTY);

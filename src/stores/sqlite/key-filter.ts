/**
 * Says of a key that it is certainly not on disk, or that it may be: a Bloom filter with two probes, both taken from
 * the key, which is a hash already. Asking the database costs some ten microseconds for each request that is new; this
 * costs none. Shared memory, so that the writing thread can fill it with what an earlier process left.
 */
export class KeyFilter {
  /** 2 MiB: some 2 % wrong maybes at a million keys. */
  static readonly BYTES = 2 * 1024 * 1024;
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** @param key lower-case hex, at least 16 digits. */
  add(key: string): void {
    this.#set(Number.parseInt(key.slice(0, 8), 16));
    this.#set(Number.parseInt(key.slice(8, 16), 16));
  }

  mayHave(key: string): boolean {
    return (
      this.#has(Number.parseInt(key.slice(0, 8), 16)) && this.#has(Number.parseInt(key.slice(8, 16), 16))
    );
  }

  #set(hash: number): void {
    const bit = hash % (this.#words.length * 32);
    Atomics.or(this.#words, bit >>> 5, 1 << (bit & 31));
  }

  #has(hash: number): boolean {
    const bit = hash % (this.#words.length * 32);
    return (this.#words[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }
}

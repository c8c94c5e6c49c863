/** What an index keeps of an entry beside its vector. */
export interface VectorFacts {
  /** Its row in the file; greater than 0, and never used twice in a process. */
  readonly number: number;
  /** Hash of partition and text: an entry takes the place of another one with the same. */
  readonly key: bigint;
  readonly partition: string;
  /** Whose entries are counted together. */
  readonly gateway: string;
  /** Epoch ms. */
  readonly storedAt: number;
  readonly expiresAt: number;
  /** Of text, vector and answer. */
  readonly bytes: number;
  /** What giving the answer again saves each time, in nano-dollars. */
  readonly worth: number;
  readonly hits: number;
}

/** A candidate: its true cosine is (six sigma) not above `upper`. */
export interface VectorCandidate {
  readonly number: number;
  readonly upper: number;
}

/** A search that is under way. What is added or removed meanwhile does not disturb it. */
export interface VectorScan {
  /** Looks at so many bytes of vectors at most; true when it has seen all. */
  step(bytes: number): boolean;
  /** After the last step: what is still there, best first. Ends the scan. */
  candidates(): readonly VectorCandidate[];
  /** Gives it up. */
  cancel(): void;
}

export interface VectorTotals {
  readonly entries: number;
  readonly bytes: number;
  readonly partitions: number;
}

/** Compressed vectors in memory, searched within one partition only. Not for two threads at once. */
export interface VectorIndex {
  readonly entries: number;
  /** Of text, vector and answer, over all entries. */
  readonly bytes: number;
  /** Memory that the entries take. */
  readonly memoryBytes: number;
  /**
   * Adds an entry, in place of one of the same key. Returns the numbers of those that had to go for it, its own when
   * there is no place for it.
   */
  add(facts: VectorFacts, vector: Float32Array): number[];
  /** The number under a key; null is none. */
  numberOf(key: bigint): number | null;
  /** Removes an entry unless another one has taken its place. */
  remove(key: bigint, number: number): boolean;
  addHits(key: bigint, number: number, count: number): void;
  hitsOf(key: bigint, number: number): number;
  /** Removes the `most` least valuable entries, about. Returns their numbers. */
  evict(most: number, nowMs: number): number[];
  /** Removes expired entries from place `from` on, looking at `most`, fewer when many go. `next` is null at the end. */
  sweep(from: number, most: number, nowMs: number): { readonly gone: number[]; readonly next: number | null };
  /** Looks for the entries nearest to a vector of length 1 that have a cosine of `minCosine`, `capacity` at most. */
  scan(
    partition: string,
    vector: Float32Array,
    minCosine: number,
    capacity: number,
    nowMs: number,
  ): VectorScan;
  totals(gateway: string): VectorTotals;
}

/** What a module with an index exports. */
export interface VectorIndexModule {
  createVectorIndex(memoryBytes: number): VectorIndex;
}

import type { HeaderList } from '../headers.ts';

/** A question whose answer may be given again. The answer lies beside it. */
export interface SemanticEntry {
  /** UUIDv7. */
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  /** SHA-256, lower-case hex, of everything that must be equal: nothing is ever compared across it. */
  readonly partition: string;
  /** What the user said last. */
  readonly text: string;
  /** Epoch ms. */
  readonly storedAt: number;
  readonly expiresAt: number;
  /** Log id of the request that paid for the answer. */
  readonly recordId: string;
  /** What it cost; null is unknown. */
  readonly costNanos: number | null;
  /** How long it took. */
  readonly durationMs: number;
  readonly model: string | null;
  readonly provider: string | null;
}

export interface SemanticAnswer {
  readonly headers: HeaderList;
  /** As it came: JSON or stream is part of the partition. */
  readonly body: Buffer;
}

/** What was found near a question, nearest first. */
export interface Neighbour {
  readonly entry: SemanticEntry;
  readonly cosine: number;
}

export interface NearestQuery {
  readonly partition: string;
  /** Of length 1. */
  readonly vector: Float32Array;
  readonly limit: number;
  /** None below it. */
  readonly minCosine: number;
  readonly signal: AbortSignal | null;
}

export const SEMANTIC_ENTRY_ORDERS = ['created_at', 'hits', 'size'] as const;

export interface SemanticEntryQuery {
  readonly account: string;
  readonly gateway: string;
  readonly partition: string | null;
  /** Within the text, without regard to case; null is all. */
  readonly search: string | null;
  readonly orderBy: (typeof SEMANTIC_ENTRY_ORDERS)[number];
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

export interface SemanticEntryListing extends SemanticEntry {
  readonly hits: number;
  /** Of text, vector and answer. */
  readonly bytes: number;
}

/** All conditions must hold; null is none. */
export interface SemanticSelection {
  readonly account: string;
  readonly gateway: string;
  readonly id: string | null;
  readonly partition: string | null;
  /** Epoch ms. */
  readonly storedBefore: number | null;
  readonly provider?: string | null;
  readonly model?: string | null;
}

export interface SemanticStats {
  readonly entries: number;
  readonly bytes: number;
  readonly partitions: number;
  /** True while entries of an earlier process are still being read in. */
  readonly isLoading: boolean;
}

/**
 * Entries and their vectors, bounded by bytes, on disk, searched exactly within one partition on another thread. What
 * was put is found from the next look-up on. Nothing here holds up the event loop; a cache owes nothing, so `put` may
 * drop an entry. Expired entries are never found; the least valuable (hits and cost for their bytes and age) go first.
 */
export interface SemanticStore {
  /** Rejects when it cannot look (the signal aborted, the thread is gone). */
  nearest(query: NearestQuery): Promise<readonly Neighbour[]>;
  /** Null when it is gone. */
  answer(id: string): Promise<SemanticAnswer | null>;
  /** An entry with the same partition and text takes the place of the older one. */
  put(entry: SemanticEntry, vector: Float32Array, answer: SemanticAnswer): void;
  /** Counts a hit, for its value. */
  noteHit(id: string): void;
  find(account: string, gateway: string, id: string): Promise<SemanticEntryListing | null>;
  list(
    query: SemanticEntryQuery,
  ): Promise<{ readonly rows: readonly SemanticEntryListing[]; readonly totalCount: number }>;
  /** Returns how many were removed; they are not found from then on. */
  remove(selection: SemanticSelection): Promise<number>;
  stats(account: string, gateway: string): Promise<SemanticStats>;
  close(): Promise<void>;
}

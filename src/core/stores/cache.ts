import type { HeaderList } from '../headers.ts';

/** A stored answer. Replayed as it came: same status, same headers, same bytes, streams included. */
export interface CacheEntry {
  /** SHA-256, lower-case hex: see cache/key.ts for its parts. */
  readonly key: string;
  readonly account: string;
  readonly gateway: string;
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** Epoch ms. */
  readonly storedAt: number;
  readonly expiresAt: number;
  /** Log id of the request that paid for it. */
  readonly recordId: string;
  /** What that request cost, for 'saved'; null is unknown. */
  readonly costNanos: number | null;
  /** Whole ms from that request's arrival to its answer's end, for the time saved; null for entries of before it was kept. */
  readonly durationMs: number | null;
  /** Facts for the record of a hit. */
  readonly model: string | null;
  /** Who gave the answer, by the provider's id; null for entries of before it was kept. */
  readonly provider: string | null;
}

export interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
}

/** An entry as lists show it. */
export interface CacheListing
  extends Pick<
    CacheEntry,
    'key' | 'provider' | 'model' | 'storedAt' | 'expiresAt' | 'recordId' | 'costNanos'
  > {
  /** Of the body. */
  readonly bytes: number;
  /** How often it was given as an answer; counted in steps of a few seconds. */
  readonly hits: number;
}

export const CACHE_ORDERS = ['size', 'hits', 'created_at'] as const;

export interface CacheListQuery {
  readonly account: string;
  readonly gateway: string;
  readonly orderBy: (typeof CACHE_ORDERS)[number];
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

export interface CachePage {
  readonly rows: readonly CacheListing[];
  readonly totalCount: number;
}

/** What is to be removed of a gateway's entries: all conditions must hold, null is none. */
export interface CacheSelection {
  readonly account: string;
  readonly gateway: string;
  readonly provider: string | null;
  readonly model: string | null;
  /** Epoch ms. */
  readonly storedBefore: number | null;
}

/** Bounded by bytes. An expired entry is never returned. `put` may drop the entry (too large, disk gone): a cache owes nothing. */
export interface CacheStore {
  find(key: string): CacheEntry | null | Promise<CacheEntry | null>;
  /** Copies what it keeps. `head` is `headText(entry)`, for whoever has it already. */
  put(entry: CacheEntry, head?: string): void;
  delete(key: string): void;
  /** Removes all entries of a gateway. */
  purge(account: string, gateway: string): void;
  /** Removes the selected entries; returns how many. */
  purgeSome(selection: CacheSelection): number | Promise<number>;
  /** Adds to the hits of entries, by key. */
  addHits(hits: ReadonlyMap<string, number>): void;
  list(query: CacheListQuery): CachePage | Promise<CachePage>;
  stats(): CacheStats | Promise<CacheStats>;
  close(): void | Promise<void>;
}

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
  /** Facts for the record of a hit. */
  readonly model: string | null;
}

export interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
}

/** Bounded by bytes. An expired entry is never returned. `put` may drop the entry (too large, disk gone): a cache owes nothing. */
export interface CacheStore {
  find(key: string): CacheEntry | null | Promise<CacheEntry | null>;
  put(entry: CacheEntry): void;
  delete(key: string): void;
  /** Removes all entries of a gateway. */
  purge(account: string, gateway: string): void;
  stats(): CacheStats | Promise<CacheStats>;
  close(): void | Promise<void>;
}

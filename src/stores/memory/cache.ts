import type { CacheEntry, CacheStats, CacheStore } from '../../core/stores/cache.ts';

// What an entry costs beside its body: key, headers, objects. Measured roughly; it keeps small entries honest.
const ENTRY_OVERHEAD_BYTES = 1024;

/** Newest-used entries in memory, within a byte budget. A Map keeps insertion order: the first key is the oldest used. */
export class MemoryCacheStore implements CacheStore {
  readonly #budgetBytes: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, CacheEntry>();
  #bytes = 0;

  constructor(budgetBytes: number, now: () => number) {
    this.#budgetBytes = budgetBytes;
    this.#now = now;
  }

  find(key: string): CacheEntry | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (entry.expiresAt <= this.#now()) {
      this.delete(key);
      return null;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  put(entry: CacheEntry): void {
    this.delete(entry.key);
    const size = entry.body.length + ENTRY_OVERHEAD_BYTES;
    // One entry may not push out everything else.
    if (size > this.#budgetBytes / 4) return;
    this.#entries.set(entry.key, entry);
    this.#bytes += size;
    while (this.#bytes > this.#budgetBytes) this.delete(this.#entries.keys().next().value!);
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.body.length + ENTRY_OVERHEAD_BYTES;
  }

  purge(account: string, gateway: string): void {
    for (const [key, entry] of this.#entries) {
      if (entry.account === account && entry.gateway === gateway) this.delete(key);
    }
  }

  stats(): CacheStats {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  close(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}

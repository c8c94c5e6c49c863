import type { CacheEntry, CacheStats, CacheStore } from '../core/stores/cache.ts';

/** A fast small store over a slow large one. Writes go to both; what is found below moves up. */
export class TieredCacheStore implements CacheStore {
  readonly #upper: CacheStore;
  readonly #lower: CacheStore;

  constructor(upper: CacheStore, lower: CacheStore) {
    this.#upper = upper;
    this.#lower = lower;
  }

  find(key: string): CacheEntry | null | Promise<CacheEntry | null> {
    const above = this.#upper.find(key);
    if (above instanceof Promise) return above.then((entry) => entry ?? this.#findBelow(key));
    return above ?? this.#findBelow(key);
  }

  #findBelow(key: string): CacheEntry | null | Promise<CacheEntry | null> {
    const below = this.#lower.find(key);
    return below instanceof Promise ? below.then((entry) => this.#lift(entry)) : this.#lift(below);
  }

  #lift(entry: CacheEntry | null): CacheEntry | null {
    if (entry) this.#upper.put(entry);
    return entry;
  }

  put(entry: CacheEntry): void {
    this.#upper.put(entry);
    this.#lower.put(entry);
  }

  delete(key: string): void {
    this.#upper.delete(key);
    this.#lower.delete(key);
  }

  purge(account: string, gateway: string): void {
    this.#upper.purge(account, gateway);
    this.#lower.purge(account, gateway);
  }

  async stats(): Promise<CacheStats> {
    return this.#lower.stats();
  }

  async close(): Promise<void> {
    await this.#upper.close();
    await this.#lower.close();
  }
}

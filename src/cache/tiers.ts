import { headText } from '../core/cache-head.ts';
import type {
  CacheEntry,
  CacheListQuery,
  CachePage,
  CacheSelection,
  CacheStats,
  CacheStore,
} from '../core/stores/cache.ts';

/** Hits are handed down this often, together. */
const HITS_MS = 5_000;

/** A fast small store over a slow large one. Writes go to both; what is found below moves up. */
export class TieredCacheStore implements CacheStore {
  readonly #upper: CacheStore;
  readonly #lower: CacheStore;
  #hits = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(upper: CacheStore, lower: CacheStore) {
    this.#upper = upper;
    this.#lower = lower;
  }

  find(key: string): CacheEntry | null | Promise<CacheEntry | null> {
    const above = this.#upper.find(key);
    if (above instanceof Promise)
      return above.then((entry) => (entry ? this.#count(entry) : this.#findBelow(key)));
    return above ? this.#count(above) : this.#findBelow(key);
  }

  #findBelow(key: string): CacheEntry | null | Promise<CacheEntry | null> {
    const below = this.#lower.find(key);
    return below instanceof Promise ? below.then((entry) => this.#lift(entry)) : this.#lift(below);
  }

  #lift(entry: CacheEntry | null): CacheEntry | null {
    if (!entry) return null;
    this.#upper.put(entry);
    return this.#count(entry);
  }

  #count(entry: CacheEntry): CacheEntry {
    const { key } = entry;
    this.#hits.set(key, (this.#hits.get(key) ?? 0) + 1);
    this.#timer ??= setTimeout(() => this.#handDown(), HITS_MS).unref();
    return entry;
  }

  #handDown(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#hits.size === 0) return;
    const hits = this.#hits;
    this.#hits = new Map();
    this.#lower.addHits(hits);
  }

  put(entry: CacheEntry): void {
    const head = headText(entry);
    this.#upper.put(entry, head);
    this.#lower.put(entry, head);
  }

  delete(key: string): void {
    this.#upper.delete(key);
    this.#lower.delete(key);
  }

  purge(account: string, gateway: string): void {
    this.#upper.purge(account, gateway);
    this.#lower.purge(account, gateway);
  }

  async purgeSome(selection: CacheSelection): Promise<number> {
    this.#upper.purgeSome(selection);
    const removed = await this.#lower.purgeSome(selection);
    // What was found below in the meantime has been lifted again.
    this.#upper.purgeSome(selection);
    return removed;
  }

  addHits(hits: ReadonlyMap<string, number>): void {
    this.#lower.addHits(hits);
  }

  /** Everything is below, except while the lower store is in trouble. */
  async list(query: CacheListQuery): Promise<CachePage> {
    this.#handDown();
    return this.#lower.list(query);
  }

  async stats(): Promise<CacheStats> {
    return this.#lower.stats();
  }

  async close(): Promise<void> {
    this.#handDown();
    await this.#upper.close();
    await this.#lower.close();
  }
}

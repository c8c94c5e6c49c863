import type { Worker } from 'node:worker_threads';
import type { CacheMessage } from './cache-worker.ts';
import { KeyFilter } from './key-filter.ts';

// Keys of entries that are gone stay in the filter; after so many new ones it is made anew.
const MOST_KEYS = 2_000_000;

/** Which keys may be on disk. Until the filter has been filled with the entries of an earlier process, every key may. */
export class KeysOnDisk {
  #filter = new KeyFilter(new SharedArrayBuffer(KeyFilter.BYTES));
  #isWhole = false;
  #added = 0;

  get isWhole(): boolean {
    return this.#isWhole;
  }

  mayHave(key: string): boolean {
    return !this.#isWhole || this.#filter.mayHave(key);
  }

  /** Returns true when there have been so many that it has to be renewed. */
  add(key: string): boolean {
    this.#filter.add(key);
    return ++this.#added > MOST_KEYS;
  }

  /** Has the writing thread add the keys of all entries. */
  fillBy(thread: Worker): void {
    thread.postMessage({ kind: 'fill', memory: this.#filter.memory } satisfies CacheMessage);
  }

  /** Begins again; without a thread it is filled when there is one. */
  renew(thread: Worker | null): void {
    this.#filter = new KeyFilter(new SharedArrayBuffer(KeyFilter.BYTES));
    this.#isWhole = false;
    this.#added = 0;
    if (thread !== null) this.fillBy(thread);
  }

  filled(): void {
    this.#isWhole = true;
  }
}

import { Worker } from 'node:worker_threads';
import type { CacheListQuery, CachePage } from '../../core/stores/cache.ts';
import type { CacheListInput } from './cache-list-worker.ts';

const MOST_WAITING = 20;

/** Lists entries in threads of their own, one after the other: neither requests nor the writing thread wait for a list. */
export class CacheLister {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async list(query: CacheListQuery, nowMs: number): Promise<CachePage> {
    if (this.#waiting >= MOST_WAITING) throw new RangeError('too many lists of the cache are being made');
    this.#waiting++;
    const page = this.#last.then(() => readPage({ path: this.#path, nowMs, query }));
    this.#last = page.catch(() => {});
    try {
      return await page;
    } finally {
      this.#waiting--;
    }
  }
}

function readPage(workerData: CacheListInput): Promise<CachePage> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./cache-list-worker.ts', import.meta.url), {
      workerData,
      execArgv: [],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    // After an answer this comes to nothing.
    worker.once('exit', () => reject(new Error('the list of the cache was not made')));
  });
}

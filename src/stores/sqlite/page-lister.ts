import { Worker } from 'node:worker_threads';

const MOST_WAITING = 20;

/** What the worker of a list is given. */
export interface ListInput<Q> {
  readonly path: string;
  readonly nowMs: number;
  readonly query: Q;
}

/**
 * Lists entries of a file in threads of their own, one after the other: neither requests nor the writing thread wait for
 * a list, and a search through all texts takes its time.
 */
export class PageLister<Q, Page> {
  readonly #path: string;
  readonly #worker: URL;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** `worker` is the module that makes one list of `path` and ends. */
  constructor(path: string, worker: URL) {
    this.#path = path;
    this.#worker = worker;
  }

  async list(query: Q, nowMs: number): Promise<Page> {
    if (this.#waiting >= MOST_WAITING) throw new RangeError('too many lists of the cache are being made');
    this.#waiting++;
    const page = this.#last.then(() => this.#read({ path: this.#path, nowMs, query }));
    this.#last = page.catch(() => {});
    try {
      return await page;
    } finally {
      this.#waiting--;
    }
  }

  #read(workerData: ListInput<Q>): Promise<Page> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.#worker, { workerData, execArgv: [] });
      worker.once('message', resolve);
      worker.once('error', reject);
      // After an answer this comes to nothing.
      worker.once('exit', () => reject(new Error('the list of the cache was not made')));
    });
  }
}

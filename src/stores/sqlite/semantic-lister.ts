import { Worker } from 'node:worker_threads';
import type { SemanticEntryQuery } from '../../core/stores/semantic.ts';
import type { SemanticListInput, SemanticPage } from './semantic-list-worker.ts';

const MOST_WAITING = 20;

/** Lists entries in threads of their own, one after the other: a search through all texts takes its time. */
export class SemanticLister {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async list(query: SemanticEntryQuery, nowMs: number): Promise<SemanticPage> {
    if (this.#waiting >= MOST_WAITING)
      throw new RangeError('too many lists of the semantic cache are being made');
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

function readPage(workerData: SemanticListInput): Promise<SemanticPage> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./semantic-list-worker.ts', import.meta.url), {
      workerData,
      execArgv: [],
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    // After an answer this comes to nothing.
    worker.once('exit', () => reject(new Error('the list of the semantic cache was not made')));
  });
}

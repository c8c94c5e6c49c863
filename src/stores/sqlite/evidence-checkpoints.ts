import { Worker } from 'node:worker_threads';

/** Rows after which the journal is a few megabytes long. */
const ROWS = 1500;

/** Has the journal taken over from time to time, by a thread that ends afterwards: writing it back waits for the disk. */
export class EvidenceCheckpoints {
  readonly #path: string;
  #rows = 0;
  #worker: Worker | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  wrote(rows: number): void {
    this.#rows += rows;
    if (this.#rows < ROWS || this.#worker !== null) return;
    this.#rows = 0;
    const worker = new Worker(new URL('./evidence-checkpoint-worker.ts', import.meta.url), {
      workerData: this.#path,
      execArgv: [],
    });
    worker.unref();
    // One that fails is made up for by the next, or when the file is closed.
    worker.on('error', () => {});
    worker.once('exit', () => {
      this.#worker = null;
    });
    this.#worker = worker;
  }

  close(): void {
    void this.#worker?.terminate();
  }
}

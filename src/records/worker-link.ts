import { Worker } from 'node:worker_threads';
import type { Asked, Report } from './messages.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

export interface WorkerLinkOptions {
  readonly module: URL;
  /** Asked for at each start. */
  readonly data: () => unknown;
  /** Everything but answers. */
  readonly onReport: (report: Report) => void;
  /** The thread died without having been asked to. It is started again after a pause. */
  readonly onCrash: (message: string) => void;
}

interface Waiting {
  readonly what: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker thread that answers questions and is started again when it dies. */
export class WorkerLink<Question> {
  readonly #options: WorkerLinkOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #number = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #restart: NodeJS.Timeout | null = null;
  #closing = false;

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#worker !== null || this.#closing) return;
    const worker = new Worker(this.#options.module, {
      workerData: this.#options.data(),
      execArgv: [],
      // What these threads make is short-lived: a small nursery keeps their share of memory small.
      resourceLimits: { maxYoungGenerationSizeMb: 6 },
    });
    this.#worker = worker;
    let reason = 'it ended';
    worker.on('message', (report: Report) => this.#take(report));
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#lost(reason);
    });
    // An idle thread keeps no process alive; one that owes an answer does.
    worker.unref();
  }

  ask(what: Question): Promise<unknown> {
    if (this.#closing) return Promise.reject(new Error('the logs are closed'));
    if (this.#restart !== null)
      return Promise.reject(new Error('the thread of the logs is being started again'));
    this.start();
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { what, resolve, reject });
      this.#post(number, what);
    });
  }

  #post(number: number, what: unknown): void {
    this.#worker?.ref();
    this.#worker?.postMessage({ number, what } satisfies Asked<unknown>);
  }

  /** Sends a last word, waits for the thread to end, and ends it when it does not. */
  async close(last: Question | null, withinMs: number): Promise<void> {
    this.#closing = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const worker = this.#worker;
    this.#worker = null;
    if (worker !== null) {
      worker.ref();
      if (last !== null) {
        const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
        worker.postMessage({ number: 0, what: last } satisfies Asked<Question>);
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, withinMs);
        });
        await Promise.race([ended, late]);
        clearTimeout(timer);
      }
      await worker.terminate();
    }
    this.#rejectAll('the logs are closed');
  }

  /** Ends the thread and starts another, which is asked what waits for an answer. */
  async renew(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    const waiting = [...this.#waiting];
    await worker.terminate();
    if (waiting.length === 0 || this.#closing) return;
    this.start();
    for (const [number, { what }] of waiting) {
      if (this.#waiting.has(number)) this.#post(number, what);
    }
  }

  #take(report: Report): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    if (report.kind !== 'answer' && report.kind !== 'failure') {
      this.#options.onReport(report);
      return;
    }
    const waiting = this.#waiting.get(report.number);
    this.#waiting.delete(report.number);
    if (this.#waiting.size === 0 && !this.#closing) this.#worker?.unref();
    if (report.kind === 'answer') waiting?.resolve(report.value);
    else waiting?.reject(restoreError(report.name, report.message));
  }

  #lost(reason: string): void {
    this.#worker = null;
    this.#rejectAll(`the thread of the logs died: ${reason}`);
    if (this.#closing) return;
    this.#options.onCrash(reason);
    this.#restart = setTimeout(() => {
      this.#restart = null;
      this.start();
    }, this.#pauseMs);
    this.#restart.unref();
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }

  #rejectAll(message: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(message));
  }
}

/** A wrong question is told apart from a broken store. */
function restoreError(name: string, message: string): Error {
  return name === 'RangeError' ? new RangeError(message) : new Error(message);
}

import { MessageChannel, Worker } from 'node:worker_threads';
import type { FileMessage, FileReport, SearchMessage, SearchReport } from './semantic-messages.ts';

export interface SemanticThreadsOptions {
  readonly path: string;
  readonly indexModule: URL;
  readonly indexBytes: number;
  readonly budgetBytes: number;
  readonly onFile: (report: FileReport) => void;
  readonly onSearch: (report: SearchReport) => void;
  /** One of them ended without having been asked to; both are of no use any more. */
  readonly onLost: (message: string) => void;
}

const CLOSE_MS = 10_000;

/** The thread that writes and the one that searches, with a line between them: they live and end together. */
export class SemanticThreads {
  readonly #file: Worker;
  readonly #search: Worker;
  #isEnding = false;

  constructor(options: SemanticThreadsOptions) {
    const { path, indexModule, indexBytes, budgetBytes } = options;
    const { port1, port2 } = new MessageChannel();
    this.#file = new Worker(new URL('./semantic-file-worker.ts', import.meta.url), {
      workerData: { path, port: port1 },
      transferList: [port1],
      execArgv: [],
    });
    this.#search = new Worker(new URL('./semantic-search-worker.ts', import.meta.url), {
      workerData: { path, indexModule: indexModule.href, indexBytes, budgetBytes, port: port2 },
      transferList: [port2],
      execArgv: [],
    });
    this.#file.on('message', (report: FileReport) => {
      if (!this.#isEnding) options.onFile(report);
    });
    this.#search.on('message', (report: SearchReport) => {
      if (!this.#isEnding) options.onSearch(report);
    });
    for (const worker of [this.#file, this.#search]) {
      let reason = 'its thread ended';
      worker.on('error', (error) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      worker.on('exit', () => {
        if (!this.#isEnding) options.onLost(reason);
      });
      worker.unref();
    }
  }

  tellFile(message: FileMessage, transfer: ArrayBuffer[] = []): void {
    this.#file.postMessage(message, transfer);
  }

  tellSearch(message: SearchMessage, transfer: ArrayBuffer[] = []): void {
    this.#search.postMessage(message, transfer);
  }

  /** Whether the process stays for them: while somebody waits for an answer. */
  hold(isHeld: boolean): void {
    for (const worker of [this.#file, this.#search]) {
      if (isHeld) worker.ref();
      else worker.unref();
    }
  }

  /** Lets them do what they were told, then ends them. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.hold(true);
    // Who writes is the last to leave: then all of the journal goes into the file.
    await ended(this.#search, () => this.tellSearch({ kind: 'close' }));
    await ended(this.#file, () => this.tellFile({ kind: 'close' }));
  }

  /** Ends them as they are. */
  async terminate(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([this.#file.terminate(), this.#search.terminate()]);
  }
}

async function ended(worker: Worker, ask: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  ask();
  await Promise.race([exit, late]);
  clearTimeout(timer);
  await worker.terminate();
}

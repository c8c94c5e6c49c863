import { Worker } from 'node:worker_threads';
import type { TextCheck, TextVerdict } from './check-text.ts';

/** `unusable`: the pattern or schema is none; `too-much`: it took more time or memory than it may. */
export type CheckOutcome =
  | { readonly kind: 'verdict'; readonly verdict: TextVerdict }
  | { readonly kind: 'unusable' | 'too-much'; readonly message: string };

const LIMIT_MS = 2_000;
const MEMORY_MIB = 128;

type Reply = 'ready' | { readonly verdict: TextVerdict } | { readonly problem: string };

/** Runs checks one after the other on a thread that is ended when one of them does not come to its end. */
export class TextChecker {
  readonly #limitMs: number;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  check(check: TextCheck, text: string): Promise<CheckOutcome> {
    const outcome = this.#last.then(() => this.#run(check, text));
    this.#last = outcome;
    return outcome;
  }

  /** Lets the thread go; the next check starts another. */
  async rest(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.rest();
  }

  async #run(check: TextCheck, text: string): Promise<CheckOutcome> {
    if (this.#closed) return { kind: 'too-much', message: 'the gateway is being stopped' };
    try {
      this.#worker ??= await startWorker(() => {
        this.#worker = null;
      });
    } catch (error) {
      return { kind: 'too-much', message: `no thread could be started: ${(error as Error).message}` };
    }
    const outcome = await ask(this.#worker, { check, text }, this.#limitMs);
    if (outcome.kind === 'too-much') await this.rest();
    return outcome;
  }
}

function startWorker(onExit: () => void): Promise<Worker> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB, maxYoungGenerationSizeMb: 16 },
  });
  worker.unref();
  worker.once('exit', onExit);
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', () => {
      worker.off('error', reject);
      // What goes wrong while nobody asks must not end the process.
      worker.on('error', () => {});
      resolve(worker);
    });
  });
}

function ask(worker: Worker, question: object, limitMs: number): Promise<CheckOutcome> {
  return new Promise((resolve) => {
    const settle = (outcome: CheckOutcome): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
      resolve(outcome);
    };
    const onMessage = (reply: Exclude<Reply, 'ready'>): void => {
      if ('verdict' in reply) settle({ kind: 'verdict', verdict: reply.verdict });
      else settle({ kind: 'unusable', message: reply.problem });
    };
    const onEnd = (): void => settle({ kind: 'too-much', message: 'it needs more memory than it may' });
    const timer = setTimeout(
      () => settle({ kind: 'too-much', message: `it takes longer than ${limitMs} ms` }),
      limitMs,
    );
    worker.on('message', onMessage).on('error', onEnd).on('exit', onEnd);
    worker.postMessage(question);
  });
}

import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { ModelError } from '../core/model-error.ts';
import type { ModelState } from '../core/semantic.ts';
import type { Answer, FromWorker, Loaded, Task, WorkerStart } from './protocol.ts';

export interface ModelThreadServices {
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ThreadLimits {
  /** Texts and pairs that may wait or be worked on. */
  readonly mostWaiting: number;
  /** How long the thread may take to load, and for one task, before it is taken for dead. */
  readonly loadMs: number;
  readonly taskMs: number;
  /** From a crash to the one new try. */
  readonly restartMs: number;
}

export const THREAD_LIMITS: ThreadLimits = {
  mostWaiting: 256,
  loadMs: 60_000,
  taskMs: 60_000,
  restartMs: 2_000,
};

/** So many tasks are with the thread: it need not wait for the next one, and most can still be taken back. */
const AHEAD = 2;
/** A thread that held out so long may fail again and get a new try. */
const LASTING_MS = 600_000;

interface Job {
  readonly task: Task;
  readonly size: number;
  readonly settle: (answer: Answer | ModelError) => void;
}

/**
 * The thread on which models run. Started on first use. When it ends by itself, everything that waits is refused, and it
 * is started once more after a rest; when what it loads is unusable, it is not.
 */
export class ModelThread {
  state: ModelState = { state: 'unused', problem: null };
  loaded: Loaded | null = null;
  readonly #start: WorkerStart;
  readonly #services: ModelThreadServices;
  readonly #limits: ThreadLimits;
  #worker: Worker | null = null;
  #waiting: Job[] = [];
  readonly #begun = new Map<number, Job>();
  #size = 0;
  #nextId = 1;
  #startedTick = 0;
  #crashes = 0;
  #watch: NodeJS.Timeout | null = null;
  #restart: NodeJS.Timeout | null = null;
  #listeners: (() => void)[] = [];
  #closed = false;

  constructor(start: WorkerStart, services: ModelThreadServices, limits: ThreadLimits) {
    this.#start = start;
    this.#services = services;
    this.#limits = limits;
  }

  /** Settles when the models are loaded or cannot be; never rejects. */
  ready(): Promise<ModelState> {
    if (this.state.state === 'unused') this.#open();
    if (this.state.state !== 'loading') return Promise.resolve(this.state);
    return new Promise((resolve) => this.#listeners.push(() => resolve(this.state)));
  }

  /** `size`: texts or pairs in it. Rejects with a ModelError, or with the signal's reason. */
  run(task: Task, size: number, signal: AbortSignal | null): Promise<Answer> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.state.state === 'unused') this.#open();
    if (this.state.state === 'failed') return Promise.reject(new ModelError('failed', this.state.problem));
    if (this.#size + size > this.#limits.mostWaiting)
      return Promise.reject(new ModelError('busy', 'too many texts wait for the local models'));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = this.#waiting.indexOf(job);
        // What is begun goes on, and nobody listens.
        if (at !== -1) {
          this.#waiting.splice(at, 1);
          this.#size -= size;
        }
        reject(signal?.reason);
      };
      const job: Job = {
        task,
        size,
        settle: (answer) => {
          signal?.removeEventListener('abort', leave);
          if (answer instanceof ModelError) reject(answer);
          else resolve(answer);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#size += size;
      this.#waiting.push(job);
      this.#pump();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart) clearTimeout(this.#restart);
    const worker = this.#worker;
    const busy = this.state.state === 'loading' ? 1 : this.#begun.size;
    this.#fail('the gateway is being stopped');
    if (worker === null) return;
    // Ended in the middle of a run, the runtime takes the whole process with it.
    await answersOf(worker, busy, this.#limits.taskMs);
    await worker.terminate();
  }

  #open(): void {
    if (this.#closed) return;
    this.state = { state: 'loading', problem: null };
    this.#startedTick = this.#services.clock.tick();
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      execArgv: [],
      env: {},
      workerData: this.#start,
    });
    this.#worker = worker;
    worker.unref();
    this.#watchOver(this.#limits.loadMs);
    let problem = 'it ended by itself';
    worker.on('error', (error: Error) => {
      problem = `it ended with an error: ${error.message.slice(0, 200)}`;
    });
    worker.on('message', (message: FromWorker) => {
      if (worker === this.#worker) this.#hear(message);
    });
    worker.on('exit', () => {
      if (worker === this.#worker) this.#crash(problem);
    });
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'loaded') {
      this.loaded = message;
      this.#become({ state: 'ready', problem: null });
      const tookMs = Math.round(this.#services.clock.tick() - this.#startedTick);
      this.#services.logger.info({ models: message.embedderId, tookMs }, 'local models are loaded');
      this.#pump();
    } else if (message.kind === 'unusable') {
      this.#services.logger.warn({ models: this.#start.manifest.name }, `local models: ${message.problem}`);
      this.#fail(message.problem);
    } else {
      const job = this.#begun.get(message.id);
      if (!job) return;
      this.#begun.delete(message.id);
      this.#size -= job.size;
      this.#watchOver(this.#begun.size > 0 ? this.#limits.taskMs : null);
      job.settle(message.answer);
      this.#pump();
    }
  }

  #pump(): void {
    if (this.state.state !== 'ready') return;
    while (this.#begun.size < AHEAD) {
      const job = this.#waiting.shift();
      if (!job) return;
      const id = this.#nextId++;
      if (this.#begun.size === 0) this.#watchOver(this.#limits.taskMs);
      this.#begun.set(id, job);
      this.#worker!.postMessage({ id, task: job.task });
    }
  }

  /** Counts from the last sign of life; null stops counting. */
  #watchOver(limitMs: number | null): void {
    if (this.#watch) clearTimeout(this.#watch);
    this.#watch = null;
    if (limitMs === null) return;
    const worker = this.#worker;
    this.#watch = setTimeout(() => {
      if (worker !== this.#worker) return;
      this.#crash(`it said nothing for ${limitMs} ms`);
      void worker?.terminate();
    }, limitMs);
    this.#watch.unref();
  }

  #crash(problem: string): void {
    const held = this.#services.clock.tick() - this.#startedTick;
    if (this.state.state === 'ready' && held > LASTING_MS) this.#crashes = 0;
    this.#crashes++;
    this.#fail(`the thread of the local models failed: ${problem}`);
    const isLast = this.#crashes > 1;
    this.#services.logger.error(
      { problem, again: !isLast },
      isLast ? 'the thread of the local models failed again' : 'the thread of the local models failed',
    );
    if (isLast || this.#closed) return;
    this.#restart = setTimeout(() => this.#open(), this.#limits.restartMs);
    this.#restart.unref();
  }

  #fail(problem: string): void {
    this.#watchOver(null);
    this.#worker = null;
    const jobs = [...this.#begun.values(), ...this.#waiting];
    this.#begun.clear();
    this.#waiting = [];
    this.#size = 0;
    this.#become({ state: 'failed', problem });
    for (const job of jobs) job.settle(new ModelError('failed', problem));
  }

  #become(state: ModelState): void {
    this.state = state;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}

/** Settles when the thread has said so much more, has ended, or has taken too long. */
function answersOf(worker: Worker, count: number, mostMs: number): Promise<void> {
  if (count === 0) return Promise.resolve();
  return new Promise((resolve) => {
    let left = count;
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, mostMs);
    worker.on('message', () => {
      if (--left === 0) done();
    });
    worker.once('exit', done);
  });
}

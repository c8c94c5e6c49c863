import type { Logger } from '../core/logger.ts';
import type { Evaluation } from '../core/stores/evaluations.ts';
import { type RunServices, runEvaluation } from './run-evaluation.ts';

export interface EvaluationRunsServices extends RunServices {
  readonly logger: Logger;
}

const AT_ONCE = 2;
const MOST_FAILURES = 5;
const FIRST_PAUSE_MS = 1_000;

interface Run {
  readonly evaluation: Evaluation;
  readonly abort: AbortController;
}

/** The evaluations that are being made: a few at once, the others in line, all taken up again at the next start. */
export class EvaluationRuns {
  readonly #services: EvaluationRunsServices;
  readonly #waiting: Run[] = [];
  readonly #running = new Map<Run, Promise<void>>();
  #closed = false;

  constructor(services: EvaluationRunsServices) {
    this.#services = services;
  }

  /** Takes up what an earlier process left, and clears away what was deleted. */
  resume(): void {
    for (const evaluation of this.#services.store.unfinishedEvaluations()) this.start(evaluation);
    this.#sweepSoon();
  }

  start(evaluation: Evaluation): void {
    this.#waiting.push({ evaluation, abort: new AbortController() });
    this.#fill();
  }

  /** Ends those that the store no longer has: calls on their way are given up. */
  dropDeleted(): void {
    const { store } = this.#services;
    for (const run of [...this.#waiting, ...this.#running.keys()]) {
      const { account, gateway, id } = run.evaluation;
      if (store.findEvaluation(account, gateway, id) === null) run.abort.abort(new Error('deleted'));
    }
    this.#sweepSoon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    for (const { abort } of this.#running.keys()) abort.abort(new Error('the gateway is being stopped'));
    await Promise.all(this.#running.values());
    await this.#services.checker.close();
  }

  #fill(): void {
    while (!this.#closed && this.#running.size < AT_ONCE) {
      const run = this.#waiting.shift();
      if (run === undefined) return;
      const work = this.#run(run).finally(() => {
        this.#running.delete(run);
        if (this.#running.size === 0) void this.#services.checker.rest();
        this.#fill();
      });
      this.#running.set(run, work);
    }
  }

  async #run({ evaluation, abort: { signal } }: Run): Promise<void> {
    const { store, clock, logger } = this.#services;
    const { account, gateway, id } = evaluation;
    for (let failures = 1; ; failures++) {
      const current = store.findEvaluation(account, gateway, id);
      if (signal.aborted || current === null) return;
      try {
        await runEvaluation(current, this.#services, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ evaluation: id, error: String(error), failures }, 'an evaluation broke off');
        if (failures === MOST_FAILURES) {
          const problem = `it broke off ${failures} times; the gateway's log has the reasons under ${id}`;
          store.putEvaluation({ ...current, state: 'error', problem, modifiedAt: clock.now() });
          return;
        }
      }
      await pause(FIRST_PAUSE_MS * 2 ** (failures - 1), signal);
    }
  }

  /** In small steps: an evaluation can have many scores. */
  #sweepSoon(): void {
    setImmediate(() => {
      if (this.#closed) return;
      if (this.#services.store.sweep() > 0) this.#sweepSoon();
    });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

import type { SemanticReason } from '../../core/semantic.ts';
import { climb, LadderError, type LadderParts, type LookUpOutcome, type Question } from './look-up.ts';

/** Nobody waits for a look-up that only watches; it may wait for models that are being loaded. */
export const WATCH_DEADLINE_MS = 10_000;
const MOST_AT_ONCE = 32;

/** What the ladder needs, or why there is none. */
export type Readiness = LadderParts | { readonly reason: SemanticReason };

/** Bounds the ladder: in time, in number, and in what it may do when a part of it fails. */
export class SemanticEngine {
  #running = 0;

  /** Never rejects: whatever goes wrong is a miss with its reason. `left` aborts when nobody wants the answer any more. */
  async lookUp(
    question: Question,
    ready: () => Promise<Readiness>,
    deadlineMs: number,
    left: AbortSignal | null,
  ): Promise<LookUpOutcome> {
    if (this.#running >= MOST_AT_ONCE) return miss('busy');
    this.#running++;
    const late = new AbortController();
    const signal = left === null ? late.signal : AbortSignal.any([late.signal, left]);
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<LookUpOutcome>((resolve) => {
      timer = setTimeout(() => {
        late.abort();
        resolve(miss('late'));
      }, deadlineMs).unref();
    });
    const looking = this.#look(question, ready, signal).finally(() => {
      this.#running--;
      clearTimeout(timer);
    });
    return Promise.race([looking, tooLate]);
  }

  async #look(
    question: Question,
    ready: () => Promise<Readiness>,
    signal: AbortSignal,
  ): Promise<LookUpOutcome> {
    try {
      const parts = await ready();
      if ('reason' in parts) return miss(parts.reason);
      signal.throwIfAborted();
      return await climb(question, parts, signal);
    } catch (error) {
      if (signal.aborted) return miss('late');
      return miss(error instanceof LadderError ? error.reason : 'unavailable');
    }
  }
}

const miss = (reason: SemanticReason): LookUpOutcome => ({ kind: 'miss', reason, candidate: null });

import type { Step } from '../../core/exchange.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler, Stage } from '../../core/stage.ts';

export interface SharingServices {
  /** Takes part in the call of that key that is under way; null when there is none, or (later) when it has come to nothing. */
  join(key: string, step: Step): Promise<Reply | null> | null;
  /** Makes a call that others can join. */
  lead(key: string, step: Step, call: Handler<Step>): Promise<Reply>;
}

/** Equal requests that are under way at the same time share one upstream call. Those for the cache only: whoever asks without it wants an answer of their own. */
export function shareInFlight(flights: SharingServices): Stage<Step> {
  return (step, next) => {
    const { cache } = step.controls;
    if (step.cacheKey === null || cache === null || cache.skipRead || !cache.shareInFlight) return next(step);
    const key = callKey(step, step.cacheKey);
    const joined = flights.join(key, step);
    if (joined === null) return flights.lead(key, step, next);
    return joined.then((reply) => reply ?? next(step));
  };
}

/**
 * What two requests must have in common to share a call: everything that the answer depends on; who asks, because one
 * may pay for the other; and how it is asked for, so that nobody waits longer or is tried less often than alone.
 */
function callKey({ exchange, controls, index }: Step, cacheKey: string): string {
  const { maxAttempts, delayMs, backoff } = controls.retry;
  const { token, gateway, steps } = exchange;
  // Where similar answers are kept apart by user, the call of one user may find what is only for that one.
  const isForUser = controls.semantic !== 'off' && gateway.semanticCache?.scope === 'user';
  return [
    cacheKey,
    token?.id ?? '',
    controls.semantic,
    controls.requestTimeoutMs,
    maxAttempts,
    delayMs,
    backoff,
    index < steps.length - 1,
    isForUser ? JSON.stringify(controls.metadata) : '',
  ].join(' ');
}

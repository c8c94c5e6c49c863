import type { Reply } from './reply.ts';

export type Handler<T> = (input: T) => Promise<Reply>;

/**
 * One step around a request: may answer itself, may call next, may observe what comes back. It may throw at once or
 * reject later: whoever catches awaits. A stage that does nothing after `next` returns its promise as it is, because a
 * promise of a promise costs three turns of the microtask queue.
 */
export type Stage<T> = (input: T, next: Handler<T>) => Promise<Reply>;

/** Puts stages around a core, the first one outermost. */
export function compose<T>(stages: readonly Stage<T>[], core: Handler<T>): Handler<T> {
  return stages.reduceRight<Handler<T>>((next, stage) => (input) => stage(input, next), core);
}

import type { Reply } from './reply.ts';

export type Handler<T> = (input: T) => Promise<Reply>;

/** One step around a request: may answer itself, may call next, may observe what comes back. */
export type Stage<T> = (input: T, next: Handler<T>) => Promise<Reply>;

/** Puts stages around a core, the first one outermost. */
export function compose<T>(stages: readonly Stage<T>[], core: Handler<T>): Handler<T> {
  return stages.reduceRight<Handler<T>>((next, stage) => (input) => stage(input, next), core);
}

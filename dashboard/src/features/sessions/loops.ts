import type { LogObject } from '../../../../src/api/contract.ts';

type Sized = Pick<LogObject, 'path' | 'model' | 'model_requested' | 'request_size'>;

/** Requests that repeat one another, by their places in the session. */
export interface Loop {
  readonly from: number;
  /** The last one, included. */
  readonly to: number;
}

/** This many in a row are a loop. */
const LEAST = 3;
const TOLERANCE = 0.02;
const TOLERANCE_BYTES = 8;

/**
 * Finds loops as the gateway does, by sizes: a request repeats the one before when it is as large, or when it has grown by
 * what that one had grown: an agent that makes the same call and gets the same result sends the same turn more each time.
 */
export function findLoops(logs: readonly Sized[]): Loop[] {
  const loops: Loop[] = [];
  let from = 0;
  let growthBefore: number | null = null;
  const close = (to: number): void => {
    if (to - from + 1 >= LEAST) loops.push({ from, to });
  };
  for (let index = 1; index < logs.length; index++) {
    const [before, log] = [logs[index - 1]!, logs[index]!];
    const isSameKind = before.path === log.path && modelOf(before) === modelOf(log);
    const growth = isSameKind ? log.request_size - before.request_size : null;
    const repeats =
      growth !== null && log.request_size > 0 && (growth === 0 || growsAlike(growth, growthBefore));
    if (!repeats) {
      close(index - 1);
      from = index;
    }
    growthBefore = growth;
  }
  close(logs.length - 1);
  return loops;
}

const modelOf = (log: Sized): string => log.model_requested ?? log.model;

function growsAlike(growth: number, before: number | null): boolean {
  if (before === null || growth <= 0 || before <= 0) return false;
  return Math.abs(growth - before) <= Math.max(TOLERANCE_BYTES, before * TOLERANCE);
}

/** The loop that a place is in. */
export const loopAt = (loops: readonly Loop[], index: number): Loop | null =>
  loops.find(({ from, to }) => index >= from && index <= to) ?? null;

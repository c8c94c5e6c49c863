/** Time, the only way into it: the rest of the code is handed a Clock, so that tests can own it. */
export interface Clock {
  /**
   * Milliseconds since the Unix epoch. Follows the wall clock at start and runs on the monotonic clock from there:
   * a jump of the wall clock (NTP step, suspend) never reorders records or reopens a rate window.
   */
  now(): number;
  /** Monotonic milliseconds with fractions, for durations only. */
  tick(): number;
}

export function systemClock(): Clock {
  const offset = Date.now() - performance.now();
  return {
    now: () => Math.floor(offset + performance.now()),
    tick: () => performance.now(),
  };
}

import { setTimeout as delay } from 'node:timers/promises';

/** Exit code of a program that a signal ended, as shells count it. */
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

const ECHO_MS = 300;

/**
 * Waits for SIGINT or SIGTERM, then closes within `boundMs`. A second signal ends the process at once: the spool makes
 * that safe, so nobody has to wait. Resolves to the exit code.
 */
export async function untilStopped(
  close: () => Promise<void>,
  boundMs: number,
  say: (line: string) => void,
): Promise<number> {
  const signal = await new Promise<keyof typeof SIGNAL_CODES>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name));
  });
  // npm passes a terminal's Ctrl-C on to a child that has had it already: an echo is no second signal.
  const firstAt = performance.now();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (performance.now() - firstAt > ECHO_MS) process.exit(SIGNAL_CODES[name]);
    });
  }
  say(`stopping: requests under way have ${boundMs / 1000} s to end; press Ctrl-C again to stop at once`);
  const bound = new AbortController();
  const outcome = await Promise.race([
    close().then(() => 'closed' as const),
    delay(boundMs, 'late' as const, { signal: bound.signal }).catch(() => 'closed' as const),
  ]);
  bound.abort();
  if (outcome === 'late') {
    say('some requests did not end in time and were cut off');
    process.exit(SIGNAL_CODES[signal]);
  }
  say('stopped');
  return 0;
}

import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

/** Late by more than this, a thread that does nothing has been kept from running. */
const STANDSTILL_MS = 1;
const SLEEP_MS = 0.5;
const MOST_STANDSTILLS = 100_000;

// Sleeps, and notes from when until when it was kept from waking: in ms of a clock that all threads share.
const SAMPLER = `
  const { workerData: { count, times, end } } = require('node:worker_threads');
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  while (Atomics.load(end, 0) === 0) {
    const due = now() + ${SLEEP_MS};
    Atomics.wait(end, 0, 0, ${SLEEP_MS});
    const woken = now();
    const at = 2 * Atomics.load(count, 0);
    if (woken - due <= ${STANDSTILL_MS} || at >= times.length) continue;
    times[at] = due;
    times[at + 1] = woken;
    Atomics.add(count, 0, 1);
  }`;

/** Ms of the clock of the sampler. */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface Standstills {
  /** Whether the machine was seen to stand still somewhere between the two. */
  overlap(from: number, to: number): boolean;
  /** Share of the time between the two, 0 to 1. */
  share(from: number, to: number): number;
  close(): Promise<void>;
}

/** A thread of the same priority as all others, which does nothing but look how late it wakes. */
export function watchMachine(): Standstills {
  const count = new Int32Array(new SharedArrayBuffer(4));
  const times = new Float64Array(new SharedArrayBuffer(16 * MOST_STANDSTILLS));
  const end = new Int32Array(new SharedArrayBuffer(4));
  const sampler = new Worker(SAMPLER, { eval: true, workerData: { count, times, end } });
  const within = function* (from: number, to: number): Generator<number> {
    for (let at = 2 * Atomics.load(count, 0) - 2; at >= 0 && times[at + 1]! > from; at -= 2)
      if (times[at]! < to) yield Math.min(to, times[at + 1]!) - Math.max(from, times[at]!);
  };
  return {
    overlap: (from, to) => !within(from, to).next().done,
    share: (from, to) => [...within(from, to)].reduce((sum, ms) => sum + ms, 0) / (to - from),
    async close() {
      Atomics.store(end, 0, 1);
      await new Promise((resolve) => sampler.once('exit', resolve));
    },
  };
}

export interface Stalls {
  /** Longest time that a timer of 1 ms came late; what else the machine does is in it. */
  readonly delayMs: number;
  /**
   * The longest that this thread was busy between two such timers: what its event loop was at work, and not more than
   * the CPU time it was charged. Where other guests of the host keep a processor from running, either is too long.
   */
  readonly busyMs: number;
  /** The longest collection of garbage on this thread, part of which may have waited for a processor. */
  readonly collectingMs: number;
}

/** How long the main thread was busy at a stretch. */
export function watchStalls(): () => Stalls {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let collectingMs = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collectingMs = Math.max(collectingMs, duration);
  });
  collections.observe({ entryTypes: ['gc'] });
  let busyMs = 0;
  let cpu = process.threadCpuUsage();
  let loop = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const { active } = performance.eventLoopUtilization(loop);
    const { user, system } = process.threadCpuUsage(cpu);
    busyMs = Math.max(busyMs, Math.min(active, (user + system) / 1000));
    loop = performance.eventLoopUtilization();
    cpu = process.threadCpuUsage();
  }, 1);
  return () => {
    clearInterval(timer);
    delay.disable();
    collections.disconnect();
    return { delayMs: delay.max / 1e6 - 1, busyMs, collectingMs };
  };
}

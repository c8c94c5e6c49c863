import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Stalls {
  /** Longest time that a timer of 1 ms came late; what else the machine does is in it. */
  readonly delayMs: number;
  /** Most CPU time that this thread used between two timers: nothing of it is anybody else's. */
  readonly cpuMs: number;
}

/** How long the main thread was busy at a stretch. */
export function watchStalls(): () => Stalls {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let most = 0;
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    most = Math.max(most, now.user + now.system - before.user - before.system);
    before = now;
  }, 1);
  return () => {
    clearInterval(timer);
    delay.disable();
    return { delayMs: delay.max / 1e6 - 1, cpuMs: most / 1000 };
  };
}

import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;

/** Delays of the event loop between two looks. The first look starts the measuring: who never looks pays nothing. */
export class LoopDelay {
  #delays: ReturnType<typeof monitorEventLoopDelay> | null = null;

  /** In seconds; zeros at the first look. */
  read(): { mean: number; p50: number; p99: number; max: number } {
    const delays = this.#delays;
    if (delays === null) {
      this.#delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#delays.enable();
      return { mean: 0, p50: 0, p99: 0, max: 0 };
    }
    // The timer's own interval is in every value.
    const seconds = (nanoseconds: number): number =>
      Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1000) : 0;
    const read = {
      mean: seconds(delays.mean),
      p50: seconds(delays.percentile(50)),
      p99: seconds(delays.percentile(99)),
      max: seconds(delays.max),
    };
    delays.reset();
    return read;
  }

  close(): void {
    this.#delays?.disable();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';
import type { LoadCommand, LoadResult, StreamsOpen } from './load-command.ts';
import type { Options, Scenario } from './options.ts';
import { treeUsage, waitUntilIdle } from './process-tree.ts';
import type { RunningTarget } from './targets/target.ts';

/** Figures of one phase of one target in one round. A figure that does not apply is absent. */
export interface Sample {
  /** Per request; in the scenario of paced streams, per event. */
  readonly cpuMicros?: number;
  readonly requestsPerSecond?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly gapP99Ms?: number;
  /** Events of a stream that arrived in one read: over 1, the target (or the kernel) ran them together. */
  readonly eventsPerRead?: number;
  readonly residentMb?: number;
  readonly startMs?: number;
  readonly errors: number;
  readonly errorSamples?: Readonly<Record<string, number>>;
  /** False when the gateway was still working 20 s after the load had ended. */
  readonly drained?: boolean;
}

export interface Bench {
  readonly load: Child;
  readonly upstream: Child;
  readonly options: Options;
}

const MEGABYTE = 1024 * 1024;
const OPEN_STREAMS = 1000;
/** Time to the first token of a chat is in the hundreds of milliseconds; between tokens it is tens. */
const PACE_MS = 50;

const CLOSED: Readonly<
  Record<'a' | 'b' | 'c' | 'd', Pick<LoadCommand, 'shape' | 'connections' | 'sameBody'>>
> = {
  a: { shape: 'json', connections: 32 },
  b: { shape: 'stream', connections: 500 },
  c: { shape: 'upload', connections: 8 },
  d: { shape: 'json', connections: 32, sameBody: true },
};

function present<T>(value: T | null): T | undefined {
  return value ?? undefined;
}

/** Drops undefined fields, so that absent stays absent. */
function sample(fields: { [K in keyof Sample]: Sample[K] | undefined } & { errors: number }): Sample {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as Sample;
}

function runLoad(
  bench: Bench,
  target: RunningTarget,
  command: Omit<LoadCommand, 'port' | 'path' | 'headers'>,
) {
  const { port, path, headers, anyLength } = target;
  return bench.load.ask<LoadResult>({ port, path, headers, anyLength, ...command }, 'event', 'result');
}

async function setPace(bench: Bench, paceMs: number): Promise<void> {
  await bench.upstream.ask({ paceMs }, 'paceMs');
}

/** Runs a load, and charges to it all CPU time until the tree is idle again. */
async function charged(
  target: RunningTarget,
  load: () => Promise<LoadResult>,
): Promise<{ result: LoadResult; cpuMs: number | null; residentMb: number | null; drained: boolean }> {
  if (target.pid === null) return { result: await load(), cpuMs: null, residentMb: null, drained: true };
  const before = treeUsage(target.pid);
  const result = await load();
  const peak = treeUsage(target.pid).residentBytes;
  const drained = await waitUntilIdle(target.pid, target.quietMs);
  const after = treeUsage(target.pid);
  return {
    result,
    cpuMs: after.cpuMs - before.cpuMs,
    residentMb: Math.max(peak, after.residentBytes) / MEGABYTE,
    drained,
  };
}

/** The first time, the compilers of the run-times get longer: an optimised process is what is compared. */
async function closed(bench: Bench, target: RunningTarget, scenario: 'a' | 'b' | 'c' | 'd', first: boolean) {
  const command = { mode: 'closed' as const, ...CLOSED[scenario] };
  const { seconds, warmSeconds, firstWarmSeconds } = bench.options;
  await setPace(bench, 0);
  await runLoad(bench, target, { ...command, seconds: first ? firstWarmSeconds : warmSeconds });
  if (target.pid !== null) await waitUntilIdle(target.pid, target.quietMs);
  const { result, cpuMs, residentMb, drained } = await charged(target, () =>
    runLoad(bench, target, { ...command, seconds }),
  );
  return sample({
    cpuMicros: cpuMs === null || result.completed === 0 ? undefined : (cpuMs * 1000) / result.completed,
    requestsPerSecond: (result.completed * 1000) / result.tookMs,
    p50Ms: present(result.p50Ms),
    p99Ms: present(result.p99Ms),
    eventsPerRead: result.streamEvents > 0 ? result.streamEvents / result.reads : undefined,
    residentMb: present(residentMb),
    errors: result.errors,
    errorSamples: result.errors > 0 ? result.errorSamples : undefined,
    drained,
  });
}

/** 200 requests per second, whether or not earlier ones are answered. */
async function latency(bench: Bench, target: RunningTarget): Promise<Sample> {
  const command = { mode: 'open' as const, shape: 'json' as const, connections: 64, rate: 200 };
  await runLoad(bench, target, { ...command, seconds: bench.options.warmSeconds });
  // The 99th percentile of few requests is a matter of chance: this phase takes twice as long.
  const result = await runLoad(bench, target, { ...command, seconds: bench.options.seconds * 2 });
  if (target.pid !== null) await waitUntilIdle(target.pid, 300);
  return sample({
    p50Ms: present(result.p50Ms),
    p99Ms: present(result.p99Ms),
    errors: result.errors,
    errorSamples: result.errors > 0 ? result.errorSamples : undefined,
  });
}

/** 500 streams at a provider's pace: what does each event cost, and how much later than the beat does it come? */
async function chunks(bench: Bench, target: RunningTarget): Promise<Sample> {
  await setPace(bench, PACE_MS);
  const { result, cpuMs } = await charged(target, () =>
    runLoad(bench, target, {
      mode: 'held',
      shape: 'stream',
      connections: 500,
      // Spread over some beats, so that the streams do not all tick at the same instant.
      rampMs: PACE_MS * 10,
      seconds: Math.min(bench.options.seconds, 2),
      // A gateway that accounts reads a broken stream through, which would be charged to these few events.
      toEnd: true,
      measureGaps: true,
    }),
  );
  await setPace(bench, 0);
  return sample({
    cpuMicros: cpuMs === null || result.streamEvents === 0 ? undefined : (cpuMs * 1000) / result.streamEvents,
    p50Ms: present(result.gapP50Ms),
    gapP99Ms: present(result.gapP99Ms),
    errors: result.errors,
    errorSamples: result.errors > 0 ? result.errorSamples : undefined,
  });
}

/** A process that was just started, has served a little, and then holds 1,000 open streams. */
async function fresh(bench: Bench, target: RunningTarget): Promise<Sample> {
  const { pid } = target;
  if (pid === null) return { errors: 0 };
  await setPace(bench, 0);
  await runLoad(bench, target, { mode: 'closed', shape: 'json', connections: 32, seconds: 0.5 });
  await setPace(bench, 100);
  const opened = bench.load.waitFor<StreamsOpen>('event', 'open');
  const holding = runLoad(bench, target, {
    mode: 'held',
    shape: 'stream',
    connections: OPEN_STREAMS,
    rampMs: 1000,
    seconds: 2,
  });
  await opened;
  let peak = 0;
  for (let i = 0; i < 7; i++) {
    peak = Math.max(peak, treeUsage(pid).residentBytes);
    await sleep(250);
  }
  const result = await holding;
  await setPace(bench, 0);
  const missing = OPEN_STREAMS - result.completed;
  return sample({
    startMs: present(target.startMs),
    residentMb: peak / MEGABYTE,
    errors: missing,
    errorSamples: missing > 0 ? result.errorSamples : undefined,
  });
}

/** Memory and start are measured on a process of their own, fresh in each round. */
export function needsFreshProcess(scenario: Scenario): boolean {
  return scenario === 'fresh';
}

export async function measure(
  bench: Bench,
  scenario: Scenario,
  target: RunningTarget,
  first: boolean,
): Promise<Sample> {
  switch (scenario) {
    case 'latency':
      return latency(bench, target);
    case 'chunks':
      return chunks(bench, target);
    case 'fresh':
      return fresh(bench, target);
    default:
      return closed(bench, target, scenario, first);
  }
}

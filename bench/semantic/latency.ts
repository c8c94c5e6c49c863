import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { openSemanticStore } from '../../src/composition/semantic/open-semantic-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { SemanticStore } from '../../src/core/stores/semantic.ts';
import { openLocalModels } from '../../src/local-models/open-local-models.ts';
import { Random } from '../logs/random.ts';
import { entryOf, fillFile, nearVector, PARTITION, randomVector } from './latency-fill.ts';
import { measureOff, type OffCost } from './latency-off.ts';
import { type Stalls, type Standstills, sharedNow, watchMachine, watchStalls } from './latency-stalls.ts';

/** p99 of a look-up, by entries in the partition. */
const GOALS_MS: Readonly<Record<number, number>> = { 10000: 2, 100000: 8, 1000000: 90 };
const STALL_GOAL_MS = 5;
const RESULTS = new URL('../results/semantic.json', import.meta.url).pathname;
const GIB = 1024 ** 3;
const USAGE = `Usage: npm run bench:semantic -- [options]
  --entries LIST     entries in one partition (10000,100000,1000000)
  --look-ups N       measured look-ups of each kind (500)
  --dimensions N     of the vectors (384)
  --puts N           entries that arrive per second in the second round (200)
  --folder PATH      where the files are kept for the next run (in a folder that is removed)
  --check            exit with 1 when a goal is missed`;

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000,100000,1000000' },
    'look-ups': { type: 'string', default: '500' },
    dimensions: { type: 'string', default: '384' },
    puts: { type: 'string', default: '200' },
    folder: { type: 'string' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}
interface Measured extends Times {
  /** Without the look-ups during which the machine was seen to stand still, and how many those are (0 to 1). */
  readonly undisturbed: { readonly p99: number; readonly leftOut: number };
  readonly stalls: Stalls;
  readonly load: number;
}
interface Line {
  readonly entries: number;
  readonly goalMs: number | null;
  readonly fileMb: number;
  readonly loadingSeconds: number;
  /** One after the other, with nothing that watches: user and system time of the whole process for each. */
  readonly backToBack: Times & { readonly cpuMs: number };
  readonly rounds: {
    readonly whileLoading: Measured;
    readonly atRest: Measured;
    readonly whileWriting: Measured;
  };
}

const clock = systemClock();
const quiet = (): void => {};
const complain = (fields: unknown, message: string): void => console.error(message, fields);
const logger: Logger = { debug: quiet, info: quiet, warn: complain, error: complain };
const lookUps = Number(values['look-ups']);
const dimensions = Number(values.dimensions);

if (values.help) console.log(USAGE);
else await run();

async function run(): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'tidegate-bench-semantic-'));
  mkdirSync(folder, { recursive: true });
  // The first thread of a process costs more than others; a gateway has some before this one.
  await new Promise((resolve) => new Worker('', { eval: true }).once('exit', resolve));
  const machine = watchMachine();
  await sleep(200);
  const idle = watchStalls();
  const idleFrom = sharedNow();
  await sleep(3000);
  const resting = { ...idle(), standsStill: machine.share(idleFrom, sharedNow()) };
  const lines: Line[] = [];
  try {
    for (const entries of values.entries.split(',').map(Number))
      lines.push(await measure(folder, entries, machine));
  } finally {
    await machine.close();
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
  const embedding = await measureEmbedding();
  const off = measureOff();
  const where = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
  const report = {
    dimensions,
    lookUps,
    puts: Number(values.puts),
    machine: where,
    resting,
    lines,
    embedding,
  };
  writeFileSync(RESULTS, `${JSON.stringify(report, null, 2)}\n`);
  print(lines, resting, embedding, off);
}

async function measure(folder: string, entries: number, machine: Standstills): Promise<Line> {
  const path = join(folder, `semantic-${entries}-${dimensions}.db`);
  fillFile(path, entries, dimensions, clock.now());
  const store = openSemanticStore({
    path,
    budgetBytes: 64 * GIB,
    indexBytes: 4 * GIB,
    clock,
    health: new Health(),
    logger,
  });
  // The same as in the file.
  const random = new Random(entries);
  const known = Array.from({ length: Math.min(200, entries) }, () => randomVector(random, dimensions));
  const questions = known.map((vector) => nearVector(random, vector, 0.9));
  const start = performance.now();
  const isLoading = async (): Promise<boolean> => (await store.stats('local', 'main')).isLoading;
  const whileLoading = await measured(store, questions, machine, 5, isLoading);
  while (await isLoading()) await sleep(50);
  const loadingSeconds = (performance.now() - start) / 1000;
  // What is compiled only after some use.
  for (let n = 0; n < 50; n++) await lookUp(store, questions[n % questions.length]!);
  const backToBack = await measuredAlone(store, questions);
  const left = { count: lookUps };
  const some = async (): Promise<boolean> => left.count-- > 0;
  const atRest = await measured(store, questions, machine, 2, some);
  const puts = arrivals(store, random, Number(values.puts));
  left.count = lookUps;
  const whileWriting = await measured(store, questions, machine, 2, some);
  clearInterval(puts);
  await store.close();
  const fileMb = statSync(path).size / 1e6;
  const goalMs = GOALS_MS[entries] ?? null;
  const rounds = { whileLoading, atRest, whileWriting };
  return { entries, goalMs, fileMb, loadingSeconds, backToBack, rounds };
}

/** Look-ups one after the other, with pauses, until `goesOn` says no. */
async function measured(
  store: SemanticStore,
  questions: readonly Float32Array[],
  machine: Standstills,
  pauseMs: number,
  goesOn: () => Promise<boolean>,
): Promise<Measured> {
  const times: number[] = [];
  const spans: (readonly [from: number, to: number])[] = [];
  const stalls = watchStalls();
  for (let n = 0; await goesOn(); n++) {
    const from = sharedNow();
    times.push(await lookUp(store, questions[n % questions.length]!));
    spans.push([from, sharedNow()]);
    await sleep(pauseMs);
  }
  const calm = times.filter((_, n) => !machine.overlap(...spans[n]!));
  const undisturbed = { p99: spreadOf(calm).p99, leftOut: 1 - calm.length / Math.max(1, times.length) };
  return { ...spreadOf(times), undisturbed, stalls: stalls(), load: loadavg()[0]! };
}

async function measuredAlone(
  store: SemanticStore,
  questions: readonly Float32Array[],
): Promise<Line['backToBack']> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let n = 0; n < lookUps; n++) times.push(await lookUp(store, questions[n % questions.length]!));
  const { user, system } = process.cpuUsage(cpu);
  return { ...spreadOf(times), cpuMs: (user + system) / 1000 / lookUps };
}

async function lookUp(store: SemanticStore, vector: Float32Array): Promise<number> {
  const start = performance.now();
  await store.nearest({ partition: PARTITION, vector, limit: 5, minCosine: 0.7, signal: null });
  return performance.now() - start;
}

function arrivals(store: SemanticStore, random: Random, perSecond: number): NodeJS.Timeout {
  const answer = { headers: ['content-type', 'application/json'], body: Buffer.alloc(2000, 'x') };
  let n = 1_000_000_000;
  return setInterval(() => {
    for (let count = perSecond / 50; count > 0; count--)
      store.put(entryOf(n++, clock.now()), randomVector(random, dimensions), answer);
  }, 20);
}

/** The model that comes with the project, one question at a time; null when it cannot be loaded here. */
async function measureEmbedding(): Promise<Times | null> {
  const models = openLocalModels({ clock, logger });
  try {
    if ((await models.ready()).state !== 'ready') return null;
    const times: number[] = [];
    for (let n = 0; n < 120; n++) {
      const start = performance.now();
      await models.embedder.embed([`How do I do the thing with number ${n} in that part?`], null);
      if (n >= 20) times.push(performance.now() - start);
    }
    return spreadOf(times);
  } finally {
    await models.close();
  }
}

function spreadOf(times: readonly number[]): Times {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

function print(
  lines: readonly Line[],
  resting: Stalls & { readonly standsStill: number },
  embedding: Times | null,
  off: OffCost,
): void {
  const ms = (value: number): string => value.toFixed(2);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  let isMissed = false;
  for (const { entries, goalMs, fileMb, loadingSeconds, backToBack, rounds } of lines) {
    console.log(`${entries} entries, ${fileMb.toFixed(0)} MB, read in within ${loadingSeconds.toFixed(1)} s`);
    const { p50, p99, cpuMs } = backToBack;
    console.log(`  backToBack   p50 ${ms(p50)} p99 ${ms(p99)} ms, CPU ${ms(cpuMs)} ms`);
    for (const [name, { undisturbed, stalls, load, ...times }] of Object.entries(rounds)) {
      const isSlow = goalMs !== null && name !== 'whileLoading' && times.p99 > goalMs;
      const isStalled = stalls.busyMs > STALL_GOAL_MS;
      isMissed ||= isSlow || isStalled;
      console.log(
        `  ${name.padEnd(12)} p50 ${ms(times.p50)} p99 ${ms(times.p99)} (goal ${goalMs ?? '-'}) most ${ms(times.most)} ms, ` +
          `undisturbed p99 ${ms(undisturbed.p99)} (${percent(undisturbed.leftOut)} left out); main thread busy ` +
          `${ms(stalls.busyMs)}, collecting ${ms(stalls.collectingMs)}, late ${ms(stalls.delayMs)} ms; ` +
          `load ${ms(load)}: ${isSlow || isStalled ? 'missed' : 'reached'}`,
      );
    }
  }
  console.log(
    `nothing going on: timers late ${ms(resting.delayMs)} ms, busy ${ms(resting.busyMs)} ms, ` +
      `the machine stands still ${percent(resting.standsStill)} of the time`,
  );
  if (embedding) console.log(`embedding: p50 ${ms(embedding.p50)} p99 ${ms(embedding.p99)} ms`);
  else console.log('embedding: the local model cannot be loaded here');
  console.log(
    `switched off, a request pays ${off.stageNanos.toFixed(0)} ns in the stage and ${off.headerNanos.toFixed(0)} ns for its header`,
  );
  if (isMissed && values.check) process.exitCode = 1;
}

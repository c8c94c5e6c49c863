import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import type { Logger } from '../../src/core/logger.ts';
import { type Logs, openLogs } from '../../src/records/open-logs.ts';
import { spread } from '../results.ts';
import { Arrivals } from './arrivals.ts';
import { fillStore } from './fill.ts';
import { overviews } from './overviews.ts';
import { type Asked, questions, type Samples } from './questions.ts';
import { randomQuestions } from './random-questions.ts';
import { ACCOUNT, GATEWAYS } from './traffic.ts';

const GOALS = { list: 300, visible: 2000 } as const;
const RESULTS = new URL('../results/logs.json', import.meta.url).pathname;
const USAGE = `Usage: npm run bench:logs -- [options]
  --records N    records in the store (10000000)
  --folder PATH  where the store is made, or found from an earlier run (in the folder for temporary files)
  --rate N       records that arrive per second meanwhile (500)
  --rounds N     how often each question is asked (5)
  --only TEXT    questions whose name has it; figures are then not saved
  --random N     also so many first pages with any combination of filters, the same ones for the same seed
  --seed N       of these (1)
  --fill         make the store and stop: it takes minutes per million, and can be used again
  --check        exit with 1 when a goal is missed`;

interface Line {
  readonly name: string;
  readonly goalMs: number;
  readonly medianMs: number;
  readonly mostMs: number;
  readonly firstMs: number;
  /** Median of the process's CPU time while it was asked, arrivals included: what other work on the machine blurs less. */
  readonly cpuMs: number;
  readonly rows: number | null;
}

/** What came of the random combinations: medians of each one's rounds, and its first time. */
interface RandomFigures {
  readonly asked: number;
  readonly seed: number;
  readonly median: Percentiles;
  readonly first: Percentiles;
  readonly cpu: Percentiles;
  readonly overGoal: number;
  readonly worst: readonly Line[];
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000000' },
    folder: { type: 'string' },
    rate: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    random: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
    fill: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await run();

async function run(): Promise<void> {
  const records = Number(values.records);
  const rate = Number(values.rate);
  const rounds = Number(values.rounds);
  if (!(records > 0 && rate >= 0 && rounds > 0)) throw new Error(USAGE);
  const folder = values.folder ?? join(tmpdir(), `tidegate-bench-logs-${records}`);
  const clock = systemClock();
  mkdirSync(folder, { recursive: true });
  fillStore(folder, records, () => clock.now());
  if (values.fill) return;
  // What an earlier run left undone.
  rmSync(join(folder, 'spool'), { recursive: true, force: true });
  const quiet = (): void => {};
  const complain = (fields: unknown, message: string): void => console.error(message, fields);
  const logger: Logger = { debug: quiet, info: quiet, warn: complain, error: complain };
  const logs = openLogs({
    dataDir: folder,
    clock,
    health: new Health(),
    logger,
    logModule: new URL('../../src/stores/sqlite/logs.ts', import.meta.url),
    bodyModule: new URL('../../src/stores/files/bodies.ts', import.meta.url),
    conversationModule: new URL('../../src/dialects/conversation/read-conversation.ts', import.meta.url),
    textBytes: 0,
  });
  const samples = await findSamples(logs);
  const arrivals = new Arrivals(logs.sink, rate, clock);
  arrivals.start();
  const lines: Line[] = [];
  let random: RandomFigures | null = null;
  const askList = async ({ name, query }: Asked): Promise<Line> => {
    let rows = 0;
    const times = await timed(rounds, async () => {
      rows = (await logs.store.list(query)).totalCount;
    });
    return describe(name, GOALS.list, times, rows);
  };
  try {
    await sleep(2000);
    for (const asked of questions(samples)) {
      if (asked.name.includes(values.only)) lines.push(await askList(asked));
    }
    const combinations: Line[] = [];
    for (const asked of randomQuestions(samples, Number(values.random), Number(values.seed))) {
      combinations.push(await askList(asked));
    }
    if (combinations.length > 0) random = summarise(combinations);
    for (const { name, goalMs, ask } of overviews(logs.store, () => clock.now())) {
      if (name.includes(values.only)) lines.push(describe(name, goalMs, await timed(rounds, ask), null));
    }
    const seen = await timed(20, () => waitToBeSeen(logs, arrivals));
    lines.push(describe('a record is in the list after', GOALS.visible, seen, null));
  } finally {
    await arrivals.stop();
    await logs.close();
  }
  const bytes = statSync(join(folder, 'logs', 'logs.db')).size;
  report(lines, random, { records, rate, rounds, bytes, late: arrivals.late });
}

async function findSamples(logs: Logs): Promise<Samples> {
  const page = await logs.store.list({
    account: ACCOUNT,
    gateway: GATEWAYS[0][0],
    filters: [{ key: 'metadata:trace', operator: 'neq', value: [null] }],
    search: null,
    from: null,
    to: null,
    orderBy: 'created_at',
    direction: 'asc',
    limit: 50,
    offset: 400,
    after: null,
    withRanges: false,
  });
  const withSession = page.rows.find((row) => row.sessionId !== null);
  const row = withSession ?? page.rows[0];
  if (row === undefined) throw new Error('the store is too small to ask about');
  return { session: row.sessionId ?? '', id: row.id, trace: String(row.metadata?.trace) };
}

interface Times {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}

async function timed(rounds: number, work: () => Promise<unknown>): Promise<Times> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const start = performance.now();
    await work();
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
    // Not in step with the arrivals.
    await sleep(37);
  }
  return { wall, cpu };
}

/** From the moment a record is handed over to the first answer that has it. */
async function waitToBeSeen(logs: Logs, arrivals: Arrivals): Promise<void> {
  const start = performance.now();
  const { id, gateway } = arrivals.send();
  for (;;) {
    const page = await logs.store.list({
      account: ACCOUNT,
      gateway,
      filters: [{ key: 'status_code', operator: 'gt', value: [0] }],
      search: null,
      from: null,
      to: null,
      orderBy: 'created_at',
      direction: 'desc',
      limit: 50,
      offset: 0,
      after: null,
      withRanges: false,
    });
    if (page.rows.some((row) => row.id === id)) return;
    if (performance.now() - start > 30_000) throw new Error('the record never came');
  }
}

function describe(name: string, goalMs: number, { wall, cpu }: Times, rows: number | null): Line {
  const { median, max } = spread(wall)!;
  return {
    name,
    goalMs,
    medianMs: median,
    mostMs: max,
    firstMs: wall[0]!,
    cpuMs: spread(cpu)!.median,
    rows,
  };
}

function summarise(lines: readonly Line[]): RandomFigures {
  const percentiles = (times: readonly number[]): Percentiles => {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
    return { p50: at(0.5), p95: at(0.95), max: at(1) };
  };
  return {
    asked: lines.length,
    seed: Number(values.seed),
    median: percentiles(lines.map((line) => line.medianMs)),
    first: percentiles(lines.map((line) => line.firstMs)),
    cpu: percentiles(lines.map((line) => line.cpuMs)),
    overGoal: lines.filter((line) => line.medianMs > line.goalMs).length,
    worst: lines.toSorted((a, b) => b.medianMs - a.medianMs).slice(0, 10),
  };
}

function report(
  lines: readonly Line[],
  random: RandomFigures | null,
  about: { records: number; rate: number; rounds: number; bytes: number; late: number },
): void {
  const ms = (value: number): string => value.toFixed(0).padStart(8);
  console.log(`${'question'.padEnd(42)} first ms   median     most      CPU     goal        rows`);
  for (const line of lines) {
    const missed = line.medianMs > line.goalMs ? ' missed' : '';
    const rows = line.rows === null ? '' : String(line.rows).padStart(12);
    console.log(
      `${line.name.padEnd(42)} ${ms(line.firstMs)} ${ms(line.medianMs)} ${ms(line.mostMs)} ${ms(line.cpuMs)} ${ms(line.goalMs)}${rows}${missed}`,
    );
  }
  if (random !== null) {
    const of = ({ p50, p95, max }: Percentiles): string => `p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)}`;
    console.log(
      `${random.asked} random combinations: ${of(random.median)}; first ${of(random.first)}; CPU ${of(random.cpu)}`,
    );
    console.log(`${random.overGoal} of them over the goal; the slowest, with CPU:`);
    for (const { medianMs, cpuMs, name } of random.worst)
      console.log(`${ms(medianMs)} ${ms(cpuMs)}  ${name}`);
  }
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  console.log(
    `${about.records} records, ${(about.bytes / 1e9).toFixed(1)} GB, ${about.rate} per second arriving; ${machine.cores} cores`,
  );
  if (about.late > 0) console.log(`${about.late} records were sent more than a second late`);
  if (values.only === '') {
    writeFileSync(RESULTS, `${JSON.stringify({ ...about, machine, lines, random }, null, 2)}\n`);
  }
  if (values.check && lines.some((line) => line.medianMs > line.goalMs)) process.exitCode = 1;
}

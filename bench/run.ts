/**
 * npm run bench: Tidegate with all but the text index on beside a bare relay, nginx, another gateway and no gateway at all.
 * How it measures, and how to read it: bench/README.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { killAll, LOAD_CORE, startChild } from './child.ts';
import { goals, isReached } from './goals.ts';
import { type Bench, measure, needsFreshProcess } from './measure.ts';
import { type Options, readOptions, type Scenario } from './options.ts';
import { goalReport, scenarioReport } from './report.ts';
import { Results } from './results.ts';
import { direct } from './targets/direct.ts';
import { keeper } from './targets/keeper.ts';
import { nginx } from './targets/nginx.ts';
import { portkey } from './targets/portkey.ts';
import { relay } from './targets/relay.ts';
import type { RunningTarget, Target, TargetName } from './targets/target.ts';
import { tidegate } from './targets/tidegate.ts';

const ALL: readonly Target[] = [direct, relay, keeper, nginx, portkey, tidegate];

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What cannot run here is left out, and said. */
function usable(options: Options): readonly Target[] {
  return ALL.filter((target) => {
    if (!options.targets.includes(target.name)) return false;
    const obstacle = target.prepare();
    if (obstacle !== null) console.log(`skipped: ${target.title}: ${obstacle}`);
    return obstacle === null;
  });
}

/** Which targets a scenario is about. Without a process there is nothing to charge, hold or start. */
function takesPart(scenario: Scenario, target: TargetName, round: number): boolean {
  // Start and memory of the peers are told for comparison only, and are steady.
  if (scenario === 'fresh' && round > 0) return target === 'relay' || target === 'tidegate';
  if (scenario === 'd') return target === 'tidegate' || target === 'keeper';
  return target !== 'direct' || scenario === 'a' || scenario === 'latency' || scenario === 'chunks';
}

async function measureAll(bench: Bench, all: readonly Target[], upstreamPort: number): Promise<Results> {
  const { options } = bench;
  const results = new Results();
  const running = new Map<TargetName, RunningTarget>();
  try {
    for (const target of all) {
      try {
        running.set(target.name, await target.start(upstreamPort));
      } catch (error) {
        // Without a peer the rest can still be told; without ours or the yardstick nothing can.
        if (target.name !== 'nginx' && target.name !== 'portkey') throw error;
        console.log(`skipped: ${target.title}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    const targets = all.filter((target) => running.has(target.name));
    for (let round = 0; round < options.rounds; round++) {
      // Each round begins with another target: nobody is always the first or the last.
      const shift = round % targets.length;
      const order = [...targets.slice(shift), ...targets.slice(0, shift)];
      for (const scenario of options.scenarios) {
        for (const target of order.filter((one) => takesPart(scenario, one.name, round))) {
          process.stderr.write(`\r\x1b[Kround ${round + 1}/${options.rounds}: ${scenario}, ${target.name}`);
          const fresh = needsFreshProcess(scenario);
          const instance = fresh ? await target.start(upstreamPort) : running.get(target.name)!;
          try {
            results.add(scenario, target.name, round, await measure(bench, scenario, instance, round === 0));
          } finally {
            if (fresh) await instance.stop();
          }
        }
      }
    }
  } finally {
    process.stderr.write('\r\x1b[K');
    for (const instance of running.values()) await instance.stop();
  }
  return results;
}

function machine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    kernel: release(),
    node: process.version,
    // The run itself is about 2: what is over it was someone else's.
    loadAverage: Number(loadavg()[0]?.toFixed(1)),
  };
}

function save(options: Options, results: Results, text: string): void {
  const finishedAt = new Date().toISOString();
  mkdirSync(here('results'), { recursive: true });
  writeFileSync(
    here('results/latest.json'),
    `${JSON.stringify(
      {
        finishedAt,
        machine: machine(),
        options: { ...options, targets: options.targets.join(' '), scenarios: options.scenarios.join(' ') },
        goals: goals(results).map((goal) => ({ ...goal, reached: isReached(goal) })),
        samples: results,
      },
      null,
      2,
    )}\n`,
  );
  const about = Object.entries(machine()).map(([name, value]) => `${name} ${value}`);
  writeFileSync(
    here('results/latest.txt'),
    `${finishedAt}: ${options.rounds} rounds of ${options.seconds} s; ${about.join(', ')}\n\n${text}`,
  );
  console.log('Saved as bench/results/latest.json and latest.txt');
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return 0;
  if (process.platform !== 'linux' || cpus().length < 2)
    throw new Error('the bench needs Linux (/proc, taskset) and two cores');
  const targets = usable(options);
  execFileSync('taskset', ['-a', '-c', '-p', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
  process.stderr.write('touching memory');
  execFileSync(process.execPath, [here('touch-memory.ts')], { stdio: 'ignore' });
  const upstream = startChild(LOAD_CORE, [process.execPath, here('upstream.ts'), '0']);
  const { port } = await upstream.waitFor<{ port: number }>('port');
  const load = startChild(LOAD_CORE, [process.execPath, here('load.ts')]);
  try {
    const results = await measureAll({ load, upstream, options }, targets, port);
    const parts = options.scenarios.map((scenario) => scenarioReport(results, scenario, targets));
    const text = [...parts.filter((part) => part !== ''), goalReport(goals(results))].join('\n');
    console.log(text);
    save(options, results, text);
    return options.check && goals(results).some((goal) => isReached(goal) === false) ? 1 : 0;
  } finally {
    await load.stop();
    await upstream.stop();
  }
}

process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

import { parseArgs } from 'node:util';
import type { TargetName } from './targets/target.ts';

export const SCENARIOS = ['a', 'b', 'c', 'd', 'latency', 'chunks', 'fresh'] as const;
export type Scenario = (typeof SCENARIOS)[number];
const TARGETS: readonly TargetName[] = ['direct', 'relay', 'keeper', 'nginx', 'portkey', 'tidegate'];

export interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmSeconds: number;
  /** In the first round: long enough for V8 to compile what is hot in the largest of the targets. */
  readonly firstWarmSeconds: number;
  readonly targets: readonly TargetName[];
  readonly scenarios: readonly Scenario[];
  /** Exit code 1 when a goal is missed. */
  readonly check: boolean;
}

const QUICK_TARGETS = 'direct,relay,portkey,tidegate';
const QUICK_SCENARIOS = 'a,b,c,d,latency,fresh';

const USAGE = `Usage: npm run bench -- [options]
  --rounds N         rounds over all targets (3)
  --seconds S        measured seconds of each phase (3)
  --targets LIST     of ${TARGETS.join(',')} (all)
  --scenarios LIST   of ${SCENARIOS.join(',')} (all)
  --quick            one round of one second, without nginx and paced streams: a look only
  --check            exit with 1 when a goal is missed`;

function pick<T extends string>(name: string, given: string | undefined, known: readonly T[]): readonly T[] {
  if (given === undefined) return known;
  const wanted = given.split(',');
  const unknown = wanted.find((one) => !known.some((two) => one === two));
  if (unknown !== undefined) throw new Error(`--${name}: '${unknown}' is none of ${known.join(', ')}`);
  return known.filter((one) => wanted.includes(one));
}

function positive(name: string, given: string | undefined, otherwise: number): number {
  const value = given === undefined ? otherwise : Number(given);
  if (!(value > 0)) throw new Error(`--${name} takes a number over 0`);
  return value;
}

/** Null after --help. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      targets: { type: 'string' },
      scenarios: { type: 'string' },
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return null;
  }
  return {
    rounds: positive('rounds', values.rounds, values.quick ? 1 : 3),
    seconds: positive('seconds', values.seconds, values.quick ? 1 : 3),
    warmSeconds: values.quick ? 0.3 : 0.8,
    firstWarmSeconds: values.quick ? 1.5 : 10,
    targets: pick('targets', values.targets ?? (values.quick ? QUICK_TARGETS : undefined), TARGETS),
    scenarios: pick('scenarios', values.scenarios ?? (values.quick ? QUICK_SCENARIOS : undefined), SCENARIOS),
    check: values.check,
  };
}

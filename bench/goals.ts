import type { Results, Spread } from './results.ts';

export interface Goal {
  readonly text: string;
  readonly unit: '×' | 'ms' | 'MB' | 's';
  readonly bound: 'at least' | 'at most';
  readonly limit: number;
  readonly measured: Spread | null;
}

const quotient = (left: number, right: number): number => left / right;
const difference = (left: number, right: number): number => left - right;

/** What has to be reached, and what was. CPU ratios are peer / Tidegate: 1 is equal, more is better. */
export function goals(results: Results): readonly Goal[] {
  const cpu = (peer: 'relay' | 'portkey', scenario: 'a' | 'b' | 'c' | 'chunks'): Spread | null =>
    results.paired('cpuMicros', [scenario, peer], [scenario, 'tidegate'], quotient);
  const atLeast = (text: string, limit: number, measured: Spread | null): Goal => ({
    text,
    unit: '×',
    bound: 'at least',
    limit,
    measured,
  });
  const started = results.figure('fresh', 'tidegate', 'startMs');
  return [
    atLeast('(a) CPU per 1 KB request: bare relay / Tidegate', 0.6, cpu('relay', 'a')),
    atLeast('(b) CPU per 200-chunk stream: bare relay / Tidegate', 0.7, cpu('relay', 'b')),
    atLeast('(b) CPU per event at one per 50 ms: bare relay / Tidegate', 0.7, cpu('relay', 'chunks')),
    atLeast('(c) CPU per 1 MB request: bare relay / Tidegate', 0.8, cpu('relay', 'c')),
    atLeast(
      '(d) CPU: bare relay on (a) / Tidegate on a cache hit',
      1.5,
      results.paired('cpuMicros', ['a', 'relay'], ['d', 'tidegate'], quotient),
    ),
    atLeast('(a) CPU: Portkey / Tidegate', 8, cpu('portkey', 'a')),
    atLeast('(b) CPU: Portkey / Tidegate', 8, cpu('portkey', 'b')),
    atLeast('(c) CPU: Portkey / Tidegate', 8, cpu('portkey', 'c')),
    {
      text: 'p99 at 200 requests/s, over the bare relay’s',
      unit: 'ms',
      bound: 'at most',
      limit: 2,
      measured: results.paired('p99Ms', ['latency', 'tidegate'], ['latency', 'relay'], difference),
    },
    {
      text: 'resident memory with 1,000 open streams',
      unit: 'MB',
      bound: 'at most',
      limit: 200,
      measured: results.figure('fresh', 'tidegate', 'residentMb'),
    },
    {
      text: 'start to first answered request',
      unit: 's',
      bound: 'at most',
      limit: 2,
      measured: started && {
        median: started.median / 1000,
        min: started.min / 1000,
        max: started.max / 1000,
      },
    },
  ];
}

/** Null when it was not measured. */
export function isReached(goal: Goal): boolean | null {
  if (!goal.measured) return null;
  return goal.bound === 'at least' ? goal.measured.median >= goal.limit : goal.measured.median <= goal.limit;
}

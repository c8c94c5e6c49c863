import { type Goal, isReached } from './goals.ts';
import type { Scenario } from './options.ts';
import type { Results, Spread } from './results.ts';
import type { Target } from './targets/target.ts';

const TITLES: Readonly<Record<Scenario, string>> = {
  a: '(a) 1 KB JSON request, 1 KB JSON reply, 32 connections',
  b: '(b) streams of 200 events without a pause, 500 at a time',
  c: '(c) 1 MB request bodies, small reply, 8 connections',
  d: '(d) cache hits, 32 connections (compare with the bare relay of (a))',
  latency: 'latency at 200 requests/s, open loop',
  chunks: 'gap between chunks, 500 streams at one event per 50 ms',
  fresh: 'a fresh process: start to first answered request, and memory with 1,000 open streams',
};

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value
    .toFixed(digits)
    .replace(/\B(?=(\d{3})+(?!\d))/g, (_, __, at: number, all: string) =>
      all.includes('.') && at > all.indexOf('.') ? '' : ',',
    );
}

function cell(value: Spread | null): string {
  if (!value) return '–';
  return value.min === value.max
    ? number(value.median)
    : `${number(value.median)} (${number(value.min)}–${number(value.max)})`;
}

type Column = readonly [title: string, value: (target: Target) => Spread | null];

function columns(results: Results, scenario: Scenario, targets: readonly Target[]): readonly Column[] {
  const figure = (name: Parameters<Results['figure']>[2]) => (target: Target) =>
    results.figure(scenario, target.name, name);
  const added = (name: Parameters<Results['figure']>[2]) => (target: Target) =>
    target.name === 'direct'
      ? null
      : results.paired(name, [scenario, target.name], [scenario, 'direct'], (one, two) => one - two);
  const base: Scenario = scenario === 'd' ? 'a' : scenario;
  const share = (peer: 'relay' | 'portkey') => (target: Target) =>
    results.paired('cpuMicros', [base, peer], [scenario, target.name], (one, two) => one / two);
  switch (scenario) {
    case 'latency':
      return [
        ['p50 ms', figure('p50Ms')],
        ['p99 ms', figure('p99Ms')],
        ['added p50 ms', added('p50Ms')],
        ['added p99 ms', added('p99Ms')],
      ];
    case 'chunks':
      return [
        ['CPU µs/event', figure('cpuMicros')],
        ['relay / it', share('relay')],
        ['Portkey / it', share('portkey')],
        ['gap p50 ms', figure('p50Ms')],
        ['gap p99 ms', figure('gapP99Ms')],
        ['added p99 ms', added('gapP99Ms')],
      ];
    case 'fresh':
      return [
        ['start ms', figure('startMs')],
        ['MB', figure('residentMb')],
      ];
    default:
      return [
        ['CPU µs/request', figure('cpuMicros')],
        ['relay / it', share('relay')],
        ...(targets.some((target) => target.name === 'portkey')
          ? [['Portkey / it', share('portkey')] as const]
          : []),
        ['requests/s', figure('requestsPerSecond')],
        ['p50 ms', figure('p50Ms')],
        ['p99 ms', figure('p99Ms')],
        ['events/read', figure('eventsPerRead')],
        ['MB after', figure('residentMb')],
      ];
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => (column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Errors of a target in a scenario, summed over the rounds, with their reasons. */
function errorText(results: Results, scenario: Scenario, target: Target): string {
  const samples = results.get(scenario, target.name);
  const total = samples.reduce((sum, sample) => sum + sample.errors, 0);
  if (total === 0) return samples.some((sample) => sample.drained === false) ? '0, still busy' : '0';
  const reasons = new Map<string, number>();
  for (const sample of samples)
    for (const [reason, count] of Object.entries(sample.errorSamples ?? {}))
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  const worst = [...reasons].sort((a, b) => b[1] - a[1])[0];
  return worst ? `${total} (${worst[0]})` : String(total);
}

export function scenarioReport(results: Results, scenario: Scenario, targets: readonly Target[]): string {
  const measured = targets.filter((target) => results.get(scenario, target.name).length > 0);
  if (measured.length === 0) return '';
  const used = columns(results, scenario, targets).filter(([, value]) => measured.some((one) => value(one)));
  const rows = measured.map((target) => [
    target.title,
    ...used.map(([, value]) => cell(value(target))),
    errorText(results, scenario, target),
  ]);
  return `${TITLES[scenario]}\n\n${table(['', ...used.map(([title]) => title), 'errors'], rows)}\n`;
}

export function goalReport(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => {
    const reached = isReached(goal);
    return [
      goal.text,
      `${goal.bound === 'at least' ? '≥' : '≤'} ${goal.limit} ${goal.unit}`,
      cell(goal.measured),
      reached === null ? 'not measured' : reached ? 'pass' : 'FAIL',
    ];
  });
  return `Goals\n\n${table(['', 'goal', 'measured', ''], rows)}\n`;
}

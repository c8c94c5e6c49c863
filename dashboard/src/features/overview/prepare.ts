import type { Analytics, AnalyticsRow } from '../../api/analytics.ts';
import { chartOfGroups, frameOf } from '../../charts/answer-chart.ts';
import type { Color } from '../../charts/colors.ts';
import type { Series, TimeChartData } from '../../charts/time-chart-data.ts';
import { overviewWords as words } from '../../words/overview.ts';

export type Measure = (row: AnalyticsRow) => number | null;

export const costOf: Measure = (row) => row.cost;
export const requestsOf: Measure = (row) => row.requests;
export const errorsOf: Measure = (row) => row.errors;
export const cachedOf: Measure = (row) => row.cached_requests;
export const tokensOf: Measure = (row) => row.tokens_in + row.tokens_out;
export const slowOf: Measure = (row) => row.ttfb.p95;

/** Statuses and cache hits, in the order in which they are stacked. Maps: a model can have any name. */
const MEANINGS: ReadonlyMap<string, ReadonlyMap<string, Color>> = new Map([
  [
    'status_class',
    new Map<string, Color>([
      ['2xx', 'plain'],
      ['3xx', 'muted'],
      ['4xx', 'limited'],
      ['5xx', 'bad'],
    ]),
  ],
  [
    'cache_kind',
    new Map<string, Color>([
      ['exact', 'good'],
      ['shared', 2],
      ['semantic', 1],
      ['', 'muted'],
    ]),
  ],
]);

/** The groups of a question over time, of one measure. */
export const chartOfDimension = (
  answer: Analytics,
  measure: Measure,
  { dimension, nameOf }: { readonly dimension: string; readonly nameOf: (value: string) => string },
): TimeChartData =>
  chartOfGroups(answer, measure, {
    labelOf: nameOf,
    meanings: MEANINGS.get(dimension),
    isMeasured: measure === slowOf,
  });

export function chartOfTokenClasses(answer: Analytics): TimeChartData {
  const { starts, ...frame } = frameOf(answer);
  const classes: readonly (readonly [keyof typeof words.tokenClasses, Color, Measure])[] = [
    ['input', 0, (row) => Math.max(0, row.tokens_in - row.cache_read_tokens - row.cache_write_tokens)],
    ['cacheRead', 'good', (row) => row.cache_read_tokens],
    ['cacheWrite', 2, (row) => row.cache_write_tokens],
    ['output', 1, (row) => Math.max(0, row.tokens_out - row.reasoning_tokens)],
    ['reasoning', 3, (row) => row.reasoning_tokens],
  ];
  const series = classes
    .map(([key, color, measure]): Series => {
      const values = valuesOf(answer, starts, measure, 0);
      const sum = values.reduce<number>((total, value) => total + (value ?? 0), 0);
      return { key, label: words.tokenClasses[key], color, values, sum };
    })
    .filter(({ sum }) => sum !== 0);
  return { ...frame, starts, series };
}

/** Quantiles do not add up: no sums, and a bucket without requests is a gap. */
export function chartOfQuantiles(answer: Analytics): TimeChartData {
  const { starts, ...frame } = frameOf(answer);
  const lines: readonly (readonly ['p50' | 'p95' | 'p99', Color])[] = [
    ['p50', 0],
    ['p95', 1],
    ['p99', 3],
  ];
  const series = lines.map(
    ([key, color]): Series => ({
      key,
      label: words.quantiles[key],
      color,
      values: valuesOf(answer, starts, (row) => row.ttfb[key], null),
      sum: null,
    }),
  );
  return { ...frame, starts, series };
}

/** One measure of an ungrouped question, laid over the buckets of another period. */
export function valuesBefore(
  before: Analytics | undefined,
  measure: Measure,
  count: number,
): (number | null)[] | undefined {
  if (before === undefined) return undefined;
  return valuesOf(before, frameOf(before).starts, measure, 0).slice(0, count);
}

function valuesOf(answer: Analytics, starts: readonly number[], measure: Measure, empty: 0 | null) {
  const rows = new Map(
    answer.rows.map((row) => [row.bucket === null ? Number.NaN : Date.parse(row.bucket), row]),
  );
  return starts.map((start) => {
    const row = rows.get(start);
    return row === undefined ? empty : measure(row);
  });
}

/** The figures of all rows together: what an ungrouped question without interval answers. */
export const totalsOf = (answer: Analytics | undefined): AnalyticsRow | undefined => answer?.rows[0];

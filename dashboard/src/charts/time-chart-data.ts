import { INTERVALS, type Instants, type Interval } from '../filters/time-range.ts';
import type { Color } from './colors.ts';

/** Everything that a chart over time shows. Charts draw; what is in here was decided by a `prepare` function. */
export interface TimeChartData {
  /** Epoch ms at which each bucket begins; all of them, those without a request too. */
  readonly starts: readonly number[];
  readonly intervalMs: number;
  /** The last bucket is not over: drawn hatched or dashed. */
  readonly isUnfinished: boolean;
  readonly series: readonly Series[];
  /** Total of the period before, bucket by bucket, where it is compared with. */
  readonly before?: readonly (number | null)[] | undefined;
  /** Changes that may explain what the chart shows, such as of settings. */
  readonly marks?: readonly Mark[] | undefined;
}

export interface Mark {
  readonly atMs: number;
  readonly label: string;
}

export interface Series {
  /** Stable name: of its colour, of the series that is isolated. */
  readonly key: string;
  readonly label: string;
  /** Null: by its key, given when it is drawn, the same everywhere. */
  readonly color: Color | null;
  /** One per bucket. Null is a gap. */
  readonly values: readonly (number | null)[];
  /** What stands in the legend; null where values do not add up. */
  readonly sum: number | null;
}

/** One group in one bucket. */
export interface Cell {
  /** Epoch ms. */
  readonly bucket: number;
  /** Null is what was left over beside the largest groups. */
  readonly key: string | null;
  readonly value: number | null;
}

export const OTHER = '\u0000other';
const MOST_SERIES = 8;

/** Begins of all buckets that a range touches: buckets stand on whole multiples of their width. */
export function bucketStarts({ fromMs, toMs }: Instants, interval: Interval): number[] {
  const width = INTERVALS[interval];
  const starts: number[] = [];
  for (let at = Math.floor(fromMs / width) * width; at < toMs; at += width) starts.push(at);
  return starts;
}

interface Grouped {
  readonly cells: readonly Cell[];
  readonly starts: readonly number[];
  /** 0 for amounts: no request is none. Null for what is measured, such as a duration: a gap. */
  readonly empty: 0 | null;
  readonly labelOf: (key: string) => string;
  readonly otherLabel: string;
  /** Colours that mean something; the rest is by name. */
  readonly colorOf?: (key: string) => Color | undefined;
  /** In this order; else by size. */
  readonly order?: readonly string[];
}

/** Up to eight series by size, the rest as 'other'. */
export function groupSeries({
  cells,
  starts,
  empty,
  labelOf,
  otherLabel,
  colorOf,
  order,
}: Grouped): Series[] {
  const sums = new Map<string, number>();
  for (const { key, value } of cells) {
    if (key !== null) sums.set(key, (sums.get(key) ?? 0) + (value ?? 0));
  }
  const rank = (key: string): number => (order?.includes(key) ? order.indexOf(key) : Number.MAX_SAFE_INTEGER);
  const bySize = [...sums.keys()].sort(
    (a, b) => rank(a) - rank(b) || sums.get(b)! - sums.get(a)! || (a < b ? -1 : 1),
  );
  const hasOther = cells.some(({ key }) => key === null);
  const kept = bySize.slice(0, bySize.length > MOST_SERIES || hasOther ? MOST_SERIES : undefined);
  const indexOf = new Map(starts.map((start, index) => [start, index]));
  const values = new Map<string, (number | null)[]>();
  for (const { bucket, key, value } of cells) {
    const index = indexOf.get(bucket);
    if (index === undefined || value === null) continue;
    const place = key !== null && kept.includes(key) ? key : OTHER;
    const list = values.get(place) ?? starts.map(() => empty);
    list[index] = (list[index] ?? 0) + value;
    values.set(place, list);
  }
  const sumOf = (list: readonly (number | null)[]): number | null =>
    empty === null ? null : list.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const series = kept.map((key): Series => {
    const list = values.get(key) ?? starts.map(() => empty);
    return { key, label: labelOf(key), color: colorOf?.(key) ?? null, values: list, sum: sumOf(list) };
  });
  const rest = values.get(OTHER);
  if (rest === undefined) return series;
  return [...series, { key: OTHER, label: otherLabel, color: 'other', values: rest, sum: sumOf(rest) }];
}

/** Sum of all series in a bucket; null where every one has a gap. */
export function totalAt(series: readonly Series[], index: number): number | null {
  const values = series.flatMap(({ values: list }) => list[index] ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** Marks within a bucket. */
export function marksAt({ marks = [], starts, intervalMs }: TimeChartData, index: number): readonly Mark[] {
  const start = starts[index];
  return start === undefined ? [] : marks.filter(({ atMs }) => atMs >= start && atMs < start + intervalMs);
}

/** Where a mark stands, from 0 at the left to 1; null outside. */
export function placeOf({ starts, intervalMs }: TimeChartData, { atMs }: Mark): number | null {
  const share = (atMs - (starts[0] ?? 0)) / (starts.length * intervalMs);
  return starts.length > 0 && share >= 0 && share <= 1 ? share : null;
}

export const isEmpty = (data: TimeChartData): boolean =>
  data.series.every(({ values }) => values.every((value) => value === null || value === 0));

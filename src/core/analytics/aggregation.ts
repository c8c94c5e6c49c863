import {
  ADDITIVE_MEASURES,
  type AdditiveMeasure,
  type AnalyticsQuery,
  type AnalyticsRow,
  INTERVALS,
  type Quantiles,
} from '../stores/analytics.ts';
import { DISTRIBUTIONS, SUMS } from './facts.ts';
import { BUCKETS, quantile } from './histogram.ts';

/** Figures of one group in one bucket of time. */
export interface Cell {
  /** In the order of ADDITIVE_MEASURES. */
  readonly sums: Float64Array;
  /** In the order of DISTRIBUTIONS; made when there is a first value. */
  readonly histograms: (Uint32Array | null)[];
}

/** More than this is no chart and no table, and would not fit in memory beside others. */
const MOST_CELLS = 200_000;
const MOST_CELLS_WITH_QUANTILES = 20_000;

/** The answer would have too many rows to be held at once. */
export class TooManyCellsError extends RangeError {
  constructor() {
    super(
      'too many groups and buckets: filter more, or ask for a shorter time, wider buckets or fewer groups',
    );
    this.name = 'RangeError';
  }
}

interface Group {
  readonly values: readonly string[];
  readonly cells: Map<number, Cell>;
}

type Shape = Pick<AnalyticsQuery, 'interval' | 'groupBy' | 'top' | 'quantiles'>;

/** Adds up figures by group and bucket and makes the rows of an answer of them. */
export class Aggregation {
  readonly #shape: Shape;
  readonly #width: number | null;
  /** Groups that have rows of their own; null is all of them. */
  readonly #kept: ReadonlySet<string> | null;
  readonly #groups = new Map<string, Group>();
  readonly #rest = new Map<number, Cell>();
  readonly #mostCells: number;
  #cells = 0;
  readonly withQuantiles: boolean;

  constructor(shape: Shape, kept: ReadonlySet<string> | null = null) {
    this.#shape = shape;
    this.#width = shape.interval === null ? null : INTERVALS[shape.interval];
    this.#kept = kept;
    this.withQuantiles = shape.quantiles ?? true;
    this.#mostCells = this.withQuantiles ? MOST_CELLS_WITH_QUANTILES : MOST_CELLS;
  }

  /** Where to add what belongs to the group at the time. */
  cell(time: number, group: readonly string[]): Cell {
    const key = keyOf(group);
    if (this.#kept !== null && !this.#kept.has(key)) return this.restCell(time);
    let known = this.#groups.get(key);
    if (known === undefined) {
      known = { values: group, cells: new Map() };
      this.#groups.set(key, known);
    }
    return this.#find(known.cells, time);
  }

  /** Where to add what belongs to no group that can be named. */
  restCell(time: number): Cell {
    return this.#find(this.#rest, time);
  }

  /** The groups that `top` leaves, by the key that a further aggregation takes. */
  topKeys(): Set<string> {
    const { top } = this.#shape;
    return new Set(
      this.#ordered()
        .slice(0, top?.limit)
        .map(({ values }) => keyOf(values)),
    );
  }

  /** By bucket, then the biggest groups first; what belongs to none of them last. */
  rows(): AnalyticsRow[] {
    const { top, groupBy, interval } = this.#shape;
    const ordered = this.#ordered();
    const shown = top === null ? ordered : ordered.slice(0, top.limit);
    for (const { cells } of ordered.slice(shown.length)) {
      for (const [bucket, cell] of cells) addCell(this.#find(this.#rest, bucket), cell);
    }
    // A total is there also when it is nothing.
    if (interval === null && groupBy.length === 0) this.cell(0, []);
    const groups: { values: readonly string[] | null; cells: ReadonlyMap<number, Cell> }[] = [
      ...(groupBy.length === 0 ? this.#groups.values() : shown),
      { values: null, cells: this.#rest },
    ];
    const buckets = new Set(groups.flatMap(({ cells }) => [...cells.keys()]));
    return [...buckets]
      .sort((a, b) => a - b)
      .flatMap((bucket) =>
        groups.flatMap(({ values, cells }) => {
          const cell = cells.get(bucket);
          return cell === undefined || isEmpty(cell, groupBy) ? [] : [this.#row(bucket, values, cell)];
        }),
      );
  }

  #ordered(): Group[] {
    const { groupBy } = this.#shape;
    const index = ADDITIVE_MEASURES.indexOf(this.#shape.top?.by ?? 'requests');
    const size = ({ cells }: Group): number => {
      let sum = 0;
      for (const cell of cells.values()) sum += cell.sums[index]!;
      return sum;
    };
    return [...this.#groups.entries()]
      .filter(
        ([, { cells }]) => groupBy.length === 0 || [...cells.values()].some((cell) => cell.sums[0]! > 0),
      )
      .map(([key, group]) => ({ key, group, size: size(group) }))
      .sort((a, b) => b.size - a.size || (a.key < b.key ? -1 : 1))
      .map(({ group }) => group);
  }

  #find(cells: Map<number, Cell>, time: number): Cell {
    const bucket = this.#width === null ? 0 : time - (time % this.#width);
    let cell = cells.get(bucket);
    if (cell === undefined) {
      if (++this.#cells > this.#mostCells) throw new TooManyCellsError();
      cell = { sums: new Float64Array(SUMS), histograms: DISTRIBUTIONS.map(() => null) };
      cells.set(bucket, cell);
    }
    return cell;
  }

  #row(bucket: number, group: readonly string[] | null, { sums, histograms }: Cell): AnalyticsRow {
    const additive = Object.fromEntries(
      ADDITIVE_MEASURES.map((name, index) => [name, sums[index]!]),
    ) as Record<AdditiveMeasure, number>;
    return {
      bucket: this.#width === null ? null : bucket,
      group,
      ...additive,
      durationMs: quantiles(histograms[0] ?? null),
      firstByteMs: quantiles(histograms[1] ?? null),
      overheadMs: quantiles(histograms[2] ?? null),
      tokensPerSecond: quantiles(histograms[3] ?? null),
    };
  }
}

/** Adds everything to the aggregation; the interval is the query's own, or null where only totals are wanted. */
type Fill = (into: Aggregation, interval: AnalyticsQuery['interval']) => void;

/**
 * The rows of a query whose figures `fill` gives, the same each time. Where totals are cheap, the top groups are found
 * first and their buckets alone are held; where they cost as much as all the rest, only when all would be too much.
 */
export function aggregateInto(shape: Shape, fill: Fill, totalsAreCheap = false): AnalyticsRow[] {
  const isRanked = shape.top !== null && shape.groupBy.length > 0;
  if (!isRanked || !totalsAreCheap || shape.interval === null) {
    const whole = new Aggregation(shape);
    try {
      fill(whole, shape.interval);
      return whole.rows();
    } catch (error) {
      if (!(error instanceof TooManyCellsError) || !isRanked) throw error;
    }
  }
  const totals = new Aggregation({ ...shape, interval: null, quantiles: false });
  fill(totals, null);
  const chosen = new Aggregation(shape, totals.topKeys());
  fill(chosen, shape.interval);
  return chosen.rows();
}

export function addCount(cell: Cell, distribution: number, bucket: number, count: number): void {
  const histogram = cell.histograms[distribution] ?? new Uint32Array(BUCKETS);
  cell.histograms[distribution] = histogram;
  histogram[bucket]! += count;
}

function addCell(into: Cell, other: Cell): void {
  for (let index = 0; index < SUMS; index++) into.sums[index]! += other.sums[index]!;
  for (const [distribution, histogram] of other.histograms.entries()) {
    if (histogram === null) continue;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      if (histogram[bucket]! > 0) addCount(into, distribution, bucket, histogram[bucket]!);
    }
  }
}

function quantiles(histogram: Uint32Array | null): Quantiles {
  if (histogram === null) return { p50: null, p95: null, p99: null };
  return {
    p50: quantile(histogram, 0.5),
    p95: quantile(histogram, 0.95),
    p99: quantile(histogram, 0.99),
  };
}

/** Of what one roll-up has more than another nothing may be left. */
function isEmpty(cell: Cell, groupBy: readonly unknown[]): boolean {
  return groupBy.length > 0 && !(cell.sums[0]! > 0);
}

function keyOf(group: readonly string[]): string {
  // No value that is grouped by has a NUL, see groupText.
  return group.length === 1 ? group[0]! : group.join('\u0000');
}

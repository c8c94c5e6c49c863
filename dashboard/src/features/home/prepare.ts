import type { Analytics, AnalyticsQuestion, AnalyticsRow } from '../../api/analytics.ts';
import { bucketStarts } from '../../charts/time-chart-data.ts';
import type { Interval } from '../../filters/time-range.ts';

const MOST_GATEWAYS = 200;

/** What the page asks. A day and a month begin where the viewer is. */
export function homeQuestions(nowMs: number) {
  const now = new Date(nowMs);
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
  const month = new Date(now.getFullYear(), now.getMonth(), 1).toISOString();
  return {
    today: { gateway: null, range: { from: day, to: 'now' }, interval: 'hour' },
    month: { gateway: null, range: { from: month, to: 'now' } },
    gateways: {
      gateway: null,
      range: { from: '-24h', to: 'now' },
      interval: 'hour',
      groupBy: ['gateway'],
      topLimit: MOST_GATEWAYS,
    },
  } as const satisfies Record<string, AnalyticsQuestion>;
}

export interface Figure {
  readonly total: number;
  /** One per hour, from the day's first to the one that runs. */
  readonly values: readonly number[];
}

export interface Today {
  readonly requests: Figure;
  readonly cost: Figure;
  readonly saved: Figure;
  readonly errors: Figure;
  readonly cachedRequests: number;
  readonly unpricedRequests: number;
}

type Amount = 'requests' | 'cost' | 'saved' | 'errors';

export function prepareToday(answer: Analytics): Today {
  const starts = startsOf(answer);
  const figure = (name: Amount): Figure => ({
    total: sum(answer.rows, (row) => row[name]),
    values: perBucket(answer.rows, starts, (row) => row[name]),
  });
  return {
    requests: figure('requests'),
    cost: figure('cost'),
    saved: figure('saved'),
    errors: figure('errors'),
    cachedRequests: sum(answer.rows, (row) => row.cached_requests),
    unpricedRequests: sum(answer.rows, (row) => row.unpriced_requests),
  };
}

export interface GatewayLine {
  readonly id: string;
  readonly requests: number;
  readonly cost: number;
  readonly errors: number;
  readonly cachedRequests: number;
  readonly unpricedRequests: number;
  readonly values: readonly number[];
}

/** One line for each gateway that there is, those without a request too. */
export function prepareGateways(ids: readonly string[], answer: Analytics | undefined): GatewayLine[] {
  const starts = answer === undefined ? [] : startsOf(answer);
  const rows = Map.groupBy(answer?.rows ?? [], (row) => row.group?.[0] ?? '');
  return ids.map((id) => {
    const own = rows.get(id) ?? [];
    return {
      id,
      requests: sum(own, (row) => row.requests),
      cost: sum(own, (row) => row.cost),
      errors: sum(own, (row) => row.errors),
      cachedRequests: sum(own, (row) => row.cached_requests),
      unpricedRequests: sum(own, (row) => row.unpriced_requests),
      values: perBucket(own, starts, (row) => row.requests),
    };
  });
}

function startsOf({ from, to, interval }: Analytics): number[] {
  const width: Interval = interval ?? 'hour';
  return bucketStarts({ fromMs: Date.parse(from), toMs: Date.parse(to) }, width);
}

function perBucket(
  rows: readonly AnalyticsRow[],
  starts: readonly number[],
  measure: (row: AnalyticsRow) => number,
): number[] {
  const values = new Map<number, number>();
  for (const row of rows) {
    const at = row.bucket === null ? Number.NaN : Date.parse(row.bucket);
    values.set(at, (values.get(at) ?? 0) + measure(row));
  }
  return starts.map((start) => values.get(start) ?? 0);
}

const sum = (rows: readonly AnalyticsRow[], measure: (row: AnalyticsRow) => number): number =>
  rows.reduce((total, row) => total + measure(row), 0);

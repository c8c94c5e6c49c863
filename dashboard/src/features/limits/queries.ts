import { type AnalyticsQuestion, analyticsQuery } from '../../api/analytics.ts';
import type { Query } from '../../api/client.ts';
import { gatewayQuery } from '../../api/gateways.ts';
import { logsQuery } from '../../api/logs.ts';
import { type Filter, filtersParameter } from '../../filters/filter.ts';
import { instantsOf, intervalFor } from '../../filters/time-range.ts';
import { one, type Search } from '../../filters/use-address.ts';
import { decodeView } from '../../filters/view.ts';
import type { PageQueries } from '../../page-row.ts';

export const DIMENSIONS = ['token_id', 'user_id', 'user_agent', 'model'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const MOST_ROWS = 50;
const MOST_LAST = 10;

export const LIMITED: Filter = { key: 'rate_limited', operator: 'eq', values: ['true'] };

export const readDimension = (search: Search): Dimension =>
  DIMENSIONS.find((dimension) => dimension === one(search, 'by')) ?? 'token_id';

export function limitQuestions(gateway: string, search: Search, nowMs: number) {
  const { range } = decodeView(search);
  const { fromMs, toMs } = instantsOf(range, nowMs);
  const base: AnalyticsQuestion = { gateway, range };
  return {
    totals: base,
    time: { ...base, interval: intervalFor(toMs - fromMs) },
    who: {
      ...base,
      filters: [LIMITED],
      groupBy: [readDimension(search)],
      topBy: 'requests',
      topLimit: MOST_ROWS,
    },
  } as const satisfies Record<string, AnalyticsQuestion>;
}

export function lastInput(search: Search): Query {
  const { range } = decodeView(search);
  return {
    filters: filtersParameter([LIMITED]),
    from: range.from,
    to: range.to === 'now' ? undefined : range.to,
    per_page: MOST_LAST,
    order_by: 'created_at',
    order_by_direction: 'desc',
  };
}

export const limitsQueries: PageQueries = ({ params, search }) => {
  const gateway = params.gateway ?? '';
  return [
    gatewayQuery(gateway),
    ...Object.values(limitQuestions(gateway, search, Date.now())).map(analyticsQuery),
    logsQuery(gateway, lastInput(search)),
  ];
};

import type { AnalyticsQuestion } from '../../api/analytics.ts';
import { analyticsQuery } from '../../api/analytics.ts';
import { cacheEntriesQuery } from '../../api/cache.ts';
import type { Query } from '../../api/client.ts';
import { gatewayQuery } from '../../api/gateways.ts';
import { instantsOf, intervalFor } from '../../filters/time-range.ts';
import { one, type Search } from '../../filters/use-address.ts';
import { decodeView } from '../../filters/view.ts';
import type { PageQueries } from '../../page-row.ts';

const MOST_MODELS = 50;
const PER_PAGE = 20;
export const ORDERS = ['size', 'hits', 'created_at'] as const;
type Order = (typeof ORDERS)[number];

export const readOrder = (search: Search): Order =>
  ORDERS.find((order) => order === one(search, 'order')) ?? 'size';

export function entriesInput(search: Search): Query {
  const page = Math.max(1, Math.trunc(Number(one(search, 'page') ?? '1')) || 1);
  return { page, per_page: PER_PAGE, order_by: readOrder(search) };
}

export function cacheQuestions(gateway: string, search: Search, nowMs: number) {
  const { range } = decodeView(search);
  const { fromMs, toMs } = instantsOf(range, nowMs);
  const base: AnalyticsQuestion = { gateway, range };
  const interval = intervalFor(toMs - fromMs);
  return {
    totals: base,
    kinds: { ...base, interval, groupBy: ['cache_kind'] },
    saved: { ...base, interval },
    models: { ...base, groupBy: ['model'], topBy: 'cached_requests', topLimit: MOST_MODELS },
  } as const satisfies Record<string, AnalyticsQuestion>;
}

export const cacheQueries: PageQueries = ({ params, search }) => {
  const gateway = params.gateway ?? '';
  return [
    gatewayQuery(gateway),
    ...Object.values(cacheQuestions(gateway, search, Date.now())).map(analyticsQuery),
    cacheEntriesQuery(gateway, entriesInput(search)),
  ];
};

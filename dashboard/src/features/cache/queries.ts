import type { AnalyticsQuestion } from '../../api/analytics.ts';
import { analyticsQuery } from '../../api/analytics.ts';
import { cacheEntriesQuery } from '../../api/cache.ts';
import type { Query } from '../../api/client.ts';
import { gatewayQuery } from '../../api/gateways.ts';
import { semanticSummaryQuery } from '../../api/semantic.ts';
import { instantsOf, intervalFor } from '../../filters/time-range.ts';
import { one, type Search } from '../../filters/use-address.ts';
import { decodeView } from '../../filters/view.ts';
import type { PageQueries } from '../../page-row.ts';

const MOST_MODELS = 50;
const PER_PAGE = 20;
export const ORDERS = ['size', 'hits', 'created_at'] as const;
type Order = (typeof ORDERS)[number];

export const TABS = ['overview', 'similar', 'hits', 'pairs', 'kept'] as const;
export type Tab = (typeof TABS)[number];

export const readTab = (search: Search): Tab => TABS.find((tab) => tab === one(search, 'tab')) ?? 'overview';

/** What belongs to one tab and means something else on another. */
export const OF_ONE_TAB = ['page', 'order', 'served', 'verdict', 'entry', 'find', 'similar'] as const;

export const readOrder = (search: Search): Order =>
  ORDERS.find((order) => order === one(search, 'order')) ?? 'size';

export const readPage = (search: Search, name = 'page'): number =>
  Math.max(1, Math.trunc(Number(one(search, name) ?? '1')) || 1);

export const entriesInput = (search: Search): Query => ({
  page: readPage(search),
  per_page: PER_PAGE,
  order_by: readOrder(search),
});

const choice = <Name extends string>(
  names: readonly Name[],
  search: Search,
  name: string,
): Name | undefined => names.find((known) => known === one(search, name));

export interface HitConditions {
  readonly served: 'true' | 'false' | undefined;
  readonly verdict: 'right' | 'wrong' | 'unsure' | 'none' | undefined;
  /** Id of a stored answer. */
  readonly entry: string | undefined;
}

export const readHitConditions = (search: Search): HitConditions => ({
  served: choice(['true', 'false'], search, 'served'),
  verdict: choice(['right', 'wrong', 'unsure', 'none'], search, 'verdict'),
  entry: one(search, 'entry'),
});

export const hitsInput = (search: Search): Query => ({
  page: readPage(search),
  per_page: PER_PAGE,
  ...readHitConditions(search),
});

export const pairsInput = (search: Search): Query => ({ page: readPage(search), per_page: PER_PAGE });

export const semanticEntriesInput = (search: Search): Query => ({
  page: readPage(search, 'similar'),
  per_page: PER_PAGE,
  search: one(search, 'find'),
});

export function cacheQuestions(gateway: string, search: Search, nowMs: number) {
  const { range } = decodeView(search);
  const { fromMs, toMs } = instantsOf(range, nowMs);
  const base: AnalyticsQuestion = { gateway, range };
  const interval = intervalFor(toMs - fromMs);
  return {
    totals: base,
    kinds: { ...base, interval, groupBy: ['cache_kind'] },
    models: { ...base, groupBy: ['model'], topBy: 'cached_requests', topLimit: MOST_MODELS },
  } as const satisfies Record<string, AnalyticsQuestion>;
}

/** Of the tab that is open. What needs the permission `read` is not asked ahead: not everybody has it. */
export const cacheQueries: PageQueries = ({ params, search }) => {
  const gateway = params.gateway ?? '';
  const tab = readTab(search);
  const common = gatewayQuery(gateway);
  if (tab === 'overview')
    return [common, ...Object.values(cacheQuestions(gateway, search, Date.now())).map(analyticsQuery)];
  if (tab === 'similar') return [common, semanticSummaryQuery(gateway, decodeView(search).range)];
  if (tab === 'kept') return [common, cacheEntriesQuery(gateway, entriesInput(search))];
  return [common];
};

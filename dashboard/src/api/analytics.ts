import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AnalyticsObject, AnalyticsRowObject } from '../../../src/api/contract/analytics.ts';
import { type Filter, filtersParameter } from '../filters/filter.ts';
import type { Interval, TimeRange } from '../filters/time-range.ts';
import { accountPath, getOne } from './client.ts';

export type Analytics = AnalyticsObject;
export type AnalyticsRow = AnalyticsRowObject;

export interface AnalyticsQuestion {
  readonly range: TimeRange;
  /** Null is all gateways of the account. */
  readonly gateway: string | null;
  readonly interval?: Interval | null;
  readonly groupBy?: readonly string[];
  readonly filters?: readonly Filter[];
  readonly topBy?: 'requests' | 'errors' | 'cost' | 'tokens_in' | 'tokens_out' | 'saved' | 'cached_requests';
  readonly topLimit?: number;
}

export const analyticsQuery = (question: AnalyticsQuestion) =>
  queryOptions({
    queryKey: ['analytics', question],
    queryFn: ({ signal }) =>
      getOne<Analytics>(
        accountPath('/analytics'),
        {
          from: question.range.from,
          to: question.range.to,
          interval: question.interval,
          // A comma within a metadata key is part of the key.
          group_by: question.groupBy?.map((name) => name.replaceAll('%', '%25').replaceAll(',', '%2C')),
          gateway: question.gateway,
          top_by: question.topBy,
          top_limit: question.topLimit,
          filters: filtersParameter(question.filters ?? []),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

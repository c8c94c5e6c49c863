import type { AnalyticsQuestion } from '../../api/analytics.ts';
import { instantsOf, intervalFor, rangeBefore } from '../../filters/time-range.ts';
import { one, type Search } from '../../filters/use-address.ts';
import { decodeView, type View } from '../../filters/view.ts';

/** What can be broken down by, besides metadata keys. */
export const BREAK_DOWNS = ['model', 'provider', 'token_id', 'user_id', 'user_agent', 'path'] as const;

const MOST_SERIES = 8;
const MOST_ROWS = 100;

export interface OverviewState {
  readonly view: View;
  /** A dimension, null for the charts' own. */
  readonly breakDown: string | null;
  readonly isCompared: boolean;
}

export function readState(search: Search): OverviewState {
  const by = one(search, 'by') ?? null;
  const isKnown = by !== null && ((BREAK_DOWNS as readonly string[]).includes(by) || /^metadata:./.test(by));
  return {
    view: decodeView(search),
    breakDown: isKnown ? by : null,
    isCompared: one(search, 'compare') === '1',
  };
}

export type QuestionName =
  | 'totals'
  | 'before'
  | 'beforeSeries'
  | 'time'
  | 'first'
  | 'cost'
  | 'errors'
  | 'cache'
  | 'table';

/**
 * What the page asks, by name. Broken down, one question has all six charts' figures; else each has its own groups.
 */
export function overviewQuestions(
  gateway: string,
  { view, breakDown, isCompared }: OverviewState,
  nowMs: number,
): Partial<Record<QuestionName, AnalyticsQuestion>> {
  const { fromMs, toMs } = instantsOf(view.range, nowMs);
  const interval = intervalFor(toMs - fromMs);
  const base: AnalyticsQuestion = { gateway, range: view.range, filters: view.filters };
  const before = { ...base, range: rangeBefore(view.range, nowMs) };
  const over = (groupBy: string, topBy: AnalyticsQuestion['topBy'] = 'requests'): AnalyticsQuestion => ({
    ...base,
    interval,
    groupBy: [groupBy],
    topBy,
    topLimit: MOST_SERIES,
  });
  return {
    totals: base,
    before,
    ...(isCompared && { beforeSeries: { ...before, interval } }),
    time: { ...base, interval },
    first: over(breakDown ?? 'status_class'),
    ...(breakDown === null && {
      cost: over('model', 'cost'),
      errors: over('error_type', 'errors'),
      cache: over('cache_kind'),
    }),
    table: { ...base, groupBy: [breakDown ?? 'model'], topLimit: MOST_ROWS },
  };
}

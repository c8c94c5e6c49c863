import type { Analytics, AnalyticsRow } from '../../api/analytics.ts';
import type { TimeChartData } from '../../charts/time-chart-data.ts';
import type { Filter } from '../../filters/filter.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatMoney, formatMoneyAxis } from '../../format/money.ts';
import { formatCount, formatShare, formatShort } from '../../format/numbers.ts';
import { overviewWords as words } from '../../words/overview.ts';
import {
  cachedOf,
  chartOfDimension,
  chartOfQuantiles,
  chartOfTokenClasses,
  costOf,
  errorsOf,
  type Measure,
  requestsOf,
  slowOf,
  tokensOf,
} from './prepare.ts';
import type { QuestionName } from './questions.ts';

/** One chart of the page: whose answer it shows, how, and where its bars lead. */
export interface ChartSpec {
  readonly title: string;
  readonly kind: 'bars' | 'lines';
  readonly question: QuestionName;
  /** What its series are values of; null for series of its own. */
  readonly dimension: string | null;
  readonly build: (answer: Analytics, nameOf: (value: string) => string) => TimeChartData;
  /** The one figure of the whole range, and what is compared with the period before. */
  readonly value: (totals: AnalyticsRow) => string;
  readonly measure: Measure;
  readonly moreIs: 'good' | 'bad' | null;
  readonly note?: (totals: AnalyticsRow) => string | null;
  readonly format: (value: number) => string;
  readonly formatAxis: (value: number) => string;
  /** Of the requests behind it, those it counts. */
  readonly only?: readonly Filter[];
  /** There are requests, but none of what this chart counts. */
  readonly emptyText: string;
  /** Total of the period before as a line: where the series add up to it. */
  readonly canCompare: boolean;
}

const failed: Filter = { key: 'success', operator: 'eq', values: ['false'] };
const cached: Filter = { key: 'cached', operator: 'eq', values: ['true'] };
const charts = words.charts;

export function chartSpecs(breakDown: string | null): readonly ChartSpec[] {
  /** The same answer for all charts when they are broken down, and another one for each when not. */
  const grouped = (question: QuestionName, own: string, measure: Measure) => {
    const dimension = breakDown ?? own;
    return {
      question: breakDown === null ? question : ('first' as const),
      dimension,
      measure,
      build: (answer: Analytics, nameOf: (value: string) => string) =>
        chartOfDimension(answer, measure, { dimension, nameOf }),
    };
  };
  const counts = { kind: 'bars', format: formatCount, formatAxis: formatShort, canCompare: true } as const;
  return [
    {
      ...counts,
      ...grouped('first', 'status_class', requestsOf),
      title: charts.requests,
      value: (totals) => formatCount(totals.requests),
      moreIs: null,
      emptyText: words.emptyRange,
    },
    {
      ...counts,
      ...grouped('cost', 'model', costOf),
      title: charts.cost,
      value: (totals) => formatMoney(totals.cost),
      moreIs: 'bad',
      note: ({ unpriced_requests: count }) => (count > 0 ? words.unpriced(formatCount(count)) : null),
      format: formatMoney,
      formatAxis: formatMoneyAxis,
      emptyText: words.noCost,
    },
    {
      ...counts,
      ...(breakDown === null
        ? { question: 'time', dimension: null, measure: tokensOf, build: chartOfTokenClasses }
        : grouped('first', breakDown, tokensOf)),
      title: charts.tokens,
      value: (totals) => formatCount(totals.tokens_in + totals.tokens_out),
      moreIs: null,
      emptyText: words.emptyRange,
    },
    {
      ...(breakDown === null
        ? { question: 'time', dimension: null, measure: slowOf, build: chartOfQuantiles }
        : grouped('first', breakDown, slowOf)),
      title: breakDown === null ? charts.ttfb : charts.ttfbBy,
      kind: 'lines',
      value: (totals) => formatDuration(totals.ttfb[breakDown === null ? 'p50' : 'p95']),
      moreIs: 'bad',
      note: () => (breakDown === null ? words.median : null),
      format: formatDuration,
      formatAxis: formatDuration,
      emptyText: words.emptyRange,
      canCompare: false,
    },
    {
      ...counts,
      ...grouped('errors', 'error_type', errorsOf),
      title: charts.errors,
      value: (totals) => formatCount(totals.errors),
      moreIs: 'bad',
      note: ({ errors, requests }) => (errors > 0 ? formatShare(errors, requests) : null),
      only: [failed],
      emptyText: words.noErrors,
    },
    {
      ...counts,
      ...grouped('cache', 'cache_kind', breakDown === null ? requestsOf : cachedOf),
      title: breakDown === null ? charts.cache : charts.cachedRequests,
      value: ({ cached_requests: hits, requests }) => formatShare(hits, requests),
      measure: breakDown === null ? requestsOf : cachedOf,
      moreIs: null,
      note: ({ saved, saved_ms: ms }) => {
        const both = [saved > 0 && formatMoney(saved), ms > 0 && formatDuration(ms)].filter(Boolean);
        return both.length === 0
          ? words.fromCache
          : `${words.fromCache}, ${words.saved(both.join(words.and))}`;
      },
      ...(breakDown !== null && { only: [cached] }),
      emptyText: breakDown === null ? words.emptyRange : words.noHits,
    },
  ];
}

import type { AnalyticsQuestion } from '../../api/analytics.ts';
import { type Interval, instantsOf, intervalFor } from '../../filters/time-range.ts';
import type { View } from '../../filters/view.ts';

const MOST_BARS = 120;

export function histogramQuestion(
  gateway: string,
  view: View,
  nowMs: number,
): AnalyticsQuestion & { readonly interval: Interval } {
  const { fromMs, toMs } = instantsOf(view.range, nowMs);
  const interval = intervalFor(toMs - fromMs, MOST_BARS);
  return { gateway, range: view.range, filters: view.filters, interval };
}

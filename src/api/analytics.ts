import { nanosToUsd } from '../core/money.ts';
import type { AnalyticsAnswer, AnalyticsRow } from '../core/stores/analytics.ts';
import { analyticsQuery, readAnalyticsQuery } from './analytics-query.ts';
import {
  type AnalyticsObject,
  type AnalyticsRowObject,
  analyticsObjectSchema,
} from './contract/analytics.ts';
import { ACCOUNT, type Endpoint, endpoint } from './endpoint.ts';
import { ApiError, CODES, resultResponse } from './envelope.ts';

export const analyticsEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/analytics`,
    permission: 'metadata-read',
    tag: 'Analytics',
    summary: 'Figures over many requests, by group and by time',
    query: analyticsQuery,
    takesFilters: true,
    result: { kind: 'one', schema: analyticsObjectSchema },
    handle: async (call) => {
      const query = readAnalyticsQuery(call);
      const { rows, scanned } = await refuseWide(call.services.analytics.aggregate(query));
      return resultResponse({
        from: new Date(query.from).toISOString(),
        to: new Date(query.to).toISOString(),
        interval: query.interval,
        scanned,
        rows: rows.map(showRow),
      } satisfies AnalyticsObject);
    },
  }),
];

/** What a store refuses to add up is the caller's to change. */
async function refuseWide(answer: Promise<AnalyticsAnswer>): Promise<AnalyticsAnswer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError(400, [{ code: CODES.invalid, message: error.message, path: ['query'] }]);
  }
}

function showRow(row: AnalyticsRow): AnalyticsRowObject {
  return {
    bucket: row.bucket === null ? null : new Date(row.bucket).toISOString(),
    group: row.group === null ? null : [...row.group],
    requests: row.requests,
    errors: row.errors,
    rate_limited: row.rateLimited,
    cached_requests: row.cachedRequests,
    tokens_in: row.inputTokens,
    tokens_out: row.outputTokens,
    cached_tokens_in: row.cachedInputTokens,
    cached_tokens_out: row.cachedOutputTokens,
    cache_read_tokens: row.cacheReadTokens,
    cache_write_tokens: row.cacheWriteTokens,
    reasoning_tokens: row.reasoningTokens,
    cost: nanosToUsd(row.costNanos),
    saved: nanosToUsd(row.savedNanos),
    saved_ms: row.savedMs,
    unpriced_requests: row.unpricedRequests,
    duration: row.durationMs,
    ttfb: row.firstByteMs,
    overhead: row.overheadMs,
    tokens_per_second: row.tokensPerSecond,
  };
}

import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { METADATA_PREFIX } from '../core/analytics/dimensions.ts';
import { VALUE_LENGTH } from '../core/analytics/facts.ts';
import {
  type AdditiveMeasure,
  type AnalyticsQuery,
  DIMENSIONS,
  type Dimension,
  INTERVALS,
} from '../core/stores/analytics.ts';
import { gatewayKey } from '../core/stores/config.ts';
import { intervalSchema } from './contract/analytics.ts';
import type { Call } from './endpoint.ts';
import { invalid, notFound } from './envelope.ts';
import { readTimeRange, type TimeRange, timeRangeShape } from './time-range.ts';
import { booleanText, integerText } from './validation.ts';

const MAX_GROUP_BY = 3;
const MAX_BUCKETS = 2000;
const MAX_GATEWAYS = 200;

/** Measures by which groups can be ranked, under their names on the wire. */
const TOP_BY = {
  requests: 'requests',
  errors: 'errors',
  rate_limited: 'rateLimited',
  cached_requests: 'cachedRequests',
  tokens_in: 'inputTokens',
  tokens_out: 'outputTokens',
  cache_read_tokens: 'cacheReadTokens',
  cache_write_tokens: 'cacheWriteTokens',
  reasoning_tokens: 'reasoningTokens',
  cost: 'costNanos',
  saved: 'savedNanos',
  saved_ms: 'savedMs',
  unpriced_requests: 'unpricedRequests',
} as const satisfies Record<string, AdditiveMeasure>;

const list = z.string().max(8192);

export const analyticsQuery = z.strictObject({
  ...timeRangeShape('-24h'),
  interval: intervalSchema
    .optional()
    .meta({ description: 'Without it, one row per group for the whole time.' }),
  group_by: list.optional().meta({
    description: `Up to ${MAX_GROUP_BY} of ${DIMENSIONS.join(', ')}, metadata:<key>; separated by commas. A comma within a key is written %2C.`,
  }),
  gateway: list.optional().meta({ description: 'Ids of gateways, separated by commas; all without it.' }),
  top_by: z.enum(Object.keys(TOP_BY) as [keyof typeof TOP_BY]).default('requests'),
  top_limit: integerText(1, 1000).default(100),
  quantiles: booleanText.default(true).meta({ description: 'False answers faster, and up to 200,000 rows.' }),
});

/** The query of a call, checked against what the account has. */
export function readAnalyticsQuery(call: Call<z.infer<typeof analyticsQuery>, unknown>): AnalyticsQuery {
  const { account, filters, query, services } = call;
  const range = readTimeRange(query, services.clock.now());
  const interval = query.interval ?? null;
  if (interval !== null) refuseManyBuckets(range, INTERVALS[interval]);
  const groupBy = query.group_by === undefined ? [] : readDimensions(query.group_by);
  return {
    account,
    gateways: query.gateway === undefined ? null : readGateways(call, query.gateway),
    ...range,
    interval,
    groupBy,
    filters,
    top: groupBy.length === 0 ? null : { by: TOP_BY[query.top_by], limit: query.top_limit },
    quantiles: query.quantiles,
  };
}

function refuseManyBuckets({ from, to }: TimeRange, widthMs: number): void {
  const buckets = Math.floor((to - 1) / widthMs) - Math.floor(from / widthMs) + 1;
  if (buckets > MAX_BUCKETS) {
    throw invalid(
      ['query', 'interval'],
      `would make ${buckets} buckets, the most are ${MAX_BUCKETS}: ask for a wider interval or a shorter time`,
    );
  }
}

function readDimensions(text: string): Dimension[] {
  const place = ['query', 'group_by'];
  const names = text.split(',').map((part) => decode(part.trim()));
  if (names.length > MAX_GROUP_BY) throw invalid(place, `must be at most ${MAX_GROUP_BY} dimensions`);
  if (new Set(names).size < names.length) throw invalid(place, 'names a dimension twice');
  return names.map((name) => {
    if (name.startsWith(METADATA_PREFIX)) {
      const { length } = name.slice(METADATA_PREFIX.length);
      if (length === 0 || length > VALUE_LENGTH) {
        throw invalid(place, `a metadata key has 1 to ${VALUE_LENGTH} characters`);
      }
      return name as Dimension;
    }
    const known = DIMENSIONS.find((dimension) => dimension === name);
    if (known === undefined) throw invalid(place, `unknown dimension${didYouMean(name, DIMENSIONS)}`);
    return known;
  });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid(['query', 'group_by'], 'has a percent sign that begins no escape; write it as %25');
  }
}

function readGateways({ account, services }: Call<unknown, unknown>, text: string): string[] {
  const ids = [...new Set(text.split(',').map((id) => id.trim()))];
  if (ids.length > MAX_GATEWAYS) {
    throw invalid(['query', 'gateway'], `must be at most ${MAX_GATEWAYS} gateways`);
  }
  const { gateways } = services.config.snapshot();
  for (const id of ids) {
    const gateway = gateways.get(gatewayKey(account, id));
    if (gateway === undefined || gateway.account !== account || gateway.id !== id) throw notFound('gateway');
  }
  return ids;
}

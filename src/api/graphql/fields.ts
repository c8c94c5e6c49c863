import { nanosToUsd } from '../../core/money.ts';
import type { AdditiveMeasure, Dimension, Interval, Quantiles } from '../../core/stores/analytics.ts';

/** Names of scalars as the hosted API spells them. */
export type ScalarName = 'string' | 'uint8' | 'uint16' | 'uint64' | 'float64';

/** A dimension that is read from the store's own. */
export interface StoredDimension {
  readonly kind: 'stored';
  readonly type: ScalarName;
  readonly store: Dimension;
  /** Key of the log filter over the same field; null when there is none, and groups are compared instead. */
  readonly filterKey: string | null;
}

/** Roll-ups do not keep failed and good requests apart: a query that does asks twice. */
export interface ErrorDimension {
  readonly kind: 'error';
  readonly type: 'uint8';
}

/** A time cut down to whole buckets. */
export interface TimeDimension {
  readonly kind: 'time';
  readonly type: 'Time' | 'Date';
  readonly interval: Interval;
}

/** The same for every request here. */
export interface ConstantDimension {
  readonly kind: 'constant';
  readonly type: 'uint8' | 'string';
  readonly value: number | string;
}

/** Keys or values of the metadata, as a list. */
export interface EntriesDimension {
  readonly kind: 'entries';
  readonly type: 'string';
  readonly part: 'keys' | 'values';
  readonly filterKey: string;
}

export type DimensionField =
  | StoredDimension
  | ErrorDimension
  | TimeDimension
  | ConstantDimension
  | EntriesDimension;

const stored = (type: ScalarName, store: Dimension, filterKey: string | null): StoredDimension => ({
  kind: 'stored',
  type,
  store,
  filterKey,
});
const time = (interval: Interval): TimeDimension => ({ kind: 'time', type: 'Time', interval });

const TIMES = {
  date: { kind: 'time', type: 'Date', interval: 'day' },
  datetimeMinute: time('minute'),
  datetimeFiveMinutes: time('five_minutes'),
  datetimeFifteenMinutes: time('fifteen_minutes'),
  datetimeHour: time('hour'),
} as const;

const PLACE = {
  gateway: stored('string', 'gateway', null),
  provider: stored('string', 'provider', 'provider'),
  model: stored('string', 'model', 'model'),
} as const;

export interface Dataset {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, DimensionField>>;
  readonly sums: readonly SumName[];
  /** `rows` of the dataset of sizes is the one maximum that there is. */
  readonly maxima: readonly 'rows'[];
  readonly quantiles: boolean;
}

/** A sum is what the store adds up under one name, less what it adds up under another. */
interface Sum {
  readonly measure: AdditiveMeasure;
  readonly less?: AdditiveMeasure;
}

/** The hosted API's, then ours. Tokens of requests that were answered from the cache are kept apart there. */
export const SUMS = {
  cachedRequests: { measure: 'cachedRequests' },
  erroredRequests: { measure: 'errors' },
  cachedTokensIn: { measure: 'cachedInputTokens' },
  cachedTokensOut: { measure: 'cachedOutputTokens' },
  uncachedTokensIn: { measure: 'inputTokens', less: 'cachedInputTokens' },
  uncachedTokensOut: { measure: 'outputTokens', less: 'cachedOutputTokens' },
  cost: { measure: 'costNanos' },
  tokensIn: { measure: 'inputTokens' },
  tokensOut: { measure: 'outputTokens' },
  rateLimitedRequests: { measure: 'rateLimited' },
  cacheReadTokens: { measure: 'cacheReadTokens' },
  cacheWriteTokens: { measure: 'cacheWriteTokens' },
  reasoningTokens: { measure: 'reasoningTokens' },
  savedCost: { measure: 'savedNanos' },
  unpricedRequests: { measure: 'unpricedRequests' },
} as const satisfies Record<string, Sum>;
export type SumName = keyof typeof SUMS;

export const isMoney = (name: SumName): boolean => SUMS[name].measure.endsWith('Nanos');

/** Money as USD. */
export function readSum(name: SumName, measures: Readonly<Record<AdditiveMeasure, number>>): number {
  const { measure, less }: Sum = SUMS[name];
  const value = measures[measure] - (less === undefined ? 0 : measures[less]);
  return isMoney(name) ? nanosToUsd(value) : value;
}

/** `durationMsP95` and so on. */
export const QUANTILES: Readonly<Record<string, readonly [QuantileMeasure, keyof Quantiles]>> =
  Object.fromEntries(
    (['durationMs', 'firstByteMs', 'overheadMs', 'tokensPerSecond'] as const).flatMap((measure) =>
      (['p50', 'p95', 'p99'] as const).map((share) => [`${measure}${share.toUpperCase()}`, [measure, share]]),
    ),
  );
export type QuantileMeasure = 'durationMs' | 'firstByteMs' | 'overheadMs' | 'tokensPerSecond';

export const REQUESTS: Dataset = {
  name: 'aiGatewayRequestsAdaptiveGroups',
  dimensions: {
    ...PLACE,
    ...TIMES,
    statusCode: stored('uint16', 'status_code', 'status_code'),
    cached: stored('uint8', 'cached', 'cached'),
    error: { kind: 'error', type: 'uint8' },
    rateLimited: stored('uint8', 'rate_limited', 'rate_limited'),
    userAgent: stored('string', 'user_agent', 'user_agent'),
    wholesale: { kind: 'constant', type: 'uint8', value: 0 },
    durationMs: stored('float64', 'duration_ms', 'duration'),
    cost: stored('float64', 'cost_nanos', 'cost'),
    tokensIn: stored('uint64', 'tokens_in', 'tokens_in'),
    tokensOut: stored('uint64', 'tokens_out', 'tokens_out'),
    metadataRaw: stored('string', 'metadata', 'metadata'),
    metadataKeys: { kind: 'entries', type: 'string', part: 'keys', filterKey: 'metadata.key' },
    metadataValues: { kind: 'entries', type: 'string', part: 'values', filterKey: 'metadata.value' },
    // Ours.
    path: stored('string', 'path', 'path'),
    errorType: stored('string', 'error_type', 'error_type'),
    cacheKind: stored('string', 'cache_kind', 'cache_kind'),
    sessionId: stored('string', 'session_id', 'session_id'),
    userId: stored('string', 'user_id', 'user_id'),
    tokenId: stored('string', 'token_id', 'token_id'),
  },
  sums: Object.keys(SUMS) as SumName[],
  maxima: [],
  quantiles: true,
};

export const ERRORS: Dataset = {
  name: 'aiGatewayErrorsAdaptiveGroups',
  dimensions: {
    ...PLACE,
    ...TIMES,
    statusCode: stored('uint16', 'status_code', 'status_code'),
    rateLimited: stored('uint8', 'rate_limited', 'rate_limited'),
    errorType: stored('string', 'error_type', 'error_type'),
  },
  sums: [],
  maxima: [],
  quantiles: false,
};

/** Answers from the cache; there is no record of what else was looked for in it. */
export const CACHE: Dataset = {
  name: 'aiGatewayCacheAdaptiveGroups',
  dimensions: {
    ...PLACE,
    ...TIMES,
    cacheStatus: { kind: 'constant', type: 'string', value: 'hit' },
  },
  sums: [],
  maxima: [],
  quantiles: false,
};

export const SIZE: Dataset = {
  name: 'aiGatewaySizeAdaptiveGroups',
  dimensions: {
    ...TIMES,
    gateway: PLACE.gateway,
    // Nothing is grouped by these: the rows of this dataset are gateways.
    logManagement: stored('uint64', 'gateway', null),
  },
  sums: [],
  maxima: ['rows'],
  quantiles: false,
};

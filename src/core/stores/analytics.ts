import type { LogFilter } from './logs.ts';

/**
 * Wide questions about many records: one small query type, which every log store lowers to its own storage. Roll-ups
 * answer where they can; what they cannot (filters over fields that no roll-up holds together) is read from the
 * columns of the records themselves. Both give the same figures.
 */

/** What figures can be broken down by. `metadata:<key>` is the value of that key of the metadata. */
export const DIMENSIONS = [
  'gateway',
  'provider',
  'model',
  'path',
  'status_code',
  'status_class',
  'error_type',
  'cache_kind',
  'cached',
  'rate_limited',
  'token_id',
  'user_id',
  'session_id',
  'user_agent',
  'metadata_key',
] as const;

/**
 * What only records tell, because nearly each has a value of its own: no roll-up holds it, so the records are read.
 * `metadata` is all of it as JSON text, cut at 1,024 characters.
 */
export const RECORD_DIMENSIONS = [
  'duration_ms',
  'cost_nanos',
  'tokens_in',
  'tokens_out',
  'metadata',
] as const;

export type Dimension =
  | (typeof DIMENSIONS)[number]
  | (typeof RECORD_DIMENSIONS)[number]
  | `metadata:${string}`;

/** Width of a bucket; buckets begin at whole multiples of it since 1970 (UTC). */
export const INTERVALS = {
  minute: 60_000,
  five_minutes: 300_000,
  fifteen_minutes: 900_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;
export type Interval = keyof typeof INTERVALS;

export interface AnalyticsQuery {
  readonly account: string;
  /** Null is all gateways of the account. */
  readonly gateways: readonly string[] | null;
  /** Epoch ms, inclusive; exact to the millisecond, whatever the roll-ups' width. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  /** Null: one row per group, over the whole range. */
  readonly interval: Interval | null;
  readonly groupBy: readonly Dimension[];
  /** Same keys and operators as the list of logs. */
  readonly filters: readonly LogFilter[];
  /** Most groups; what is left over is added up in one row whose group is null. Null is no limit. */
  readonly top: { readonly by: AdditiveMeasure; readonly limit: number } | null;
  /** False leaves the quantiles null and allows ten times as many rows. */
  readonly quantiles?: boolean;
}

/** Values in ms or tokens per second; off by at most 10 % (mergeable histograms). Null when there are none. */
export interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Figures that add up over groups and buckets. */
export const ADDITIVE_MEASURES = [
  'requests',
  /** Not successful, for whatever reason. */
  'errors',
  'rateLimited',
  'cachedRequests',
  'inputTokens',
  'outputTokens',
  /** Of requests that were answered from the cache; contained in the two above. */
  'cachedInputTokens',
  'cachedOutputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'costNanos',
  'savedNanos',
  /** Requests whose tokens are known but whose price is not. */
  'unpricedRequests',
  /** Of hits, as far as it is known how long their answers took at first. */
  'savedMs',
] as const;
export type AdditiveMeasure = (typeof ADDITIVE_MEASURES)[number];

export interface Measures extends Readonly<Record<AdditiveMeasure, number>> {
  readonly durationMs: Quantiles;
  readonly firstByteMs: Quantiles;
  readonly overheadMs: Quantiles;
  readonly tokensPerSecond: Quantiles;
}

export interface AnalyticsRow extends Measures {
  /** Epoch ms at which the bucket begins; null without interval. Buckets without requests have no row. */
  readonly bucket: number | null;
  /**
   * One value per `groupBy`, cut at 256 characters: '' is 'unknown' or 'none'. Null is the row of everything outside
   * `top`, and of what a roll-up no longer tells apart because there were too many different values at one time.
   */
  readonly group: readonly string[] | null;
}

export interface AnalyticsAnswer {
  /** By bucket, then the biggest group first (by `top`, else by requests), the null group last. */
  readonly rows: readonly AnalyticsRow[];
  /** The records themselves were read: there is no roll-up for this combination. */
  readonly scanned: boolean;
}

/** Requests that belong together by their session id. */
export interface SessionRow {
  readonly id: string;
  readonly gateway: string;
  /** Epoch ms of the first and the last request. */
  readonly startedAt: number;
  readonly lastAt: number;
  /** Epoch ms at which the last reply ended. */
  readonly endedAt: number;
  readonly requests: number;
  readonly errors: number;
  readonly cachedRequests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanos: number;
  readonly savedNanos: number;
  readonly userAgent: string | null;
  readonly userId: string | null;
  /** Model of the last request. */
  readonly model: string | null;
  /** Id of the first record, whose prompt names the session. */
  readonly firstRecord: string;
  /** Requests in a row that are near the same as the last one; from 3 on it is in a loop. See `repeats.ts`. */
  readonly repeats: number;
  /** The longest such row. */
  readonly mostRepeats: number;
}

export interface SessionQuery {
  readonly account: string;
  readonly gateway: string;
  /** Epoch ms: sessions that had begun before `to` and had a request at or after `from`. */
  readonly from: number;
  readonly to: number;
  /** Part of the id, the user agent or the user. */
  readonly search: string | null;
  readonly orderBy: 'last_at' | 'started_at' | 'cost' | 'requests' | 'errors';
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
}

/** Newest first by `lastAt` unless asked otherwise. */
export interface SessionPage {
  readonly rows: readonly SessionRow[];
  readonly totalCount: number;
}

export interface AnalyticsStore {
  /** Throws RangeError for an unknown dimension or filter, and for an answer that would be too large. */
  aggregate(query: AnalyticsQuery): Promise<AnalyticsAnswer>;
  sessions(query: SessionQuery): Promise<SessionPage>;
  /** Null for an id of another account or gateway as much as for one that does not exist. */
  findSession(account: string, gateway: string, id: string): Promise<SessionRow | null>;
}

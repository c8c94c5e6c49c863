import type { Usage } from '../usage.ts';

/** One try of one target. Times are ms relative to the start of the request. */
export interface AttemptLine {
  readonly step: number;
  readonly attempt: number;
  readonly provider: string;
  readonly model: string | null;
  readonly startedMs: number;
  /** Ms from the attempt's start to the first byte of the answer; null when none came. */
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** Error name of core/errors, or the provider's error type; null for a good attempt. */
  readonly error: string | null;
  readonly message: string | null;
  /** Ms waited before the next attempt; null when there was none. */
  readonly waitedMs: number | null;
}

/** Why something was done. `rule` names the setting or header that decided. */
export interface DecisionLine {
  readonly stage: 'auth' | 'cache' | 'limit' | 'route' | 'key' | 'retry' | 'price' | 'log';
  readonly outcome: string;
  readonly rule: string | null;
  readonly detail: string | null;
}

/** What is kept about a request. Null is 'unknown' or 'does not apply', never 0. */
export interface LogRecord {
  /** UUIDv7; the store is idempotent by it. */
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  /** Epoch ms at which the request arrived. */
  readonly createdAt: number;
  readonly eventId: string;
  readonly method: string;
  /** Provider of the step that answered. */
  readonly provider: string;
  /** Model that served, as the answer says, else as asked. */
  readonly model: string | null;
  readonly modelRequested: string | null;
  /** chat, responses, completion, embeddings, image, audio, messages, count_tokens … */
  readonly modelType: string | null;
  /** Path after the provider, without query. */
  readonly path: string;
  /** native, universal */
  readonly requestType: string;
  readonly requestContentType: string | null;
  readonly responseContentType: string | null;
  readonly statusCode: number;
  readonly success: boolean;
  readonly cached: boolean;
  readonly cacheStatus: 'HIT' | 'MISS' | null;
  readonly rateLimited: boolean;
  readonly streamed: boolean;
  /** Request received to reply ended. */
  readonly durationMs: number;
  /** Request received to first byte of the upstream's (or cached) answer. */
  readonly firstByteMs: number | null;
  /** Time spent in the gateway itself before the upstream was asked, plus waiting for nothing else. */
  readonly overheadMs: number | null;
  readonly tokensPerSecond: number | null;
  readonly usage: Usage | null;
  readonly costNanos: number | null;
  /** True when cost comes from cf-aig-custom-cost. */
  readonly customCost: boolean;
  readonly savedNanos: number | null;
  readonly metadata: Readonly<Record<string, string | number | boolean>> | null;
  readonly step: number;
  readonly attempts: readonly AttemptLine[];
  readonly decisions: readonly DecisionLine[];
  readonly userAgent: string | null;
  readonly sessionId: string | null;
  readonly requestSize: number;
  readonly responseSize: number;
  readonly finishReason: string | null;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** complete, failed (upstream broke off), left (client left) */
  readonly outcome: 'complete' | 'failed' | 'left';
  readonly authentication: boolean;
  readonly byok: boolean;
  readonly tokenId: string | null;
}

/** Bodies as they were on the wire; null when not collected. `truncated` when only the first part was kept. */
export interface RecordBodies {
  readonly request: readonly Buffer[] | null;
  readonly response: readonly Buffer[] | null;
  readonly requestTruncated: boolean;
  readonly responseTruncated: boolean;
  /** content-encoding of each, '' for none, so that they can be shown decoded. */
  readonly requestEncoding: string;
  readonly responseEncoding: string;
}

/** Takes records off the request path. Returns false when the record could not be kept (disk full): never throws. */
export interface RecordSink {
  append(record: LogRecord, bodies: RecordBodies | null): boolean;
}

/** A stored row: the record with what people added later. */
export interface LogRow extends LogRecord {
  readonly feedback: number | null;
  readonly score: number | null;
}

export type LogFilterOperator = 'eq' | 'neq' | 'contains' | 'lt' | 'gt';

/** `key` is one of spec 18.2, checked above the store. Several values are alternatives. */
export interface LogFilter {
  readonly key: string;
  readonly operator: LogFilterOperator;
  readonly value: readonly (string | number | boolean | null)[];
}

export interface LogQuery {
  readonly account: string;
  readonly gateway: string;
  readonly filters: readonly LogFilter[];
  /** Free text over id, model, provider, path, metadata, user agent, error. */
  readonly search: string | null;
  readonly orderBy: string;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** Fill `ranges`. */
  readonly withRanges: boolean;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  readonly totalCount: number;
  /** min/max of cost (nanos), duration, tokens_in, tokens_out, total_tokens over the whole match; null unless asked for. */
  readonly ranges: Readonly<
    Record<
      'cost' | 'duration' | 'tokensIn' | 'tokensOut' | 'totalTokens',
      readonly [number | null, number | null]
    >
  > | null;
}

export interface StoredBody {
  readonly bytes: Buffer;
  readonly truncated: boolean;
  readonly encoding: string;
  readonly contentType: string | null;
}

export interface LogStore {
  list(query: LogQuery): Promise<LogPage>;
  /** Null for an id of another account or gateway as much as for one that does not exist. */
  find(account: string, gateway: string, id: string): Promise<LogRow | null>;
  body(
    account: string,
    gateway: string,
    id: string,
    side: 'request' | 'response',
  ): Promise<StoredBody | null>;
  patch(
    account: string,
    gateway: string,
    id: string,
    change: {
      feedback?: number | null;
      score?: number | null;
      metadata?: Readonly<Record<string, string | number | boolean>> | null;
    },
  ): Promise<boolean>;
  /** Removes rows, their bodies and their share of the space; returns how many. limit null is all. */
  delete(
    query: Omit<LogQuery, 'withRanges' | 'offset' | 'limit'> & { limit: number | null },
  ): Promise<number>;
}

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

/** Of a request: what sending it again needs beside path and body. */
export interface ResendFacts {
  /** Without question mark; '' for none. */
  readonly query: string;
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[];
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
  /** native, universal; playground, replay, evaluation for calls of the gateway to itself */
  readonly requestType: string;
  readonly requestContentType: string | null;
  readonly responseContentType: string | null;
  readonly statusCode: number;
  readonly success: boolean;
  readonly cached: boolean;
  readonly cacheStatus: 'HIT' | 'MISS' | null;
  /** How a hit was found; null when it was none. */
  readonly cacheKind: 'exact' | 'shared' | 'semantic' | null;
  /** Why no similar answer was given (a SemanticReason); null when none was looked for, or this is a hit. */
  readonly cacheReason: string | null;
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
  /** Whole ms by which a good hit was faster than the request that paid for the answer, never below 0; null is no hit, or unknown. */
  readonly savedMs: number | null;
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
  /** Who asked, by the metadata (`cf.user_id`, `user_id`, `user`). */
  readonly userId: string | null;
  /** Null when path and body are enough. */
  readonly resend: ResendFacts | null;
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

/**
 * Takes records off the request path. What was appended is kept before anything runs that was left to the end of the
 * turn (core/turn-end.ts) after it. Never throws: a record that cannot be kept (disk full) is counted as lost.
 */
export interface RecordSink {
  append(record: LogRecord, bodies: RecordBodies | null): void;
}

/** A stored row: the record with what people added later. */
export interface LogRow extends LogRecord {
  readonly feedback: number | null;
  readonly score: number | null;
  /** First line of what the user said last; null when there is none, or not yet. */
  readonly promptPreview: string | null;
}

export type LogFilterOperator = 'eq' | 'neq' | 'contains' | 'lt' | 'gt';

/**
 * `key` is one of spec 18.2 or of ours (api/log-filters.ts), checked above the store. Several values are alternatives.
 * `metadata:<key>` is the value of that key; null is a record without it.
 */
export interface LogFilter {
  readonly key: string;
  readonly operator: LogFilterOperator;
  readonly value: readonly (string | number | boolean | null)[];
}

export interface LogQuery {
  readonly account: string;
  readonly gateway: string;
  readonly filters: readonly LogFilter[];
  /**
   * Free text within model, provider, path, metadata, user agent or error, or at the beginning of the id; `withTexts`
   * also in prompts and answers.
   */
  readonly search: string | null;
  /** Epoch ms, inclusive; null is no limit. */
  readonly from: number | null;
  /** Epoch ms, exclusive; null is no limit. */
  readonly to: number | null;
  readonly orderBy: string;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** Begins after this place, which `next` of the page before gave; `offset` is counted from there. */
  readonly after: LogPosition | null;
  /** Fill `ranges`. */
  readonly withRanges: boolean;
  /** Search prompts and answers, and show previews of them: for those who may read bodies. */
  readonly withTexts?: boolean;
}

/** A place in an order: the value that is ordered by, as it is stored, and the id, which decides between equals. */
export interface LogPosition {
  readonly value: string | number | null;
  readonly id: string;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  /** All that match, wherever the page begins. */
  readonly totalCount: number;
  /** Place of the last row when more follow; null at the end. */
  readonly next: LogPosition | null;
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
    query: Omit<LogQuery, 'withRanges' | 'offset' | 'limit' | 'after'> & {
      limit: number | null;
      /** Everything that was added up of the gateway, too: it is deleted. */
      withFigures?: boolean;
    },
  ): Promise<number>;
}

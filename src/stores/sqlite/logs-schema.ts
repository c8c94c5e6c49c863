import type { LogColumn } from '../../core/stores/log-columns.ts';
import { BLOCK_MIGRATION } from './block-schema.ts';
import { ROLLUP_MIGRATION } from './rollup-schema.ts';
import { SESSION_MIGRATION } from './session-schema.ts';

export const LOG_DATABASE = 'logs.db';

/** The table's columns, in the order of LOG_COLUMNS; account and gateway are one number, see `gateways`. */
export const RECORD_COLUMN: Readonly<Record<Exclude<LogColumn, 'account' | 'gateway'>, string>> = {
  id: 'id',
  createdAt: 'created_at',
  eventId: 'event_id',
  provider: 'provider',
  model: 'model',
  modelType: 'model_type',
  path: 'path',
  requestType: 'request_type',
  requestContentType: 'request_content_type',
  responseContentType: 'response_content_type',
  statusCode: 'status_code',
  success: 'success',
  cached: 'cached',
  rateLimited: 'rate_limited',
  durationMs: 'duration_ms',
  firstByteMs: 'first_byte_ms',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  totalTokens: 'total_tokens',
  cacheReadTokens: 'cache_read_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  reasoningTokens: 'reasoning_tokens',
  costNanos: 'cost_nanos',
  savedNanos: 'saved_nanos',
  metadata: 'metadata',
  step: 'step',
  userAgent: 'user_agent',
  sessionId: 'session_id',
  errorType: 'error_type',
  errorMessage: 'error_message',
  authentication: 'authentication',
  modelRequested: 'model_requested',
  tokenId: 'token_id',
  userId: 'user_id',
  cacheKind: 'cache_kind',
  overheadMs: 'overhead_ms',
  tokensPerSecond: 'tokens_per_second',
  streamed: 'streamed',
  method: 'method',
  outcome: 'outcome',
  savedMs: 'saved_ms',
  cacheReason: 'cache_reason',
};

/** Bits of body_flags. */
export const REQUEST_TRUNCATED = 1;
export const RESPONSE_TRUNCATED = 2;

/**
 * Every index is paid for by every record, so there are two: the id (idempotency, find) and the everyday list. Other
 * filters and orders read the gateway's rows; they run on a thread of their own. `seq` is the order of arrival, which
 * is the order within the segments of the spool.
 */
export const LOG_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE gateways (
    ref INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    gateway TEXT NOT NULL,
    row_count INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, gateway)
  );

  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    gateway_ref INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT,
    model_type TEXT,
    path TEXT NOT NULL,
    request_type TEXT NOT NULL,
    request_content_type TEXT,
    response_content_type TEXT,
    status_code INTEGER NOT NULL,
    success INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    rate_limited INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    first_byte_ms REAL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    total_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    cost_nanos INTEGER,
    saved_nanos INTEGER,
    metadata TEXT,
    step INTEGER NOT NULL,
    user_agent TEXT,
    session_id TEXT,
    error_type TEXT,
    error_message TEXT,
    authentication INTEGER NOT NULL,
    rest TEXT NOT NULL,
    feedback INTEGER,
    score REAL,
    segment INTEGER,
    body_at INTEGER,
    request_length INTEGER,
    response_length INTEGER,
    body_flags INTEGER,
    request_encoding TEXT,
    response_encoding TEXT
  );
  CREATE INDEX records_by_time ON records (gateway_ref, created_at);

  CREATE TABLE segments (
    segment INTEGER PRIMARY KEY,
    taken_bytes INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    live_row_count INTEGER NOT NULL,
    first_seq INTEGER,
    last_seq INTEGER,
    sealed INTEGER NOT NULL DEFAULT 0,
    shrink INTEGER NOT NULL DEFAULT 0
  );

  CREATE TABLE rollups (
    hour INTEGER NOT NULL,
    gateway_ref INTEGER NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    status_class INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    rate_limited INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_nanos INTEGER NOT NULL,
    saved_nanos INTEGER NOT NULL,
    duration_histogram BLOB NOT NULL,
    first_byte_histogram BLOB NOT NULL,
    PRIMARY KEY (gateway_ref, hour, provider, model, status_class, cached)
  ) WITHOUT ROWID;
  `,
  `
  ALTER TABLE records ADD COLUMN model_requested TEXT;
  ALTER TABLE records ADD COLUMN token_id TEXT;
  ALTER TABLE records ADD COLUMN user_id TEXT;
  ALTER TABLE records ADD COLUMN cache_kind TEXT;
  ALTER TABLE records ADD COLUMN overhead_ms REAL;
  ALTER TABLE records ADD COLUMN tokens_per_second REAL;
  ALTER TABLE records ADD COLUMN streamed INTEGER;
  `,
  `
  ALTER TABLE records ADD COLUMN method TEXT;
  ALTER TABLE records ADD COLUMN outcome TEXT;
  `,
  BLOCK_MIGRATION,
  `
  CREATE TABLE store_identity (id TEXT NOT NULL, keeps_removals INTEGER NOT NULL);
  INSERT INTO store_identity VALUES (lower(hex(randomblob(16))), 0);
  -- Rows with bodies that were removed, until the index of their texts knows.
  CREATE TABLE removed_texts (number INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL, at_once INTEGER NOT NULL);
  `,
  ROLLUP_MIGRATION,
  SESSION_MIGRATION,
  `
  ALTER TABLE records ADD COLUMN saved_ms INTEGER;
  ALTER TABLE records ADD COLUMN cache_reason TEXT;
  `,
];

import type { Usage } from '../usage.ts';
import type { AttemptLine, DecisionLine, LogRecord } from './logs.ts';

export type ColumnValue = string | number | null;

/**
 * A record as it travels from the request path to a store: what stores filter, sort, search and add up by stands in
 * `columns`, everything else in `rest`, one JSON text that a store keeps as it is. So nothing on the way has to parse
 * or print the whole record again. Both are positional: the order below is a wire format, only ever extended at the end.
 */
export interface FlatRecord {
  readonly columns: readonly ColumnValue[];
  readonly rest: string;
}

/** Stands in `rest` where a record of an older version has what is a column now. */
const MOVED = null;

/** Names of `columns`, in order. Booleans are 0 and 1, `metadata` is JSON text or null. */
export const LOG_COLUMNS = [
  'id',
  'account',
  'gateway',
  'createdAt',
  'eventId',
  'provider',
  'model',
  'modelType',
  'path',
  'requestType',
  'requestContentType',
  'responseContentType',
  'statusCode',
  'success',
  'cached',
  'rateLimited',
  'durationMs',
  'firstByteMs',
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'costNanos',
  'savedNanos',
  'metadata',
  'step',
  'userAgent',
  'sessionId',
  'errorType',
  'errorMessage',
  'authentication',
  'modelRequested',
  'tokenId',
  'userId',
  'cacheKind',
  'overheadMs',
  'tokensPerSecond',
  'streamed',
  'method',
  'outcome',
  'savedMs',
  'cacheReason',
] as const;

export type LogColumn = (typeof LOG_COLUMNS)[number];

/** Position of each column in `columns`. */
export const COLUMN: Readonly<Record<LogColumn, number>> = Object.fromEntries(
  LOG_COLUMNS.map((name, index) => [name, index]),
) as Record<LogColumn, number>;

export function flattenRecord(record: LogRecord): FlatRecord {
  const usage = record.usage;
  return {
    columns: [
      record.id,
      record.account,
      record.gateway,
      record.createdAt,
      record.eventId,
      record.provider,
      record.model,
      record.modelType,
      record.path,
      record.requestType,
      record.requestContentType,
      record.responseContentType,
      record.statusCode,
      record.success ? 1 : 0,
      record.cached ? 1 : 0,
      record.rateLimited ? 1 : 0,
      record.durationMs,
      record.firstByteMs,
      usage === null ? null : usage.inputTokens,
      usage === null ? null : usage.outputTokens,
      usage === null ? null : (usage.totalTokens ?? sum(usage.inputTokens, usage.outputTokens)),
      usage === null ? null : usage.cacheReadTokens,
      usage === null ? null : sum(usage.cacheWriteTokens, usage.cacheWrite1hTokens),
      usage === null ? null : usage.reasoningTokens,
      record.costNanos,
      record.savedNanos,
      record.metadata === null ? null : JSON.stringify(record.metadata),
      record.step,
      record.userAgent,
      record.sessionId,
      record.errorType,
      record.errorMessage,
      record.authentication ? 1 : 0,
      record.modelRequested,
      record.tokenId,
      record.userId,
      record.cacheKind,
      record.overheadMs,
      record.tokensPerSecond,
      record.streamed ? 1 : 0,
      record.method,
      record.outcome,
      record.savedMs,
      record.cacheReason,
    ],
    rest: JSON.stringify([
      MOVED,
      MOVED,
      record.cacheStatus,
      MOVED,
      MOVED,
      MOVED,
      usage === null ? null : flattenUsage(usage),
      record.customCost,
      record.attempts.map(flattenAttempt),
      record.decisions.map((line) => [line.stage, line.outcome, line.rule, line.detail]),
      record.requestSize,
      record.responseSize,
      record.finishReason,
      MOVED,
      record.byok,
      MOVED,
      record.resend === null ? null : [record.resend.query, record.resend.headers],
    ]),
  };
}

/** Bytes of the request's body, from what is beside the columns. */
export function requestSizeOf(rest: string): number {
  return ((JSON.parse(rest) as unknown[])[10] as number | null | undefined) ?? 0;
}

/** The inverse of flattenRecord. */
export function restoreRecord(columns: readonly ColumnValue[], rest: string): LogRecord {
  const more = JSON.parse(rest) as unknown[];
  const text = (name: LogColumn) => columns[COLUMN[name]] as string;
  const textOrNull = (name: LogColumn) => columns[COLUMN[name]] as string | null;
  const number = (name: LogColumn) => columns[COLUMN[name]] as number;
  const numberOrNull = (name: LogColumn) => columns[COLUMN[name]] as number | null;
  const metadata = textOrNull('metadata');
  return {
    id: text('id'),
    account: text('account'),
    gateway: text('gateway'),
    createdAt: number('createdAt'),
    eventId: text('eventId'),
    method: (columns[COLUMN.method] ?? more[0]) as string,
    provider: text('provider'),
    model: textOrNull('model'),
    modelRequested: (columns[COLUMN.modelRequested] ?? more[1]) as string | null,
    modelType: textOrNull('modelType'),
    path: text('path'),
    requestType: text('requestType'),
    requestContentType: textOrNull('requestContentType'),
    responseContentType: textOrNull('responseContentType'),
    statusCode: number('statusCode'),
    success: number('success') === 1,
    cached: number('cached') === 1,
    cacheStatus: more[2] as LogRecord['cacheStatus'],
    cacheKind: (columns[COLUMN.cacheKind] ??
      (number('cached') === 1 ? 'exact' : null)) as LogRecord['cacheKind'],
    cacheReason: (columns[COLUMN.cacheReason] ?? null) as string | null,
    rateLimited: number('rateLimited') === 1,
    streamed: columns[COLUMN.streamed] === 1 || more[3] === true,
    durationMs: number('durationMs'),
    firstByteMs: numberOrNull('firstByteMs'),
    overheadMs: (columns[COLUMN.overheadMs] ?? more[4]) as number | null,
    tokensPerSecond: (columns[COLUMN.tokensPerSecond] ?? more[5]) as number | null,
    usage: more[6] === null ? null : restoreUsage(more[6] as unknown[]),
    costNanos: numberOrNull('costNanos'),
    customCost: more[7] as boolean,
    savedNanos: numberOrNull('savedNanos'),
    savedMs: (columns[COLUMN.savedMs] ?? null) as number | null,
    metadata: metadata === null ? null : (JSON.parse(metadata) as NonNullable<LogRecord['metadata']>),
    step: number('step'),
    attempts: (more[8] as unknown[][]).map(restoreAttempt),
    decisions: (more[9] as unknown[][]).map(restoreDecision),
    userAgent: textOrNull('userAgent'),
    sessionId: textOrNull('sessionId'),
    requestSize: more[10] as number,
    responseSize: more[11] as number,
    finishReason: more[12] as string | null,
    errorType: textOrNull('errorType'),
    errorMessage: textOrNull('errorMessage'),
    outcome: (columns[COLUMN.outcome] ?? more[13]) as LogRecord['outcome'],
    authentication: number('authentication') === 1,
    byok: more[14] as boolean,
    tokenId: (columns[COLUMN.tokenId] ?? more[15]) as string | null,
    userId: (columns[COLUMN.userId] ?? null) as string | null,
    resend: restoreResend(more[16]),
  };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

/** Records of an older version have none. */
function restoreResend(value: unknown): LogRecord['resend'] {
  if (!Array.isArray(value)) return null;
  const [query, headers] = value as [string, readonly string[]];
  return { query, headers };
}

function flattenUsage(usage: Usage): unknown[] {
  return [
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    usage.cacheWrite1hTokens,
    usage.reasoningTokens,
    usage.audioInputTokens,
    usage.audioOutputTokens,
    usage.imageInputTokens,
    usage.imageOutputTokens,
    usage.totalTokens,
    usage.units,
    usage.reportedCostNanos,
    usage.estimated,
  ];
}

function restoreUsage(values: readonly unknown[]): Usage {
  const number = (index: number) => values[index] as number | null;
  return {
    inputTokens: number(0),
    outputTokens: number(1),
    cacheReadTokens: number(2),
    cacheWriteTokens: number(3),
    cacheWrite1hTokens: number(4),
    reasoningTokens: number(5),
    audioInputTokens: number(6),
    audioOutputTokens: number(7),
    imageInputTokens: number(8),
    imageOutputTokens: number(9),
    totalTokens: number(10),
    units: values[11] as Usage['units'],
    reportedCostNanos: number(12),
    estimated: values[13] as boolean,
  };
}

function flattenAttempt(line: AttemptLine): unknown[] {
  return [
    line.step,
    line.attempt,
    line.provider,
    line.model,
    line.startedMs,
    line.firstByteMs,
    line.durationMs,
    line.status,
    line.error,
    line.message,
    line.waitedMs,
  ];
}

function restoreAttempt(values: readonly unknown[]): AttemptLine {
  return {
    step: values[0] as number,
    attempt: values[1] as number,
    provider: values[2] as string,
    model: values[3] as string | null,
    startedMs: values[4] as number,
    firstByteMs: values[5] as number | null,
    durationMs: values[6] as number,
    status: values[7] as number | null,
    error: values[8] as string | null,
    message: values[9] as string | null,
    waitedMs: values[10] as number | null,
  };
}

function restoreDecision(values: readonly unknown[]): DecisionLine {
  return {
    stage: values[0] as DecisionLine['stage'],
    outcome: values[1] as string,
    rule: values[2] as string | null,
    detail: values[3] as string | null,
  };
}

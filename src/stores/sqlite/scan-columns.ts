import type { LogColumn } from '../../core/stores/log-columns.ts';
import { RECORD_COLUMN } from './logs-schema.ts';

/** `id` is text that never repeats, `metadata` a list of entries. */
export type ColumnKind = 'number' | 'text' | 'id' | 'metadata';

type Stored = Exclude<LogColumn, 'account' | 'gateway'>;

const KINDS = {
  id: 'id',
  createdAt: 'number',
  eventId: 'id',
  provider: 'text',
  model: 'text',
  modelType: 'text',
  path: 'text',
  requestType: 'text',
  requestContentType: 'text',
  responseContentType: 'text',
  statusCode: 'number',
  success: 'number',
  cached: 'number',
  rateLimited: 'number',
  durationMs: 'number',
  firstByteMs: 'number',
  inputTokens: 'number',
  outputTokens: 'number',
  totalTokens: 'number',
  cacheReadTokens: 'number',
  cacheWriteTokens: 'number',
  reasoningTokens: 'number',
  costNanos: 'number',
  savedNanos: 'number',
  metadata: 'metadata',
  step: 'number',
  userAgent: 'text',
  sessionId: 'text',
  errorType: 'text',
  errorMessage: 'text',
  authentication: 'number',
  modelRequested: 'text',
  tokenId: 'text',
  userId: 'text',
  cacheKind: 'text',
  overheadMs: 'number',
  tokensPerSecond: 'number',
  streamed: 'number',
  method: 'text',
  outcome: 'text',
  savedMs: 'number',
  cacheReason: 'text',
} as const satisfies Record<Stored, ColumnKind>;

type NamesOf<Kind extends ColumnKind> = {
  [Name in keyof typeof KINDS]: (typeof KINDS)[Name] extends Kind ? Name : never;
}[keyof typeof KINDS];

export type NumberColumn = NamesOf<'number'> | 'feedback' | 'score';
export type TextColumn = NamesOf<'text' | 'id'>;
export type ScanColumn = keyof typeof KINDS | 'feedback' | 'score';

/** Those that came when there were blocks already. */
const LATER: readonly Stored[] = ['savedMs', 'cacheReason'];

/** The order is that of the blocks on the disk: only ever extended at the end. */
export const SCAN_COLUMNS = [
  ...(Object.keys(KINDS) as Stored[]).filter((column) => !LATER.includes(column)),
  'feedback',
  'score',
  ...LATER,
] as const satisfies readonly ScanColumn[];

export function kindOf(column: ScanColumn): ColumnKind {
  return column === 'feedback' || column === 'score' ? 'number' : KINDS[column];
}

/** The column's name in `records`. */
export function recordColumn(column: ScanColumn): string {
  return column === 'feedback' || column === 'score' ? column : RECORD_COLUMN[column];
}

import { ADDITIVE_MEASURES } from '../stores/analytics.ts';
import { COLUMN, type ColumnValue, type LogColumn } from '../stores/log-columns.ts';

/** How many figures of a record add up, and how many are kept as histograms. */
export const SUMS = ADDITIVE_MEASURES.length;
export const DISTRIBUTIONS = ['durationMs', 'firstByteMs', 'overheadMs', 'tokensPerSecond'] as const;

/** Columns of a record that analytics read. */
export const FACT_COLUMNS = [
  'createdAt',
  'provider',
  'model',
  'path',
  'statusCode',
  'success',
  'cached',
  'cacheKind',
  'rateLimited',
  'errorType',
  'tokenId',
  'userId',
  'sessionId',
  'userAgent',
  'metadata',
  'durationMs',
  'firstByteMs',
  'overheadMs',
  'tokensPerSecond',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'reasoningTokens',
  'costNanos',
  'savedNanos',
  'savedMs',
] as const satisfies readonly LogColumn[];

/** What an aggregation takes of one record, or of many that have the same values. */
export interface Facts {
  readonly gateway: string;
  readonly createdAt: number;
  readonly provider: string;
  readonly model: string | null;
  readonly path: string;
  readonly statusCode: number;
  readonly success: boolean;
  readonly cached: boolean;
  readonly cacheKind: string | null;
  readonly rateLimited: boolean;
  readonly errorType: string | null;
  readonly tokenId: string | null;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly userAgent: string | null;
  /** JSON text. */
  readonly metadata: string | null;
  readonly durationMs: number;
  readonly costNanos: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

type Columns = readonly ColumnValue[];

/** The columns stand as LOG_COLUMNS says; those that analytics do not read may be missing. */
export function factsOf(gateway: string, columns: Columns): Facts {
  const cached = columns[COLUMN.cached] === 1;
  return {
    gateway,
    createdAt: columns[COLUMN.createdAt] as number,
    provider: columns[COLUMN.provider] as string,
    model: textOf(columns[COLUMN.model]),
    path: columns[COLUMN.path] as string,
    statusCode: columns[COLUMN.statusCode] as number,
    success: columns[COLUMN.success] === 1,
    cached,
    // Records of older versions know exact hits only, and do not say so.
    cacheKind: textOf(columns[COLUMN.cacheKind]) ?? (cached ? 'exact' : null),
    rateLimited: columns[COLUMN.rateLimited] === 1,
    errorType: textOf(columns[COLUMN.errorType]),
    tokenId: textOf(columns[COLUMN.tokenId]),
    userId: textOf(columns[COLUMN.userId]),
    sessionId: textOf(columns[COLUMN.sessionId]),
    userAgent: textOf(columns[COLUMN.userAgent]),
    metadata: textOf(columns[COLUMN.metadata]),
    durationMs: columns[COLUMN.durationMs] as number,
    costNanos: (columns[COLUMN.costNanos] ?? null) as number | null,
    inputTokens: (columns[COLUMN.inputTokens] ?? null) as number | null,
    outputTokens: (columns[COLUMN.outputTokens] ?? null) as number | null,
  };
}

/** Adds the figures of one record, in the order of ADDITIVE_MEASURES. */
export function addSums(into: Float64Array, columns: Columns): void {
  const cached = columns[COLUMN.cached] === 1;
  const input = columns[COLUMN.inputTokens] ?? null;
  const output = columns[COLUMN.outputTokens] ?? null;
  const isUnpriced = !cached && (columns[COLUMN.costNanos] ?? null) === null;
  into[0]! += 1;
  into[1]! += columns[COLUMN.success] === 1 ? 0 : 1;
  into[2]! += numberOf(columns[COLUMN.rateLimited]);
  into[3]! += cached ? 1 : 0;
  into[4]! += numberOf(input);
  into[5]! += numberOf(output);
  into[6]! += cached ? numberOf(input) : 0;
  into[7]! += cached ? numberOf(output) : 0;
  into[8]! += numberOf(columns[COLUMN.cacheReadTokens]);
  into[9]! += numberOf(columns[COLUMN.cacheWriteTokens]);
  into[10]! += numberOf(columns[COLUMN.reasoningTokens]);
  into[11]! += numberOf(columns[COLUMN.costNanos]);
  into[12]! += numberOf(columns[COLUMN.savedNanos]);
  into[13]! += isUnpriced && (input !== null || output !== null) ? 1 : 0;
  into[14]! += numberOf(columns[COLUMN.savedMs]);
}

/** One of DISTRIBUTIONS; null when it was not measured. */
export function measured(columns: Columns, distribution: number): number | null {
  return (columns[MEASURED[distribution]!] ?? null) as number | null;
}

const MEASURED = DISTRIBUTIONS.map((name) => COLUMN[name]);

function textOf(value: ColumnValue | undefined): string | null {
  return (value ?? null) as string | null;
}

function numberOf(value: ColumnValue | undefined): number {
  return (value ?? 0) as number;
}

/** Longest value that figures are broken down by; what is longer is cut. */
export const VALUE_LENGTH = 256;

/** A value as it stands in a group: the same text from a roll-up as from the record. */
export function groupText(value: string): string {
  const cut = value.length <= VALUE_LENGTH ? value : value.slice(0, VALUE_LENGTH);
  // Neither half a character nor a NUL would survive being stored.
  const whole = cut.isWellFormed() ? cut : cut.toWellFormed();
  return whole.includes('\u0000') ? whole.replaceAll('\u0000', '\ufffd') : whole;
}

/** Entries of the metadata as group values. */
export function metadataEntries(metadata: string | null): [key: string, value: string][] {
  if (metadata === null) return [];
  const parsed = JSON.parse(metadata) as Record<string, string | number | boolean>;
  return Object.entries(parsed).map(([key, value]) => [groupText(key), groupText(String(value))]);
}

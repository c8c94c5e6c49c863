import fc from 'fast-check';
import {
  ADDITIVE_MEASURES,
  type AdditiveMeasure,
  type AnalyticsQuery,
  type AnalyticsRow,
  DIMENSIONS,
  type Dimension,
  INTERVALS,
  type Interval,
  RECORD_DIMENSIONS,
} from '../../src/core/stores/analytics.ts';
import type { LogFilter, LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';

/** A little over two days, from the middle of an hour, so that every width has whole and broken buckets. */
export const FROM = Date.UTC(2026, 8, 21, 22, 37, 11, 250);
export const TO = FROM + 2 * 86_400_000 + 5_000_000;

const amount = fc.option(fc.nat(1e6), { nil: null });
const speed = fc.option(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { nil: null });
const text = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: null });

export const recordChange: fc.Arbitrary<Partial<LogRecord>> = fc
  .record({
    gateway: fc.constantFrom('one', 'two'),
    createdAt: fc.integer({ min: FROM, max: TO }),
    provider: fc.constantFrom('openai', 'anthropic'),
    model: text('small', 'Large', ''),
    path: fc.constantFrom('chat/completions', 'v1/messages'),
    statusCode: fc.constantFrom(200, 201, 429, 500),
    success: fc.boolean(),
    cacheKind: fc.constantFrom('exact' as const, 'shared' as const, null, null),
    rateLimited: fc.boolean(),
    errorType: text('overloaded_error', 'rate-limited'),
    durationMs: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
    firstByteMs: speed,
    overheadMs: speed,
    tokensPerSecond: speed,
    usage: fc.option(
      fc.tuple(amount, amount, amount, amount, amount).map(([input, output, read, write, reasoning]) => ({
        ...emptyUsage(),
        inputTokens: input,
        outputTokens: output,
        cacheReadTokens: read,
        cacheWriteTokens: write,
        reasoningTokens: reasoning,
      })),
      { nil: null },
    ),
    costNanos: amount,
    savedNanos: amount,
    savedMs: amount,
    cacheReason: text('gate-numbers', 'score'),
    tokenId: text('token-1', 'token-2'),
    userId: text('ann', 'bob', 'ünï'),
    userAgent: text('curl/8', `long ${'x'.repeat(400)}`),
    sessionId: text('s-1', 's-2'),
    metadata: fc.option(
      fc.record(
        { team: fc.constantFrom('search', 'ads', 7, true), 'a,b "c"': fc.constantFrom('x', '') },
        { requiredKeys: [] },
      ),
      { nil: null },
    ),
  })
  .map((change) => ({ ...change, cached: change.cacheKind !== null }));

const is = (key: string, operator: LogFilter['operator'], ...value: LogFilter['value']): LogFilter => ({
  key,
  operator,
  value,
});

/** Each with what it means, said a second time. */
export const FILTERS: readonly (readonly [LogFilter, (record: LogRecord) => boolean])[] = [
  [is('provider', 'eq', 'openai'), (record) => record.provider === 'openai'],
  [is('model', 'neq', 'small'), (record) => record.model !== 'small'],
  [is('model', 'eq', null), (record) => record.model === null],
  [is('model', 'contains', 'LAR'), (record) => record.model === 'Large'],
  [is('status_code', 'gt', 399), (record) => record.statusCode > 399],
  [is('status_code', 'eq', 200, 429), ({ statusCode }) => statusCode === 200 || statusCode === 429],
  [is('success', 'eq', false), (record) => !record.success],
  [is('cached', 'eq', true), (record) => record.cached],
  [is('rate_limited', 'neq', true), (record) => !record.rateLimited],
  [is('error_type', 'contains', '_'), (record) => record.errorType === 'overloaded_error'],
  [is('user_agent', 'eq', 'curl/8'), (record) => record.userAgent === 'curl/8'],
  [is('cache_reason', 'eq', 'gate-numbers'), (record) => record.cacheReason === 'gate-numbers'],
  [is('tokens_in', 'gt', 500_000), (record) => (record.usage?.inputTokens ?? 0) > 500_000],
  [is('metadata.key', 'eq', 'team'), (record) => Object.hasOwn(record.metadata ?? {}, 'team')],
];

const GROUPED_BY: readonly Dimension[] = [
  ...DIMENSIONS,
  ...RECORD_DIMENSIONS,
  'metadata:team',
  'metadata:a,b "c"',
];

const time = fc.oneof(
  fc.integer({ min: FROM - 1000, max: TO + 1000 }),
  // Also times at which buckets begin and end.
  fc.integer({ min: FROM - 1000, max: TO + 1000 }).map((at) => at - (at % 3_600_000)),
  fc.constantFrom(FROM - (FROM % 86_400_000), TO + 86_400_000),
);

export const queryOf: fc.Arbitrary<{ query: AnalyticsQuery; holds: (record: LogRecord) => boolean }> = fc
  .record({
    gateways: fc.constantFrom(null, null, ['one'], ['two', 'absent']),
    times: fc.tuple(time, time),
    interval: fc.constantFrom(null, ...(Object.keys(INTERVALS) as Interval[])),
    groupBy: fc.uniqueArray(fc.constantFrom(...GROUPED_BY), { maxLength: 2 }),
    filters: fc.uniqueArray(fc.constantFrom(...FILTERS), { maxLength: 2 }),
    top: fc.option(
      fc.record({ by: fc.constantFrom(...ADDITIVE_MEASURES), limit: fc.integer({ min: 1, max: 3 }) }),
      {
        nil: null,
      },
    ),
  })
  .map(({ times, filters, ...rest }) => ({
    query: {
      account: 'local',
      from: Math.min(...times),
      to: Math.max(...times) + 1,
      filters: filters.map(([filter]) => filter),
      ...rest,
    },
    holds: (record) => filters.every(([, holds]) => holds(record)),
  }));

/** What the contract says, computed in the plainest way: `exact` holds every value behind a row's quantiles. */
export function expectedRows(
  records: readonly LogRecord[],
  { query, holds }: { readonly query: AnalyticsQuery; readonly holds: (record: LogRecord) => boolean },
): Map<string, Record<AdditiveMeasure, number> & { durations: number[]; speeds: number[] }> {
  const rows = new Map<string, Record<AdditiveMeasure, number> & { durations: number[]; speeds: number[] }>();
  for (const record of records) {
    if (record.account !== query.account || query.gateways?.includes(record.gateway) === false) continue;
    if (record.createdAt < query.from || record.createdAt >= query.to || !holds(record)) continue;
    const width = query.interval === null ? null : INTERVALS[query.interval];
    const bucket = width === null ? null : Math.floor(record.createdAt / width) * width;
    for (const group of groupsOf(record, query.groupBy)) {
      const key = JSON.stringify([bucket, group]);
      const row = rows.get(key) ?? emptyRow();
      rows.set(key, row);
      const { usage } = record;
      const used = usage !== null && (usage.inputTokens !== null || usage.outputTokens !== null);
      row.requests += 1;
      row.errors += record.success ? 0 : 1;
      row.rateLimited += record.rateLimited ? 1 : 0;
      row.cachedRequests += record.cached ? 1 : 0;
      row.inputTokens += usage?.inputTokens ?? 0;
      row.outputTokens += usage?.outputTokens ?? 0;
      row.cachedInputTokens += record.cached ? (usage?.inputTokens ?? 0) : 0;
      row.cachedOutputTokens += record.cached ? (usage?.outputTokens ?? 0) : 0;
      row.cacheReadTokens += usage?.cacheReadTokens ?? 0;
      row.cacheWriteTokens += usage?.cacheWriteTokens ?? 0;
      row.reasoningTokens += usage?.reasoningTokens ?? 0;
      row.costNanos += record.costNanos ?? 0;
      row.savedNanos += record.savedNanos ?? 0;
      row.savedMs += record.savedMs ?? 0;
      row.unpricedRequests += used && record.costNanos === null && !record.cached ? 1 : 0;
      row.durations.push(record.durationMs);
      if (record.tokensPerSecond !== null) row.speeds.push(record.tokensPerSecond);
    }
  }
  if (rows.size === 0 && query.interval === null && query.groupBy.length === 0)
    rows.set('[null,[]]', emptyRow());
  return rows;
}

function emptyRow() {
  const zeros = Object.fromEntries(ADDITIVE_MEASURES.map((name) => [name, 0])) as Record<
    AdditiveMeasure,
    number
  >;
  return { ...zeros, durations: [] as number[], speeds: [] as number[] };
}

function groupsOf(record: LogRecord, groupBy: readonly Dimension[]): string[][] {
  const metadata = Object.entries(record.metadata ?? {});
  const values: Readonly<Record<string, string | null>> = {
    gateway: record.gateway,
    provider: record.provider,
    model: record.model,
    path: record.path,
    status_code: `${record.statusCode}`,
    status_class: `${`${record.statusCode}`[0]}xx`,
    error_type: record.errorType,
    cache_kind: record.cacheKind,
    cached: `${record.cached}`,
    rate_limited: `${record.rateLimited}`,
    token_id: record.tokenId,
    user_id: record.userId,
    session_id: record.sessionId,
    user_agent: record.userAgent?.slice(0, 256) ?? null,
    duration_ms: `${record.durationMs}`,
    cost_nanos: record.costNanos === null ? '' : `${record.costNanos}`,
    tokens_in: `${record.usage?.inputTokens ?? ''}`,
    tokens_out: `${record.usage?.outputTokens ?? ''}`,
    metadata: record.metadata === null ? '' : JSON.stringify(record.metadata),
  };
  let groups: string[][] = [[]];
  for (const dimension of groupBy) {
    const ofKey = metadata.filter(([key]) => `metadata:${key}` === dimension).map(([, value]) => `${value}`);
    const all =
      dimension === 'metadata_key'
        ? metadata.map(([key]) => key)
        : dimension.startsWith('metadata:')
          ? ofKey
          : [values[dimension] ?? ''];
    groups = groups.flatMap((group) => (all.length === 0 ? [''] : all).map((value) => [...group, value]));
  }
  return groups;
}

/** Rows by bucket and group, as `expectedRows` has them. */
export function byKey(rows: readonly AnalyticsRow[]): Map<string, AnalyticsRow> {
  return new Map(rows.map((row) => [JSON.stringify([row.bucket, row.group]), row]));
}

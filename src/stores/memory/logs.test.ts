import { expect, test } from 'vitest';
import type { LogFilter, LogQuery, LogRecord } from '../../core/stores/logs.ts';
import { emptyUsage } from '../../core/usage.ts';
import { MemoryLogStore } from './logs.ts';

function record(id: string, change: Partial<LogRecord> = {}): LogRecord {
  return {
    id,
    account: 'local',
    gateway: 'g',
    createdAt: 1000,
    eventId: 'e',
    method: 'POST',
    provider: 'openai',
    model: 'm',
    modelRequested: 'm',
    modelType: 'chat',
    path: 'chat/completions',
    requestType: 'native',
    requestContentType: 'application/json',
    responseContentType: 'application/json',
    statusCode: 200,
    success: true,
    cached: false,
    cacheStatus: null,
    cacheKind: null,
    cacheReason: null,
    rateLimited: false,
    streamed: false,
    durationMs: 10,
    firstByteMs: 5,
    overheadMs: 1,
    tokensPerSecond: null,
    usage: { ...emptyUsage(), inputTokens: 2, outputTokens: 3 },
    costNanos: 1_000_000_000,
    customCost: false,
    savedNanos: null,
    savedMs: null,
    metadata: { team: 'search', seats: 3 },
    step: 0,
    attempts: [],
    decisions: [],
    userAgent: null,
    sessionId: null,
    requestSize: 1,
    responseSize: 1,
    finishReason: null,
    errorType: null,
    errorMessage: null,
    outcome: 'complete',
    authentication: true,
    byok: false,
    tokenId: null,
    userId: null,
    resend: null,
    ...change,
  };
}

const query = (change: Partial<LogQuery> = {}): LogQuery => ({
  account: 'local',
  gateway: 'g',
  filters: [],
  search: null,
  from: null,
  to: null,
  orderBy: 'created_at',
  direction: 'asc',
  limit: 100,
  offset: 0,
  after: null,
  withRanges: false,
  ...change,
});

function filled(): MemoryLogStore {
  const store = new MemoryLogStore();
  store.append(record('a'), null);
  store.append(record('b', { createdAt: 2000, provider: 'anthropic', model: null, costNanos: null }), null);
  store.append(record('c', { createdAt: 2000, gateway: 'other' }), null);
  store.append(record('d', { createdAt: 2000, success: false, metadata: null, usage: null }), null);
  return store;
}

const filter = (key: string, operator: LogFilter['operator'], ...value: LogFilter['value']): LogFilter => ({
  key,
  operator,
  value,
});

test.each<[LogFilter[], string]>([
  [[], 'abd'],
  [[filter('provider', 'eq', 'openai', 'groq')], 'ad'],
  [[filter('provider', 'neq', 'openai')], 'b'],
  [[filter('model', 'eq', null)], 'b'],
  [[filter('model', 'neq', 'm')], 'b'],
  [[filter('cost', 'gt', 0.5)], 'ad'],
  [[filter('cost', 'lt', '0.5')], ''],
  [[filter('success', 'eq', 'false')], 'd'],
  [[filter('created_at', 'gt', new Date(1000).toISOString())], 'bd'],
  [[filter('tokens', 'eq', 5)], 'ab'],
  [[filter('metadata.value', 'gt', 2)], 'ab'],
  [[filter('metadata.key', 'neq', 'team')], 'd'],
  [[filter('provider', 'contains', 'OPEN'), filter('success', 'eq', true)], 'a'],
])('%j selects %s', async (filters, expected) => {
  const { rows, totalCount } = await filled().list(query({ filters }));
  expect(rows.map((row) => row.id).join('')).toBe(expected);
  expect(totalCount).toBe(expected.length);
});

test('the same id is stored once; other gateways’ rows are not there', async () => {
  const store = filled();
  store.append(record('a', { provider: 'late' }), null);
  expect((await store.find('local', 'g', 'a'))?.provider).toBe('openai');
  expect(await store.find('local', 'g', 'c')).toBeNull();
  expect(await store.patch('local', 'g', 'c', { feedback: 1 })).toBe(false);
});

test('ranges span the whole match; deleting keeps to its order and limit', async () => {
  const store = filled();
  const { ranges } = await store.list(query({ limit: 1, withRanges: true }));
  expect(ranges).toMatchObject({ cost: [1_000_000_000, 1_000_000_000], totalTokens: [5, 5] });
  expect(await store.delete(query({ direction: 'desc', limit: 1 }))).toBe(1);
  expect((await store.list(query())).rows.map((row) => row.id)).toEqual(['a', 'b']);
  expect(await store.delete({ ...query(), limit: null })).toBe(2);
});

test('an unknown field or direction is refused, also when nothing would match', async () => {
  const store = new MemoryLogStore();
  await expect(store.list(query({ orderBy: 'constructor' }))).rejects.toThrow(RangeError);
  await expect(store.list(query({ filters: [filter('sql', 'eq', 1)] }))).rejects.toThrow(RangeError);
});

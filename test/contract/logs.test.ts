import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogFilter, LogPage, LogPosition, LogRecord } from '../../src/core/stores/logs.ts';
import { emptyUsage } from '../../src/core/usage.ts';
import { aQuery, aRecord, bodiesOf, openTestLogs, type TestLogs } from './logs-fixtures.ts';

let folder: string;
let logs: TestLogs;
const START = Date.UTC(2026, 9, 1);
const records: LogRecord[] = [
  aRecord({ createdAt: START, provider: 'openai', model: 'gpt-4o', costNanos: 5_000_000 }),
  aRecord({
    createdAt: START + 1,
    provider: 'anthropic',
    model: 'claude',
    costNanos: null,
    usage: null,
    metadata: null,
    success: false,
    statusCode: 529,
    errorType: 'overloaded_error',
    errorMessage: 'Overloaded: 100% busy',
    firstByteMs: null,
    userAgent: null,
  }),
  aRecord({
    createdAt: START + 2,
    provider: 'openai',
    model: null,
    cached: true,
    cacheStatus: 'HIT',
    costNanos: 0,
    savedNanos: 7,
    durationMs: 2,
    metadata: { team: "o'neil", 'user_id"': 'x' },
    sessionId: 's-1',
    step: 1,
    usage: { ...emptyUsage(), inputTokens: 5, units: { images: 2 }, estimated: true },
  }),
  aRecord({
    createdAt: START + 2,
    provider: 'groq',
    model: '100%_sure',
    rateLimited: true,
    statusCode: 429,
    success: false,
    modelType: null,
    authentication: false,
    durationMs: 9000,
    requestContentType: null,
    responseContentType: 'text/event-stream',
    attempts: [],
    decisions: [],
  }),
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-logs-'));
  logs = openTestLogs(folder);
  for (const record of records) logs.sink.append(record, null);
  logs.sink.append(aRecord({ gateway: 'other', createdAt: START }), null);
  logs.sink.append(aRecord({ account: 'foreign', createdAt: START }), null);
});
afterAll(async () => {
  await logs.close();
  rmSync(folder, { recursive: true, force: true });
});

async function matching(...filters: LogFilter[]): Promise<number[]> {
  const page = await logs.store.list(aQuery({ filters, direction: 'asc' }));
  expect(page.totalCount).toBe(page.rows.length);
  return page.rows.map((row) => records.findIndex((record) => record.id === row.id)).sort();
}
const filter = (
  key: string,
  operator: LogFilter['operator'],
  ...value: LogFilter['value'][number][]
): LogFilter => ({ key, operator, value });

test('a record comes back as it went in, every field of it', async () => {
  for (const record of records) {
    const row = await logs.store.find('local', 'main', record.id);
    expect(row).toEqual({ ...record, feedback: null, score: null, promptPreview: null });
  }
});

test('a record of another gateway or account is not there', async () => {
  const { id } = records[0]!;
  expect(await logs.store.find('local', 'other', id)).toBeNull();
  expect(await logs.store.find('foreign', 'main', id)).toBeNull();
  expect(await logs.store.body('local', 'other', id, 'request')).toBeNull();
  expect(await logs.store.patch('local', 'other', id, { feedback: 1 })).toBe(false);
  expect((await logs.store.list(aQuery({ gateway: 'none' }))).totalCount).toBe(0);
});

test.each<[string, LogFilter[], number[]]>([
  ['id eq', [filter('id', 'eq', records[1]!.id)], [1]],
  ['provider eq', [filter('provider', 'eq', 'openai')], [0, 2]],
  ['provider eq any', [filter('provider', 'eq', 'groq', 'anthropic')], [1, 3]],
  ['provider neq none of', [filter('provider', 'neq', 'groq', 'anthropic')], [0, 2]],
  ['model neq keeps the unknown', [filter('model', 'neq', 'gpt-4o')], [1, 2, 3]],
  ['model eq null', [filter('model', 'eq', null)], [2]],
  ['model neq null', [filter('model', 'neq', null)], [0, 1, 3]],
  ['model contains, signs of patterns literally', [filter('model', 'contains', '0%_s')], [3]],
  ['model contains, any case', [filter('model', 'contains', 'GPT')], [0]],
  ['created_at gt', [filter('created_at', 'gt', START + 1)], [2, 3]],
  ['created_at as text', [filter('created_at', 'lt', new Date(START + 1).toISOString())], [0]],
  ['created_at as text of a number', [filter('created_at', 'eq', String(START))], [0]],
  ['success', [filter('success', 'eq', true)], [0, 2]],
  ['success as text', [filter('success', 'eq', 'false')], [1, 3]],
  ['cached', [filter('cached', 'neq', true)], [0, 1, 3]],
  ['cost in USD', [filter('cost', 'gt', 0.004)], [0]],
  ['cost eq 0 is not unknown', [filter('cost', 'eq', 0)], [2]],
  ['cost lt leaves the unknown out', [filter('cost', 'lt', '1')], [0, 2, 3]],
  ['tokens', [filter('tokens', 'eq', 238)], [0, 3]],
  ['tokens_in', [filter('tokens_in', 'lt', 6)], [2]],
  ['tokens_out', [filter('tokens_out', 'eq', null)], [1, 2]],
  ['duration', [filter('duration', 'gt', 1000)], [3]],
  ['status_code', [filter('status_code', 'contains', '29')], [1, 3]],
  ['session_id', [filter('session_id', 'eq', 's-1')], [2]],
  ['step', [filter('step', 'eq', 1)], [2]],
  ['rate_limited', [filter('rate_limited', 'eq', 1)], [3]],
  ['error_type', [filter('error_type', 'contains', 'overload')], [1]],
  ['user_agent', [filter('user_agent', 'neq', 'OpenAI/JS 6.49.0')], [1]],
  ['authentication', [filter('authentication', 'eq', false)], [3]],
  ['request_content_type', [filter('request_content_type', 'eq', 'application/json')], [0, 1, 2]],
  ['response_content_type', [filter('response_content_type', 'contains', 'event')], [3]],
  ['request_type', [filter('request_type', 'eq', 'native')], [0, 1, 2, 3]],
  ['model_type', [filter('model_type', 'neq', 'chat')], [3]],
  ['event_id', [filter('event_id', 'eq', 'event-2')], []],
  ['feedback', [filter('feedback', 'eq', null)], [0, 1, 2, 3]],
  ['metadata.key', [filter('metadata.key', 'eq', 'user')], [0, 3]],
  ['metadata.key neq', [filter('metadata.key', 'neq', 'user')], [1, 2]],
  ['metadata.value text', [filter('metadata.value', 'eq', "o'neil")], [2]],
  ['metadata.value boolean', [filter('metadata.value', 'eq', true)], [0, 3]],
  ['metadata.value number', [filter('metadata.value', 'gt', 2)], [0, 3]],
  ['metadata.value and key of one entry', [filter('metadata:team', 'eq', "o'neil")], [2]],
  ['metadata:key is not the value of another key', [filter('metadata:team', 'eq', 'x')], []],
  ['metadata:key boolean', [filter('metadata:paid', 'eq', true)], [0, 3]],
  ['metadata:key number', [filter('metadata:seats', 'gt', '2')], [0, 3]],
  ['metadata:key contains', [filter('metadata:user', 'contains', 'U-1')], [0, 3]],
  ['metadata:key without it', [filter('metadata:team', 'eq', null)], [0, 1, 3]],
  ['metadata:key with it', [filter('metadata:team', 'neq', null)], [2]],
  ['metadata:key neq keeps those without it', [filter('metadata:team', 'neq', 'x')], [0, 1, 2, 3]],
  ['status_class', [filter('status_class', 'eq', 4, 5)], [1, 3]],
  ['token_id', [filter('token_id', 'eq', 'token-1')], [0, 1, 2, 3]],
  ['user_id', [filter('user_id', 'contains', '17')], [0, 1, 2, 3]],
  ['cache_kind', [filter('cache_kind', 'eq', 'exact')], [2]],
  ['model_requested', [filter('model_requested', 'eq', 'gpt-4o-mini')], [0, 1, 2, 3]],
  ['streamed', [filter('streamed', 'eq', true)], []],
  ['outcome', [filter('outcome', 'neq', 'complete')], []],
  ['ttfb', [filter('ttfb', 'eq', null)], [1]],
  ['ttfb lt', [filter('ttfb', 'lt', 411)], [0, 2, 3]],
  ['path', [filter('path', 'contains', 'completions')], [0, 1, 2, 3]],
  ['method', [filter('method', 'eq', 'GET')], []],
  ['wholesale', [filter('wholesale', 'eq', false)], [0, 1, 2, 3]],
  ['compatibilityMode', [filter('compatibilityMode', 'eq', true)], []],
  ['dlp_action', [filter('dlp_action', 'eq', 'BLOCK')], []],
  ['dlp_action neq', [filter('dlp_action', 'neq', 'BLOCK')], [0, 1, 2, 3]],
  ['all of several', [filter('provider', 'eq', 'openai'), filter('cached', 'eq', true)], [2]],
  ['no number where one is due matches nothing', [filter('cost', 'lt', 'cheap')], []],
  ['no value matches nothing', [filter('provider', 'eq')], []],
])('filter: %s', async (_name, filters, expected) => {
  expect(await matching(...filters)).toEqual(expected);
});

test('search looks at ids, models, metadata, errors and takes signs of patterns literally', async () => {
  const found = async (search: string) => (await logs.store.list(aQuery({ search }))).totalCount;
  expect(await found("o'neil")).toBe(1);
  expect(await found('100%')).toBe(2);
  expect(await found('100%_s')).toBe(1);
  expect(await found('OVERLOADED')).toBe(1);
  expect(await found(records[0]!.id)).toBe(1);
  expect(await found('')).toBe(4);
});

test('pages are cut in a total order, the id deciding between equals', async () => {
  for (const orderBy of ['created_at', 'provider', 'model', 'cost', 'tokens_in', 'tokens_out', 'duration']) {
    const all = await logs.store.list(aQuery({ orderBy, direction: 'asc' }));
    const reverse = await logs.store.list(aQuery({ orderBy, direction: 'desc' }));
    expect(reverse.rows.map((row) => row.id)).toEqual(all.rows.map((row) => row.id).reverse());
    const pages = [];
    for (let offset = 0; offset < 4; offset++) {
      const page = await logs.store.list(aQuery({ orderBy, direction: 'asc', limit: 1, offset }));
      expect(page.totalCount).toBe(4);
      pages.push(page.rows[0]!.id);
    }
    expect(pages).toEqual(all.rows.map((row) => row.id));
  }
});

test('pages follow each other by their last place, in every order', async () => {
  for (const orderBy of [
    'created_at',
    'provider',
    'model',
    'model_type',
    'success',
    'cached',
    'cost',
    'feedback',
  ]) {
    for (const direction of ['asc', 'desc'] as const) {
      const all = await logs.store.list(aQuery({ orderBy, direction }));
      expect(all.next).toBeNull();
      const pages: string[] = [];
      let after: LogPosition | null = null;
      do {
        const page: LogPage = await logs.store.list(aQuery({ orderBy, direction, limit: 1, after }));
        expect(page.totalCount).toBe(4);
        pages.push(...page.rows.map((row) => row.id));
        after = page.next;
      } while (after !== null);
      expect(pages).toEqual(all.rows.map((row) => row.id));
    }
  }
});

test('a span of time has its beginning and not its end', async () => {
  const within = async (from: number | null, to: number | null) =>
    (await logs.store.list(aQuery({ from, to }))).totalCount;
  expect(await within(START + 1, START + 2)).toBe(1);
  expect(await within(START + 1, null)).toBe(3);
  expect(await within(null, START + 1)).toBe(1);
  expect(await within(START + 2, START + 1)).toBe(0);
});

test('ranges span the whole match, not the page', async () => {
  const page = await logs.store.list(aQuery({ limit: 1, withRanges: true }));
  expect(page.ranges).toEqual({
    cost: [0, 5_000_000],
    duration: [2, 9000],
    tokensIn: [5, 210],
    tokensOut: [28, 28],
    totalTokens: [5, 238],
  });
  const none = await logs.store.list(aQuery({ search: 'nowhere', withRanges: true }));
  expect(none.ranges?.cost).toEqual([null, null]);
});

test.each(["id' OR 1=1 --", 'rest', 'seq', '__proto__', 'constructor', 'created_at; DROP TABLE records'])(
  'a key or order that is not on the list is refused: %s',
  async (word) => {
    await expect(logs.store.list(aQuery({ filters: [filter(word, 'eq', 1)] }))).rejects.toThrow(RangeError);
    await expect(logs.store.list(aQuery({ orderBy: word }))).rejects.toThrow(RangeError);
    await expect(logs.store.list(aQuery({ direction: word as unknown as 'asc' }))).rejects.toThrow(
      RangeError,
    );
    await expect(
      logs.store.delete({ ...aQuery({ filters: [filter(word, 'eq', 1)] }), limit: null }),
    ).rejects.toThrow(RangeError);
  },
);

test('values are data and nothing else', async () => {
  const hostile = ["' OR 1=1 --", '"; DROP TABLE records; --', "%' OR '1'='1", '\\', '?1', '\u0000'];
  for (const value of hostile) {
    for (const key of ['id', 'provider', 'cost', 'created_at', 'metadata.key', 'metadata.value']) {
      for (const operator of ['eq', 'contains', 'lt', 'gt'] as const) {
        const rows = await matching(filter(key, operator, value));
        if (operator === 'eq' || operator === 'contains') expect(rows).toEqual([]);
      }
    }
  }
  expect((await logs.store.list(aQuery())).totalCount).toBe(4);
});

test('the same id is stored once, whoever sends it again', async () => {
  const record = aRecord({ gateway: 'twice' });
  logs.sink.append(record, bodiesOf('first', 'first'));
  logs.sink.append(record, bodiesOf('second', 'second'));
  expect((await logs.store.list(aQuery({ gateway: 'twice' }))).totalCount).toBe(1);
  expect((await logs.store.body('local', 'twice', record.id, 'request'))?.bytes.toString()).toBe('first');
});

test('feedback, score and metadata can be changed, each for itself', async () => {
  const record = aRecord({ gateway: 'patched' });
  logs.sink.append(record, null);
  const patch = (change: Parameters<typeof logs.store.patch>[3]) =>
    logs.store.patch('local', 'patched', record.id, change);
  expect(await patch({ feedback: -1, score: 0.5 })).toBe(true);
  expect(await patch({ metadata: { team: 'a' } })).toBe(true);
  const row = await logs.store.find('local', 'patched', record.id);
  expect(row).toMatchObject({ feedback: -1, score: 0.5, metadata: { team: 'a' } });
  expect(await patch({ feedback: null, metadata: null })).toBe(true);
  const again = await logs.store.find('local', 'patched', record.id);
  expect(again).toMatchObject({ feedback: null, score: 0.5, metadata: null });
  expect(await patch({})).toBe(true);
  expect(await logs.store.patch('local', 'patched', 'nobody', {})).toBe(false);
});

test('bodies come back byte for byte, small, large and empty, with what is known of them', async () => {
  const large = Buffer.alloc(300_000, 'pattern ');
  const record = aRecord({ gateway: 'bodies' });
  logs.sink.append(record, {
    request: [large.subarray(0, 70_000), large.subarray(70_000)],
    response: [Buffer.from('gzip me')],
    requestTruncated: true,
    responseTruncated: false,
    requestEncoding: '',
    responseEncoding: 'gzip',
  });
  const empty = aRecord({ gateway: 'bodies' });
  logs.sink.append(empty, bodiesOf('', null));
  const request = await logs.store.body('local', 'bodies', record.id, 'request');
  expect(request?.bytes.equals(large)).toBe(true);
  expect(request).toMatchObject({ truncated: true, encoding: '', contentType: 'application/json' });
  const response = await logs.store.body('local', 'bodies', record.id, 'response');
  expect(response).toMatchObject({ truncated: false, encoding: 'gzip' });
  expect(response?.bytes.toString()).toBe('gzip me');
  expect((await logs.store.body('local', 'bodies', empty.id, 'request'))?.bytes.length).toBe(0);
  expect(await logs.store.body('local', 'bodies', empty.id, 'response')).toBeNull();
});

test('a deletion removes what its filters match, no more than its limit, in its order', async () => {
  const at = (index: number) => START + index;
  for (let index = 0; index < 1300; index++) {
    logs.sink.append(
      aRecord({ gateway: 'emptied', createdAt: at(index), model: index % 2 === 0 ? 'even' : 'odd' }),
      null,
    );
  }
  const selection = (change: object) => ({ ...aQuery({ gateway: 'emptied', ...change }), limit: null });
  const left = async () => (await logs.store.list(aQuery({ gateway: 'emptied', limit: 1 }))).totalCount;
  expect(await logs.store.delete({ ...selection({ direction: 'asc' }), limit: 3 })).toBe(3);
  const oldest = await logs.store.list(aQuery({ gateway: 'emptied', direction: 'asc', limit: 1 }));
  expect(oldest.rows[0]?.createdAt).toBe(at(3));
  expect(await logs.store.delete(selection({ filters: [filter('model', 'eq', 'odd')] }))).toBe(649);
  expect(await left()).toBe(648);
  expect(await logs.store.delete(selection({}))).toBe(648);
  expect(await left()).toBe(0);
  expect(await logs.store.delete(selection({}))).toBe(0);
});

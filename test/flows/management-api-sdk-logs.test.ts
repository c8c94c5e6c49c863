import Cloudflare from 'cloudflare';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

/** The official SDK, of which only the base URL and the token are ours. */
let api: Api;
let client: Cloudflare;
const account_id = ACCOUNT;
const gateway_id = 'g';

beforeAll(async () => {
  api = await startApi();
  client = api.client();
  await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id: gateway_id });
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  await client.aiGateway.logs.delete(gateway_id, { account_id });
});

test('a row has the fields of the hosted API, in its units', async () => {
  const record = api.record();
  const [row] = await Array.fromAsync(client.aiGateway.logs.list(gateway_id, { account_id }));
  expect(row).toMatchObject({
    id: record.id,
    created_at: new Date(record.createdAt).toISOString(),
    provider: 'openai',
    model: 'gpt-4o-mini',
    model_type: 'chat',
    path: 'chat/completions',
    request_type: 'native',
    status_code: 200,
    success: true,
    cached: false,
    duration: 812,
    tokens_in: 12,
    tokens_out: 30,
    cost: 0.0000198,
    custom_cost: false,
    metadata: { team: 'search', paid: true },
    step: 0,
    event_id: 'event-1',
    usage_metadata: { input_tokens: 12, output_tokens: 30, total_tokens: 42, input_cached_tokens: 4 },
    timings: { total: 812.4, latency: 401.2 },
    attempts: [{ attempt: 1, status_code: 200 }],
    finish_reason: 'stop',
  });
});

test('the SDK’s own filters select: several values are alternatives, several filters all hold', async () => {
  api.record({ provider: 'openai', costNanos: 200_000_000 });
  api.record({ provider: 'anthropic', costNanos: 300_000_000 });
  api.record({ provider: 'anthropic', costNanos: 100_000_000 });
  api.record({ provider: 'workers-ai', costNanos: 900_000_000 });
  const found = await Array.fromAsync(
    client.aiGateway.logs.list(gateway_id, {
      account_id,
      order_by: 'provider',
      order_by_direction: 'asc',
      filters: [
        { key: 'provider', operator: 'eq', value: ['openai', 'anthropic'] },
        { key: 'cost', operator: 'gt', value: [0.1] },
      ],
    }),
  );
  expect(found.map((row) => row.provider)).toEqual(['anthropic', 'openai']);
});

test('the deprecated flat parameters select too, with inclusive bounds', async () => {
  const record = api.record({ success: false, costNanos: 5_000 });
  const when = new Date(record.createdAt).toISOString();
  const count = async (query: object): Promise<number> =>
    (await Array.fromAsync(client.aiGateway.logs.list(gateway_id, { account_id, ...query }))).length;
  expect(await count({ success: false, cached: false })).toBe(1);
  expect(await count({ success: true })).toBe(0);
  expect(await count({ start_date: when, end_date: when })).toBe(1);
  expect(await count({ start_date: new Date(record.createdAt + 1).toISOString() })).toBe(0);
  expect(await count({ min_cost: 0.000005, max_cost: 0.000005 })).toBe(1);
  expect(await count({ min_cost: 0.000006 })).toBe(0);
  expect(await count({ min_tokens_in: 12, max_tokens_out: 30, min_total_tokens: 42 })).toBe(1);
  expect(await count({ max_duration: 812 })).toBe(0);
  expect(await count({ search: 'GPT-4O' })).toBe(1);
});

test('meta_info adds the ranges of the whole match', async () => {
  api.record({ durationMs: 10, costNanos: 1_000_000_000 });
  api.record({ durationMs: 30, costNanos: null, usage: null });
  const page = await client.aiGateway.logs.list(gateway_id, { account_id, meta_info: true, per_page: 1 });
  expect(page.result_info).toEqual({
    page: 1,
    per_page: 1,
    count: 1,
    total_count: 2,
    cursor: expect.any(String),
    min_cost: 1,
    max_cost: 1,
    min_duration: 10,
    max_duration: 30,
    min_tokens_in: 12,
    max_tokens_in: 12,
    min_tokens_out: 30,
    max_tokens_out: 30,
    min_total_tokens: 42,
    max_total_tokens: 42,
  });
});

test('get, request and response: heads in the detail, bodies without envelope', async () => {
  const { id } = api.record(
    {},
    { request: [Buffer.from('{"model":'), Buffer.from('"m"}')], response: [Buffer.from('{"id":"x"}')] },
  );
  const detail = await client.aiGateway.logs.get(id, { account_id, gateway_id });
  expect(detail).toMatchObject({
    id,
    request_head: '{"model":"m"}',
    request_head_complete: true,
    response_head: '{"id":"x"}',
    response_head_complete: true,
    request_size: 120,
  });
  expect(await client.aiGateway.logs.request(id, { account_id, gateway_id })).toEqual({ model: 'm' });
  expect(await client.aiGateway.logs.response(id, { account_id, gateway_id })).toEqual({ id: 'x' });
});

test('a log or a body that is not there is a 404 with code 7002', async () => {
  const { id } = api.record();
  const missing = '01890000-0000-7000-8000-000000000000';
  for (const lookUp of [
    client.aiGateway.logs.get(missing, { account_id, gateway_id }),
    client.aiGateway.logs.get('not-an-id', { account_id, gateway_id }),
    client.aiGateway.logs.request(id, { account_id, gateway_id }),
  ]) {
    const error = await lookUp.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Cloudflare.NotFoundError);
    expect((error as InstanceType<typeof Cloudflare.NotFoundError>).errors[0]?.code).toBe(7002);
  }
});

test('edit sets feedback, score and metadata, and takes them away again', async () => {
  const { id } = api.record();
  await client.aiGateway.logs.edit(id, {
    account_id,
    gateway_id,
    feedback: 1,
    score: 80,
    metadata: { a: 'b' },
  });
  expect(await client.aiGateway.logs.get(id, { account_id, gateway_id })).toMatchObject({
    feedback: 1,
    score: 80,
    metadata: { a: 'b' },
  });
  await client.aiGateway.logs.edit(id, { account_id, gateway_id, feedback: null, metadata: null });
  expect(await client.aiGateway.logs.get(id, { account_id, gateway_id })).toMatchObject({
    feedback: null,
    score: 80,
    metadata: null,
  });
});

test('delete removes what matches and nothing else', async () => {
  api.record({ provider: 'openai' });
  const kept = api.record({ provider: 'anthropic' });
  const answer = await client.aiGateway.logs.delete(gateway_id, {
    account_id,
    filters: [{ key: 'provider', operator: 'eq', value: ['openai'] }],
  });
  expect(answer.success).toBe(true);
  expect(
    (await Array.fromAsync(client.aiGateway.logs.list(gateway_id, { account_id }))).map((row) => row.id),
  ).toEqual([kept.id]);
});

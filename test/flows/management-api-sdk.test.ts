import Cloudflare from 'cloudflare';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

/** The official SDK, of which only the base URL and the token are ours. */
let api: Api;
let client: Cloudflare;
const account_id = ACCOUNT;

beforeAll(async () => {
  api = await startApi();
  client = api.client();
});
afterAll(async () => {
  await api.close();
});

const SETTINGS = {
  account_id,
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

test('gateways are created, listed, shown, replaced and deleted', async () => {
  const created = await client.aiGateway.create({ ...SETTINGS, id: 'crud', cache_ttl: 300 });
  expect(created).toMatchObject({ id: 'crud', cache_ttl: 300, authentication: true, is_default: false });
  expect(new Date(created.created_at).toISOString()).toBe(created.created_at);

  const shown = await client.aiGateway.get('crud', { account_id });
  expect(shown).toEqual(created);

  const updated = await client.aiGateway.update('crud', {
    ...SETTINGS,
    rate_limiting_limit: 5,
    rate_limiting_interval: 60,
    rate_limiting_technique: 'sliding',
    authentication: false,
    retry_max_attempts: 3,
  });
  expect(updated).toMatchObject({
    cache_ttl: 0,
    rate_limiting_limit: 5,
    authentication: false,
    retry_max_attempts: 3,
  });
  expect(api.config.snapshot().gateways.get('local/crud')).toMatchObject({
    rateLimitingTechnique: 'sliding',
  });

  const whole = await client.aiGateway.update('crud', { ...SETTINGS, ...updated });
  expect({ ...whole, modified_at: '' }).toEqual({ ...updated, modified_at: '' });

  expect(
    (await collect(client.aiGateway.list({ account_id, search: 'cru' }))).map((each) => each.id),
  ).toEqual(['crud']);
  expect((await client.aiGateway.delete('crud', { account_id })).id).toBe('crud');
  await expect(client.aiGateway.get('crud', { account_id })).rejects.toBeInstanceOf(Cloudflare.NotFoundError);
  expect(api.changes).toContain('local/crud');
});

test('the SDK pages through a list to its end', async () => {
  for (let i = 0; i < 7; i++) await client.aiGateway.create({ ...SETTINGS, id: `page-${i}` });
  const ids = await collect(client.aiGateway.list({ account_id, per_page: 3, search: 'page-' }));
  expect(ids.map((each) => each.id)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => `page-${i}`));
  const beyond = await client.aiGateway.list({ account_id, per_page: 3, page: 9, search: 'page-' });
  expect(beyond.result).toEqual([]);
  expect(beyond.result_info).toEqual({ page: 9, per_page: 3, count: 0, total_count: 7 });
});

test('provider configs: the key goes in, only its preview comes out', async () => {
  await client.aiGateway.create({ ...SETTINGS, id: 'keys' });
  const created = await client.aiGateway.providerConfigs.create('keys', {
    account_id,
    alias: 'default',
    default_config: true,
    provider_slug: 'openai',
    secret: 'test-key-openai-4f2a',
  });
  expect(created).toMatchObject({
    alias: 'default',
    default_config: true,
    provider_slug: 'openai',
    gateway_id: 'keys',
    secret_preview: '…4f2a',
  });
  expect(api.secrets.read(created.secret_id)?.reveal()).toBe('test-key-openai-4f2a');
  expect(await collect(client.aiGateway.providerConfigs.list('keys', { account_id }))).toEqual([created]);
  await expect(
    client.aiGateway.providerConfigs.create('keys', {
      account_id,
      alias: 'other',
      default_config: false,
      provider_slug: 'openai',
      secret_id: 'from-a-secrets-store',
    }),
  ).rejects.toThrow(/secret_id: there is no secrets store/);
});

test('custom providers', async () => {
  const created = await client.aiGateway.customProviders.create({
    account_id,
    base_url: 'https://example.com/base/',
    name: 'Mine',
    slug: 'mine',
    headers: '{"X-Team":"search"}',
  });
  expect(created).toMatchObject({
    slug: 'mine',
    base_url: 'https://example.com/base',
    enable: false,
    beta: false,
  });
  expect(JSON.parse(created.headers!)).toEqual({ 'x-team': 'search' });
  expect(await client.aiGateway.customProviders.get(created.id, { account_id })).toEqual(created);
  expect(await collect(client.aiGateway.customProviders.list({ account_id, enable: true }))).toEqual([]);
  expect(await collect(client.aiGateway.customProviders.list({ account_id, search: 'MINE' }))).toEqual([
    created,
  ]);
  expect(await client.aiGateway.customProviders.delete(created.id, { account_id })).toMatchObject({
    slug: 'mine',
  });
  await expect(client.aiGateway.customProviders.get(created.id, { account_id })).rejects.toBeInstanceOf(
    Cloudflare.NotFoundError,
  );
});

test('urls', async () => {
  await client.aiGateway.create({ ...SETTINGS, id: 'urls' });
  const get = (provider: string) => client.aiGateway.urls.get(provider, { account_id, gateway_id: 'urls' });
  expect(await get('openai')).toBe('http://gateway.test:8787/v1/local/urls/openai');
  expect(await get('universal')).toBe('http://gateway.test:8787/v1/local/urls');
  await expect(get('opnai')).rejects.toThrow(/did you mean openai/);
});

describe('logs', () => {
  const gateway_id = 'g';
  beforeAll(async () => {
    await client.aiGateway.create({ ...SETTINGS, id: gateway_id });
  });
  beforeEach(async () => {
    await client.aiGateway.logs.delete(gateway_id, { account_id });
  });

  test('a row has the fields of the hosted API, in its units', async () => {
    const record = api.record();
    const [row] = await collect(client.aiGateway.logs.list(gateway_id, { account_id }));
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
    const found = await collect(
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
      (await collect(client.aiGateway.logs.list(gateway_id, { account_id, ...query }))).length;
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
      (await collect(client.aiGateway.logs.list(gateway_id, { account_id }))).map((row) => row.id),
    ).toEqual([kept.id]);
  });
});

test('errors are of the SDK’s own kinds', async () => {
  const wrong = new Cloudflare({ baseURL: api.base, apiToken: 'tg_wrong', maxRetries: 0 });
  await expect(wrong.aiGateway.get('g', { account_id })).rejects.toBeInstanceOf(
    Cloudflare.AuthenticationError,
  );
  const runner = api.client(api.token(['run']));
  await expect(runner.aiGateway.get('g', { account_id })).rejects.toBeInstanceOf(
    Cloudflare.PermissionDeniedError,
  );
  await expect(client.aiGateway.logs.list('g', { account_id, per_page: 100 })).rejects.toThrow(/7001/);
  await expect(client.aiGateway.create({ ...SETTINGS, id: 'g' })).rejects.toBeInstanceOf(
    Cloudflare.ConflictError,
  );
});

import Cloudflare7 from 'cloudflare';
import Cloudflare5 from 'cloudflare-5';
import Cloudflare6 from 'cloudflare-6';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';

/** Of the older ones only what they have; the shapes are the same. */
const MAJORS = {
  7: Cloudflare7,
  6: Cloudflare6 as unknown as typeof Cloudflare7,
  5: Cloudflare5 as unknown as typeof Cloudflare7,
} as const;

const account_id = 'local';
const SETTINGS = {
  account_id,
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
  rate_limiting_technique: 'fixed',
} as const;

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.close());

describe.each([7, 6, 5] as const)('the official SDK, major %i, with only its base URL changed', (major) => {
  const Cloudflare = MAJORS[major];
  const id = `sdk-${major}`;
  let client: Cloudflare7;
  let logIds: string[];
  beforeAll(async () => {
    client = new Cloudflare({
      baseURL: `${test.gateway.baseUrl}/client/v4`,
      apiToken: ADMIN_TOKEN,
      maxRetries: 0,
    });
    await client.aiGateway.create({ ...SETTINGS, id });
    const replies = [];
    for (const model of ['gpt-4o', 'gpt-4o', 'gpt-4o-mini', 'unknown-model']) {
      const reply = await fetch(`${test.base(id)}/openai/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer test-key',
          'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: `Hello from ${major}` }] }),
      });
      await reply.arrayBuffer();
      replies.push(reply);
    }
    logIds = [];
    for (const reply of replies) logIds.push(String((await test.record(reply, id)).id));
  });

  /** Before major 7 the gateway's id came first, by itself. */
  const ofGateway = <Name extends string>(
    resource: Record<Name, (...args: never[]) => PromiseLike<unknown>>,
    name: Name,
    thing: string,
    params: object = {},
  ): PromiseLike<unknown> => {
    const call = resource[name].bind(resource) as (...args: unknown[]) => PromiseLike<unknown>;
    return major === 7
      ? call(thing, { account_id, gateway_id: id, ...params })
      : call(id, thing, { account_id, ...params });
  };

  it('reads, replaces and deletes gateways, and pages through them to the end', async () => {
    const changed = await client.aiGateway.update(id, { ...SETTINGS, cache_ttl: 300 });
    expect(changed).toMatchObject({ id, cache_ttl: 300 });
    expect(await client.aiGateway.get(id, { account_id })).toEqual(changed);
    for (let i = 0; i < 5; i++) await client.aiGateway.create({ ...SETTINGS, id: `${id}-page-${i}` });
    const list = await Array.fromAsync(
      client.aiGateway.list({ account_id, per_page: 2, search: `${id}-page-` }),
    );
    expect(list.map((gateway) => gateway.id)).toEqual([0, 1, 2, 3, 4].map((i) => `${id}-page-${i}`));
    expect(await client.aiGateway.delete(`${id}-page-0`, { account_id })).toMatchObject({
      id: `${id}-page-0`,
    });
    await expect(client.aiGateway.get(`${id}-page-0`, { account_id })).rejects.toBeInstanceOf(
      Cloudflare.NotFoundError,
    );
  });

  it('lists logs with filters, orders and pages, and reads their bodies', async () => {
    const logs = client.aiGateway.logs;
    const all = await Array.fromAsync(logs.list(id, { account_id, per_page: 3 }));
    expect(all.map((row) => row.id).sort()).toEqual([...logIds].sort());
    const mini = await Array.fromAsync(
      logs.list(id, {
        account_id,
        filters: [
          { key: 'model', operator: 'contains', value: ['gpt-4o'] },
          { key: 'success', operator: 'eq', value: [true] },
          { key: 'model', operator: 'neq', value: ['gpt-4o'] },
        ],
      }),
    );
    expect(mini.map((row) => row.id)).toEqual([logIds[2]]);
    const failed = await Array.fromAsync(logs.list(id, { account_id, success: false }));
    expect(failed.map((row) => row.id)).toEqual([logIds[3]]);
    const oldest = await logs.list(id, {
      account_id,
      order_by: 'created_at',
      order_by_direction: 'asc',
      per_page: 1,
      meta_info: true,
    });
    expect(oldest.result.map((row) => row.id)).toEqual([logIds[0]]);
    expect(oldest.result_info).toMatchObject({ count: 1, total_count: 4, min_tokens_in: expect.any(Number) });

    const get = () => ofGateway(logs, 'get', logIds[0]!);
    expect(await get()).toMatchObject({
      id: logIds[0],
      provider: 'openai',
      status_code: 200,
    });
    expect(await ofGateway(logs, 'request', logIds[0]!)).toMatchObject({ model: 'gpt-4o' });
    expect(await ofGateway(logs, 'response', logIds[0]!)).toMatchObject({ object: 'chat.completion' });
    await ofGateway(logs, 'edit', logIds[0]!, { feedback: -1, score: 12 });
    expect(await get()).toMatchObject({ feedback: -1, score: 12 });
  });

  it('deletes the logs that match', async () => {
    const answer = await client.aiGateway.logs.delete(id, {
      account_id,
      filters: [{ key: 'success', operator: 'eq', value: [false] }],
    });
    expect(answer.success).toBe(true);
    const left = await Array.fromAsync(client.aiGateway.logs.list(id, { account_id }));
    expect(left.map((row) => row.id)).not.toContain(logIds[3]);
    expect(left).toHaveLength(3);
  });

  it('makes datasets and evaluations', async () => {
    const { datasets, evaluations, evaluationTypes } = client.aiGateway;
    const dataset = await datasets.create(id, {
      account_id,
      name: 'good ones',
      enable: true,
      filters: [{ key: 'success', operator: 'eq', value: [true] }],
    });
    expect(dataset).toMatchObject({ name: 'good ones', gateway_id: id, enable: true });
    expect(await Array.fromAsync(datasets.list(id, { account_id }))).toEqual([dataset]);
    const renamed = await ofGateway(datasets, 'update', dataset.id, {
      name: 'better ones',
      enable: true,
      filters: [],
    });
    expect(renamed).toMatchObject({ id: dataset.id, name: 'better ones' });
    const types = await Array.fromAsync(evaluationTypes.list({ account_id }));
    expect(types.length).toBeGreaterThan(2);
    expect(types[0]).toMatchObject({
      id: expect.any(String),
      name: expect.any(String),
      type: expect.any(String),
    });
    const cost = types.find(({ type, name }) => /cost/i.test(`${type} ${name}`))!;
    const evaluation = await evaluations.create(id, {
      account_id,
      name: 'what it costs',
      dataset_ids: [dataset.id],
      evaluation_type_ids: [cost.id],
    });
    expect(evaluation).toMatchObject({ name: 'what it costs', gateway_id: id });
    expect((await Array.fromAsync(evaluations.list(id, { account_id }))).map((each) => each.id)).toEqual([
      evaluation.id,
    ]);
  });

  it('tells the address for a provider', async () => {
    expect(await ofGateway(client.aiGateway.urls, 'get', 'anthropic')).toBe(`${test.base(id)}/anthropic`);
  });

  // Major 5 knows neither of them.
  it.runIf(major >= 6)('stores provider keys, and custom providers', async () => {
    const { customProviders, providerConfigs } = client.aiGateway;
    const key = await providerConfigs.create(id, {
      account_id,
      alias: 'default',
      default_config: true,
      provider_slug: 'openai',
      secret: 'test-key-openai-4f2a',
    });
    expect(key).toMatchObject({ provider_slug: 'openai', secret_preview: '…4f2a' });
    expect(JSON.stringify(await Array.fromAsync(providerConfigs.list(id, { account_id })))).not.toContain(
      'test-key',
    );
    const provider = await customProviders.create({
      account_id,
      base_url: 'https://example.com',
      name: 'Mine',
      slug: `mine-${major}`,
    });
    expect(await Array.fromAsync(customProviders.list({ account_id, search: `mine-${major}` }))).toEqual([
      provider,
    ]);
    await customProviders.delete(provider.id, { account_id });
  });

  it('throws its own kinds of errors', async () => {
    const wrong = new Cloudflare({
      baseURL: `${test.gateway.baseUrl}/client/v4`,
      apiToken: 'tg_wrong',
      maxRetries: 0,
    });
    await expect(wrong.aiGateway.get(id, { account_id })).rejects.toBeInstanceOf(
      Cloudflare.AuthenticationError,
    );
    await expect(client.aiGateway.logs.list(id, { account_id, per_page: 100 })).rejects.toMatchObject({
      errors: [{ code: 7001 }],
    });
  });
});

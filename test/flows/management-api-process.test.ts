import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PriceObject } from '../../src/api/contract/prices.ts';
import type { HealthObject, SettingObject } from '../../src/api/contract/process.ts';
import type { ProviderObject } from '../../src/api/contract/providers.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({
    env: { TIDEGATE_MASTER_KEY: 'test-passphrase-of-the-operator', TIDEGATE_PROVIDER_CARTESIA_URL: '' },
  });
  await test.manage('POST', '/gateways', { id: 'g' });
});
afterAll(() => test.close());

const get = async <T>(path: string): Promise<T> => (await test.manage('GET', path)) as T;

describe('GET providers', () => {
  it('lists every built-in provider once, with its slugs, endpoints and models', async () => {
    const list = await get<ProviderObject[]>('/providers?per_page=100');
    expect(list.map(({ id }) => id).sort()).toEqual(
      [...new Set([...PROVIDERS.values()].map(({ id }) => id))].sort(),
    );
    expect(list.flatMap(({ slugs }) => slugs).sort()).toEqual([...PROVIDERS.keys()].sort());
    const find = (id: string) => list.find((provider) => provider.id === id)!;
    expect(find('anthropic')).toMatchObject({
      name: 'Anthropic',
      credential: { header: 'x-api-key', prefix: '' },
      chat: { endpoint: 'v1/messages', stream_endpoint: 'v1/messages', dialect: 'anthropic' },
    });
    expect(find('google-ai-studio').chat).toEqual({
      endpoint: 'v1beta/models/{model}:generateContent',
      stream_endpoint: 'v1beta/models/{model}:streamGenerateContent?alt=sse',
      dialect: 'google',
    });
    expect(find('grok').slugs).toEqual(['grok', 'xai']);
    expect(find('openai').models).toContain('gpt-4o');
    // The operator's own base counts.
    expect(find('openai').base_url).toContain('127.0.0.1');
    expect(find('cartesia')).toMatchObject({ base_url: 'https://api.cartesia.ai', chat: null, models: [] });
  });

  it('has one’s own enabled providers too, and finds by name', async () => {
    for (const [slug, enable] of [
      ['mine', true],
      ['off', false],
    ] as const) {
      await test.manage('POST', '/custom-providers', {
        name: `Tide ${slug}`,
        slug,
        base_url: 'https://models.example.com/v1',
        enable,
      });
    }
    expect(await get('/providers?search=tide')).toMatchObject([
      { id: 'custom-mine', custom: true, chat: { endpoint: 'chat/completions', dialect: 'openai' } },
    ]);
    expect(await get('/providers?search=xai')).toMatchObject([{ id: 'grok' }]);
  });

  it('chat endpoints work as they stand, once their names are filled in', async () => {
    const list = await get<ProviderObject[]>('/providers?per_page=100');
    for (const { id, chat } of list.filter((provider) => provider.chat !== null && !provider.custom)) {
      for (const endpoint of [chat!.endpoint, chat!.stream_endpoint]) {
        const filled = endpoint.replace('{region}', 'us-east-1').replace(/\{\w+\}/g, 'some-model');
        const provider = PROVIDERS.get(id)!;
        const input = { endpoint: filled, baseUrl: null, header: () => null };
        const secret = id === 'workers-ai' ? '{"account_id":"abc","api_token":"x"}' : null;
        expect(provider.address({ ...input, storedSecret: secret }).origin).toMatch(/^https:\/\//);
        expect([id, provider.dialect(filled)]).toEqual([id, chat!.dialect]);
      }
    }
  });
});

describe('GET prices', () => {
  it('browses the catalogue by provider and by name, in dollars per million tokens', async () => {
    const found = await get<PriceObject[]>('/prices?provider=anthropic&search=sonnet&per_page=100');
    expect(found.length).toBeGreaterThan(2);
    expect(new Set(found.map(({ provider }) => provider))).toEqual(new Set(['anthropic']));
    const sonnet = found.find(({ model }) => model === 'claude-3-5-sonnet')!;
    expect(sonnet).toMatchObject({ source: 'bundled', listed_under: 'anthropic/claude-3-5-sonnet' });
    expect(sonnet.prices[0]!.rates).toEqual({
      input: { usd_per_million: 3, above: [] },
      output: { usd_per_million: 15, above: [] },
      cache_read: { usd_per_million: 0.3, above: [] },
      cache_write: { usd_per_million: 3.75, above: [] },
      cache_write_1h: { usd_per_million: 6, above: [] },
    });
    expect(sonnet.prices[0]!.units).toEqual({ searches: 0.01 });
    expect(await get('/prices?provider=no-such')).toEqual([]);
    expect(await get('/prices?provider=xai&per_page=1')).toMatchObject([{ provider: 'grok' }]);
  });

  it('says which price a model gets, and that another has none', async () => {
    const [price] = await get<PriceObject[]>('/prices?provider=anthropic&model=claude-3-5-sonnet-20241022');
    expect(price).toMatchObject({ model: 'claude-3-5-sonnet' });
    await expect(get('/prices?provider=openai&model=no-such-model')).rejects.toThrow(/404/);
    await expect(get('/prices?model=gpt-4o')).rejects.toThrow(/400/);
  });

  it('shows the operator’s own catalogue as such', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-prices-'));
    mkdirSync(join(folder, 'data'));
    const own = {
      format: 1,
      date: '2026-10-08',
      source: 'our contract',
      providers: { openai: 'ours' },
      books: {
        ours: {
          models: [
            {
              id: 'gpt-4o',
              match: ['=gpt-4o'],
              prices: [{ rates: { input: [1_000_000, [200_000, 2_000_000]] } }],
            },
          ],
        },
      },
    };
    const other = await startTestGateway({ env: { TIDEGATE_DATA: join(folder, 'data') } });
    try {
      writeFileSync(join(folder, 'data/prices.json'), JSON.stringify(own));
      await other.restart();
      expect(await other.manage('GET', '/prices')).toEqual([
        {
          provider: 'openai',
          model: 'gpt-4o',
          listed_under: 'ours/gpt-4o',
          prices: [
            {
              from: null,
              daily: null,
              rates: {
                input: { usd_per_million: 1, above: [{ input_tokens: 200_000, usd_per_million: 2 }] },
              },
              units: {},
            },
          ],
          source: 'operator',
          date: '2026-10-08',
        },
      ]);
    } finally {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('GET settings', () => {
  it('lists every setting with its source, and no secret', async () => {
    const list = await get<SettingObject[]>('/settings?per_page=100');
    const find = (name: string) => list.find((setting) => setting.name === name)!;
    expect(find('port')).toMatchObject({ value: 0, source: 'variable', where: 'TIDEGATE_PORT' });
    expect(find('max_body_bytes')).toMatchObject({ source: 'default', where: 'default', secret: false });
    expect(find('admin_token')).toMatchObject({ value: '[secret]', secret: true });
    expect(find('master_key')).toMatchObject({ value: '[secret]', secret: true });
    expect(find('master_key_file')).toMatchObject({ value: null, source: 'default' });
    expect(find('provider_urls.openai')).toMatchObject({ source: 'variable' });
    for (const { description, form } of list) expect(`${description}${form}`).not.toBe('');
    const text = JSON.stringify(list);
    for (const secret of [ADMIN_TOKEN, 'test-passphrase']) expect(text).not.toContain(secret);
  });
});

describe('GET health', () => {
  it('says what works, and what lies in the data folder', async () => {
    const health = await get<HealthObject>('/health');
    expect(health).toMatchObject({ status: 'ok', degraded: [], process: { pid: process.pid } });
    const config = health.stores.find(({ path }) => path === 'config.db')!;
    expect(config.bytes).toBeGreaterThan(4096);
    expect(health.disk!.free_bytes).toBeGreaterThan(0);
    expect(health.process.rss_bytes).toBeGreaterThan(1e6);
    expect(health.spool).toBeTypeOf('object');
  });
});

it('saved views are kept per gateway, and are gone with it', async () => {
  await test.manage('POST', '/gateways', { id: 'v' });
  const made = await test.manage('POST', '/gateways/v/views', {
    name: 'Errors of today',
    page: 'logs',
    query: 'from=-24h&filters=%5B%5D',
  });
  expect(made).toMatchObject({ name: 'Errors of today', page: 'logs', gateway_id: 'v' });
  await test.restart();
  expect(await test.manage('GET', '/gateways/v/views')).toEqual([made]);
  expect(await test.manage('GET', '/gateways/g/views')).toEqual([]);
  for (const body of [
    { name: 'Errors of today', page: 'logs', query: '' },
    { name: '', page: 'logs', query: '' },
    { name: 'x', page: '../logs', query: '' },
    { name: 'x', page: 'logs', query: '<script>' + ' ' },
    { name: 'x', page: 'logs', query: 'x'.repeat(9000) },
    { name: 'x', page: 'logs', query: '', account: 'other' },
  ]) {
    await expect(test.manage('POST', '/gateways/v/views', body)).rejects.toThrow(/400|409/);
  }
  await test.manage('DELETE', '/gateways/v');
  await test.manage('POST', '/gateways', { id: 'v' });
  expect(await test.manage('GET', '/gateways/v/views')).toEqual([]);
});

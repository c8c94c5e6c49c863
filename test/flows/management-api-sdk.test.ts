import Cloudflare from 'cloudflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
    (await Array.fromAsync(client.aiGateway.list({ account_id, search: 'cru' }))).map((each) => each.id),
  ).toEqual(['crud']);
  expect((await client.aiGateway.delete('crud', { account_id })).id).toBe('crud');
  await expect(client.aiGateway.get('crud', { account_id })).rejects.toBeInstanceOf(Cloudflare.NotFoundError);
  expect(api.changes).toContain('local/crud');
});

test('the SDK pages through a list to its end', async () => {
  for (let i = 0; i < 7; i++) await client.aiGateway.create({ ...SETTINGS, id: `page-${i}` });
  const ids = await Array.fromAsync(client.aiGateway.list({ account_id, per_page: 3, search: 'page-' }));
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
  expect(await Array.fromAsync(client.aiGateway.providerConfigs.list('keys', { account_id }))).toEqual([
    created,
  ]);
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
  expect(await Array.fromAsync(client.aiGateway.customProviders.list({ account_id, enable: true }))).toEqual(
    [],
  );
  expect(
    await Array.fromAsync(client.aiGateway.customProviders.list({ account_id, search: 'MINE' })),
  ).toEqual([created]);
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

test('errors are of the SDK’s own kinds', async () => {
  await client.aiGateway.create({ ...SETTINGS, id: 'g' });
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

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entry } from '../contract/cache-fixtures.ts';
import { gatewayBody } from '../support/gateway.ts';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const BASE = `/accounts/${ACCOUNT}/ai-gateway`;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.call('POST', `${BASE}/gateways`, { id: 'g' });
});
afterAll(async () => {
  await api.close();
});

describe('custom providers', () => {
  const make = (change: object) =>
    api.call('POST', `${BASE}/custom-providers`, {
      name: 'A',
      slug: 'a',
      base_url: 'https://example.com',
      ...change,
    });

  test.each([
    { slug: 'A' },
    { slug: '-a' },
    { slug: 'a/b' },
    { base_url: 'http://example.com' },
    { base_url: 'ftp://example.com' },
    { base_url: 'https://user:word@example.com' },
    { base_url: 'https://example.com/?key=1' },
    { base_url: 'https://example.com/#x' },
    { base_url: 'javascript:alert(1)' },
    { headers: 'x: y' },
    { headers: '["a"]' },
    { headers: '{"host":"example.com"}' },
    { headers: '{"cf-aig-authorization":"x"}' },
    { headers: '{"x":"a\\r\\nb: c"}' },
    { headers: '{"x y":"1"}' },
    { headers: '{"x":1}' },
    { name: '' },
    { logo_url: 'x' },
  ])('%j is refused', async (change) => {
    expect((await make(change)).status).toBe(400);
  });

  test('plain http is for hosts that the operator allows', async () => {
    const made = await make({ slug: 'inside', base_url: 'http://127.0.0.1:9000/v1' });
    expect(made.json.result.base_url).toBe('http://127.0.0.1:9000/v1');
  });

  test('PATCH changes what is sent; a whole GET may be sent back', async () => {
    const made = (await make({ slug: 'patched', description: 'first', enable: true })).json.result;
    const path = `${BASE}/custom-providers/${made.id}`;
    const patched = await api.call('PATCH', path, { beta: true, description: null });
    expect(patched.json.result).toMatchObject({ name: 'A', enable: true, beta: true, description: null });
    expect((await api.call('PATCH', path, patched.json.result)).status).toBe(200);
    const twin = await make({ slug: 'patched' });
    expect(twin.status).toBe(409);
    expect(twin.headers.get('x-should-retry')).toBe('false');
  });
});

describe('provider keys', () => {
  const keys = `${BASE}/gateways/g/provider_configs`;

  test.each([
    { provider_slug: 'opnai', secret: 'test-key-1' },
    { provider_slug: 'openai' },
    { provider_slug: 'openai', secret: '' },
    { provider_slug: 'openai', secret: '   ' },
    { provider_slug: 'openai', secret: '…4f2a' },
    { provider_slug: 'openai', secret: 'sk-****4f2a' },
    { provider_slug: 'openai', secret: '[secret]' },
    { provider_slug: 'openai', secret: 'two\nlines' },
    { provider_slug: 'openai', secret: 'test-key-1', alias: 'a b' },
    { provider_slug: 'openai', secret: 'test-key-1', alias: 'a/b' },
    { provider_slug: 'openai', secret: 'test-key-1', rate_limit: 10 },
    { provider_slug: 'openai', secret: 'test-key-1', preview: '…' },
    { provider_slug: 'openai', secret: { key: 'x' } },
    { provider_slug: 'custom-unknown', secret: 'test-key-1' },
  ])('%j is refused', async (body) => {
    expect((await api.call('POST', keys, body)).status).toBe(400);
  });

  test('one default per provider; a masked value never replaces a key; a new one takes effect at once', async () => {
    const first = (await api.call('POST', keys, { provider_slug: 'openai', secret: ' test-key-first-1111 ' }))
      .json.result;
    expect(first).toMatchObject({ alias: 'default', default_config: true, secret_preview: '…1111' });
    const second = (
      await api.call('POST', keys, {
        provider_slug: 'openai',
        alias: 'b',
        default_config: true,
        secret: 'test-key-b',
      })
    ).json.result;
    expect(second.secret_preview).toBe('');
    const listed = (await api.call('GET', keys)).json.result;
    expect(listed.map((key: { default_config: boolean }) => key.default_config)).toEqual([false, true]);
    expect((await api.call('POST', keys, { provider_slug: 'openai', secret: 'test-key-x' })).status).toBe(
      409,
    );

    expect((await api.call('PUT', `${keys}/${first.id}`, { secret: first.secret_preview })).status).toBe(400);
    expect(api.secrets.read(first.secret_id)?.reveal()).toBe('test-key-first-1111');
    const put = await api.call('PUT', `${keys}/${first.id}`, { secret: 'test-key-second-2222' });
    expect(put.json.result.secret_preview).toBe('…2222');
    expect(api.secrets.read(first.secret_id)?.reveal()).toBe('test-key-second-2222');
    for (const { id, secret_id } of [first, second]) {
      expect((await api.call('DELETE', `${keys}/${id}`)).status).toBe(200);
      expect(api.secrets.read(secret_id)).toBeNull();
    }
  });

  test('JSON credentials keep their line breaks and have no preview', async () => {
    const secret = '{\n  "accessKeyId": "test",\n  "secretAccessKey": "test-key-aws"\n}';
    const made = (await api.call('POST', keys, { provider_slug: 'google-vertex-ai', secret })).json.result;
    expect(made.secret_preview).toBe('');
    expect(api.secrets.read(made.secret_id)?.reveal()).toBe(secret);
  });

  test('a provider’s address cannot be turned elsewhere while keys are stored for it', async () => {
    const put = (provider_urls: object) =>
      api.call('PUT', `${BASE}/gateways/bound`, gatewayBody({ provider_urls }));
    await api.call('POST', `${BASE}/gateways`, {
      id: 'bound',
      provider_urls: { openai: 'https://one.example.com/v1' },
    });
    const bound = `${BASE}/gateways/bound/provider_configs`;
    const key = (await api.call('POST', bound, { provider_slug: 'openai', secret: 'test-key-bound' })).json
      .result;
    expect((await put({ openai: 'https://two.example.com/v1' })).status).toBe(409);
    expect((await put({ openai: 'http://one.example.com/v1' })).status).toBe(409);
    expect((await put({})).status).toBe(409);
    expect(
      (await put({ openai: 'https://one.example.com/v2', anthropic: 'https://two.example.com' })).status,
    ).toBe(200);
    await api.call('DELETE', `${bound}/${key.id}`);
    expect((await put({ openai: 'https://two.example.com/v1' })).status).toBe(200);
  });

  test('the same holds for custom providers; deleting one deletes the keys stored for it', async () => {
    const made = await api.call('POST', `${BASE}/custom-providers`, {
      name: 'Bound',
      slug: 'bound',
      base_url: 'https://one.example.com',
    });
    const path = `${BASE}/custom-providers/${made.json.result.id}`;
    const key = (await api.call('POST', keys, { provider_slug: 'custom-bound', secret: 'test-key-c' })).json
      .result;
    expect((await api.call('PATCH', path, { base_url: 'https://two.example.com' })).status).toBe(409);
    expect((await api.call('PATCH', path, { slug: 'renamed' })).status).toBe(409);
    expect((await api.call('PATCH', path, { base_url: 'https://one.example.com/v2' })).status).toBe(200);
    expect((await api.call('DELETE', path)).status).toBe(200);
    expect(api.secrets.read(key.secret_id)).toBeNull();
    expect(api.config.snapshot().keys.has('local/g/custom-bound/default')).toBe(false);
  });
});

describe('gateways and their cache', () => {
  test('deleting a gateway takes its keys, cache and logs; made again it is empty, also `default`', async () => {
    await api.call('POST', `${BASE}/gateways`, { id: 'default' });
    const keys = `${BASE}/gateways/default/provider_configs`;
    const key = (await api.call('POST', keys, { provider_slug: 'openai', secret: 'test-key-d' })).json.result;
    api.record({ gateway: 'default' });
    expect((await api.call('DELETE', `${BASE}/gateways/default`)).json.result.is_default).toBe(true);
    expect(api.secrets.read(key.secret_id)).toBeNull();
    await api.call('POST', `${BASE}/gateways`, { id: 'default' });
    expect((await api.call('GET', keys)).json.result).toEqual([]);
    expect((await api.call('GET', `${BASE}/gateways/default/logs`)).json.result).toEqual([]);
  });

  test('purging raises the epoch that is part of every key, and so does an update when asked to', async () => {
    const epoch = () => api.config.snapshot().gateways.get('local/g')!.cacheEpoch;
    const before = epoch();
    expect((await api.call('DELETE', `${BASE}/gateways/g/cache`)).status).toBe(200);
    expect(epoch()).toBe(before + 1);
    await api.call('PUT', `${BASE}/gateways/g`, gatewayBody());
    expect(epoch()).toBe(before + 1);
    await api.call('PUT', `${BASE}/gateways/g`, gatewayBody({ cache_invalidate_on_update: true }));
    expect(epoch()).toBe(before + 2);
  });

  test('one entry is removed by its key', async () => {
    const cached = entry(1, { gateway: 'g' });
    const { key } = cached;
    api.cached.set(key, cached);
    expect((await api.call('DELETE', `${BASE}/gateways/g/cache/${key}`)).status).toBe(200);
    expect((await api.call('DELETE', `${BASE}/gateways/g/cache/${key}`)).status).toBe(404);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const BASE = `/accounts/${ACCOUNT}/ai-gateway`;
const REQUIRED = {
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.call('POST', `${BASE}/gateways`, { id: 'g' });
});
afterAll(async () => {
  await api.close();
});

describe('bodies', () => {
  test.each([
    ['', 'is empty'],
    ['{"id":', 'is not JSON'],
    ['{"id":\n "x",}', 'line 2'],
    ['[]', 'expected object'],
    ['null', 'expected object'],
    ['"text"', 'expected object'],
    ['{"id":"x","__proto__":{"authentication":false}}', '__proto__'],
    ['{"id":"x","provider_urls":{"constructor":"https://example.com"}}', 'constructor'],
    ['{"id":"x","a":'.concat('['.repeat(100_000), ']'.repeat(100_000), '}'), 'nested'],
    ['{"id":"x","cache_tll":60}', 'did you mean cache_ttl'],
    ['{"id":"x","isDefault":true}', 'did you mean is_default'],
    ['{"id":"x","is_default":true}', 'read-only'],
    ['{"id":"x","account_id":"other"}', 'read-only'],
    ['{"id":"x","dlp":{"enabled":true}}', 'not available in this version'],
    ['{"id":"x","provider_urls":{"opnai":"https://example.com"}}', 'did you mean openai'],
    ['{"id":"a/b"}', 'id:'],
    ['{}', 'id:'],
  ])('%.60s is refused with the place', async (body, text) => {
    const { status, json } = await api.call('POST', `${BASE}/gateways`, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ success: false, messages: [], result: null });
    expect(json.errors[0].code).toBe(7001);
    expect(json.errors[0].path[0]).toBe('body');
    expect(json.errors.map((error: { message: string }) => error.message).join('\n')).toContain(text);
  });

  test('every fault is named, not only the first', async () => {
    const { json } = await api.call('PUT', `${BASE}/gateways/g`, {
      ...REQUIRED,
      cache_ttl: 5,
      retry_delay: -1,
      x: 1,
    });
    expect(json.errors.map((error: { path: string[] }) => error.path.join('.')).sort()).toEqual([
      'body.cache_ttl',
      'body.retry_delay',
      'body.x',
    ]);
  });

  test('a body that is too large is refused, also without a stated length', async () => {
    const large = `{"id":"x","y":"${'a'.repeat(11 * 1024 * 1024)}"}`;
    expect((await api.call('POST', `${BASE}/gateways`, large)).status).toBe(413);
    const chunked = await fetch(`${api.base}${BASE}/gateways`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.admin}` },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    await chunked.body?.cancel();
  });

  test('bytes that are no UTF-8, and compressed bodies, are refused', async () => {
    const send = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      fetch(`${api.base}${BASE}/gateways`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.admin}`, ...headers },
        body,
      });
    expect((await send(new Uint8Array([0x22, 0xff, 0x22]))).status).toBe(400);
    expect((await send(new Uint8Array([0x7b, 0x7d]), { 'content-encoding': 'gzip' })).status).toBe(415);
  });
});

describe('queries', () => {
  test.each([
    ['gateways?page=0', 'page'],
    ['gateways?page=-1', 'page'],
    ['gateways?page=x', 'page'],
    ['gateways?per_page=101', 'per_page'],
    ['gateways?pagee=1', 'did you mean page'],
    ['gateways?page=1&page=2', 'twice'],
    ['gateways/g/logs?per_page=100', 'per_page'],
    ['gateways/g/logs?order_by=id;drop table records', 'order_by'],
    ['gateways/g/logs?order_by_direction=up', 'order_by_direction'],
    ['gateways/g/logs?cached=maybe', 'cached'],
    ['gateways/g/logs?start_date=yesterday', 'start_date'],
    ['gateways/g/logs?min_cost=1,5', 'min_cost'],
    ['gateways/g/logs?filters=x', 'JSON array'],
    ['gateways/g/logs?filters={}', 'JSON array'],
    ['gateways/g/logs?filters=[1]', 'filters.0'],
    ['gateways/g/logs?filters=[{"key":"provider","operator":"eq","value":["x"],"sql":"1"}]', 'filters.0.sql'],
    ['gateways/g/logs?filters=[{"key":"povider","operator":"eq","value":["x"]}]', 'did you mean provider'],
    ['gateways/g/logs?filters=[{"key":"constructor","operator":"eq","value":["x"]}]', 'unknown filter key'],
    ['gateways/g/logs?filters=[{"key":"provider","operator":"like","value":["x"]}]', 'filters.0.operator'],
    ['gateways/g/logs?filters=[{"key":"provider","operator":"eq","value":[]}]', 'filters.0.value'],
    ['gateways/g/logs?filters=[{"key":"cost","operator":"gt","value":["much"]}]', 'must be a number'],
    ['gateways/g/logs?filters=[{"key":"success","operator":"eq","value":["ok"]}]', 'must be true or false'],
    ['gateways/g/logs?filters=[{"key":"provider","operator":"eq","value":[{"a":1}]}]', 'scalars'],
    ['gateways/g/logs?filters.key=provider&filters.operator=eq', 'filters.0.value'],
    ['gateways/g/logs?filters.operator=eq&filters.value=x', 'filters.0.key'],
    ['gateways/g/logs?filters.column=provider', 'filters.column'],
    ['custom-providers?order_by=base_url', 'order_by'],
  ])('%s', async (path, text) => {
    const { status, json } = await api.call('GET', `${BASE}/${path}`);
    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 7001, path: expect.arrayContaining(['query']) });
    expect(json.errors[0].message).toContain(text);
  });

  test('a delete that is not understood deletes nothing', async () => {
    api.record();
    for (const query of ['provider=openai', 'filter=[]', 'search=x', 'filters=x']) {
      expect((await api.call('DELETE', `${BASE}/gateways/g/logs?${query}`)).status).toBe(400);
    }
    expect((await api.call('GET', `${BASE}/gateways/g/logs`)).json.result_info.total_count).toBe(1);
    const limited = await api.call('DELETE', `${BASE}/gateways/g/logs?limit=5`);
    expect(limited.json).toMatchObject({ success: true, result: { deleted: 1 } });
  });

  test('the CLI’s encoding: one filters= with a JSON array', async () => {
    api.record({ provider: 'openai' });
    api.record({ provider: 'anthropic', metadata: { team: 'web' } });
    const filters = encodeURIComponent(
      JSON.stringify([
        { key: 'metadata.key', operator: 'eq', value: ['team'] },
        { key: 'metadata.value', operator: 'neq', value: ['search'] },
      ]),
    );
    const { json } = await api.call('GET', `${BASE}/gateways/g/logs?filters=${filters}`);
    expect(json.result.map((row: { provider: string }) => row.provider)).toEqual(['anthropic']);
    await api.call('DELETE', `${BASE}/gateways/g/logs`);
  });
});

describe('paths and methods', () => {
  test.each(['/client/v4', '/client/v4/', '/client/v4/user', '/client/v4/accounts/local/other'])(
    '%s is no route: 404 with code 7003',
    async (path) => {
      const { status, json } = await api.call('GET', path);
      expect(status).toBe(404);
      expect(json.errors[0].code).toBe(7003);
    },
  );

  test('a wrong method says which ones there are', async () => {
    const { status, headers } = await api.call('PATCH', `${BASE}/gateways/g`, {});
    expect(status).toBe(405);
    expect(headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'PUT']);
  });

  test('no answer allows another origin', async () => {
    const response = await fetch(`${api.base}${BASE}/gateways`, {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
    });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(response.status).toBe(405);
  });
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
      api.call('PUT', `${BASE}/gateways/bound`, { ...REQUIRED, provider_urls });
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
    await api.call('PUT', `${BASE}/gateways/g`, REQUIRED);
    expect(epoch()).toBe(before + 1);
    await api.call('PUT', `${BASE}/gateways/g`, { ...REQUIRED, cache_invalidate_on_update: true });
    expect(epoch()).toBe(before + 2);
  });

  test('one entry is removed by its key', async () => {
    const key = 'b'.repeat(64);
    api.cached.set(key, {
      key,
      account: ACCOUNT,
      gateway: 'g',
      status: 200,
      headers: [],
      body: Buffer.alloc(0),
      storedAt: 0,
      expiresAt: 0,
      recordId: '',
      costNanos: null,
      model: null,
      provider: 'openai',
    });
    expect((await api.call('DELETE', `${BASE}/gateways/g/cache/${key}`)).status).toBe(200);
    expect((await api.call('DELETE', `${BASE}/gateways/g/cache/${key}`)).status).toBe(404);
  });
});

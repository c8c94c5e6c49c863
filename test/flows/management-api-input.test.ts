import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    const { json } = await api.call(
      'PUT',
      `${BASE}/gateways/g`,
      gatewayBody({ cache_ttl: 5, retry_delay: -1, x: 1 }),
    );
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

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { gatewayBody } from '../support/gateway.ts';
import { addedBy, BASE, changeOfEveryKind, entries, HEADER_KEY, KEY, ok } from './audit-calls.ts';
import { type Api, startApi } from './management-api-server.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('a change', () => {
  it('of a gateway is entered with what was before and after, and can be undone with it', async () => {
    const made = await addedBy(api, () => ok(api, 'POST', '/gateways', { id: 'g' }));
    expect(made).toMatchObject([
      {
        account: { id: 'local' },
        action: { type: 'create', result: 'success' },
        actor: { type: 'user', context: 'api_token', token_name: 'admin', role: 'admin' },
        resource: { product: 'ai_gateway', type: 'ai_gateway.gateway', id: 'g', gateway: 'g' },
        before: null,
        after: { id: 'g', cache_ttl: 0 },
        raw: { method: 'POST', uri: '/client/v4/accounts/local/ai-gateway/gateways' },
      },
    ]);
    expect(made[0]!.actor.ip_address).toMatch(/127\.0\.0\.1$/);
    const [changed] = await addedBy(api, () =>
      ok(
        api,
        'PUT',
        '/gateways/g',
        gatewayBody({ cache_ttl: 600, rate_limiting_limit: 5, rate_limiting_interval: 60 }),
      ),
    );
    expect(changed).toMatchObject({
      action: { type: 'update' },
      before: { cache_ttl: 0, rate_limiting_limit: 0 },
      after: { cache_ttl: 600, rate_limiting_limit: 5 },
    });
    const {
      id: _,
      created_at,
      modified_at,
      is_default,
      ...settings
    } = changed!.before as Record<string, unknown>;
    await ok(api, 'PUT', '/gateways/g', settings);
    expect(await ok(api, 'GET', '/gateways/g')).toMatchObject({ cache_ttl: 0, rate_limiting_limit: 0 });
    const deleted = await addedBy(api, async () => {
      await ok(api, 'POST', '/gateways/g/provider_configs', { provider_slug: 'openai', secret: KEY });
      await ok(api, 'POST', '/gateways/g/views', { name: 'errors', page: 'logs', query: 'from=-24h' });
      await ok(api, 'DELETE', '/gateways/g');
    });
    // What goes with the gateway is entered too.
    expect(
      deleted
        .map(({ action, resource }) => `${action.type} ${resource.type}`)
        .slice(2)
        .sort(),
    ).toEqual(['delete ai_gateway.gateway', 'delete ai_gateway.provider_config', 'delete ai_gateway.view']);
    expect(deleted.at(-1)!.after).toBeNull();
  });

  it('of every other kind is entered once, under its name', async () => {
    const kinds = await addedBy(api, () => changeOfEveryKind(api));
    expect(kinds.map(({ action, resource }) => `${action.type} ${resource.type.slice(11)}`)).toEqual([
      'create gateway',
      'create provider_config',
      'update provider_config',
      'delete provider_config',
      'create custom_provider',
      'update custom_provider',
      'delete custom_provider',
      'create token',
      'revoke token',
      'delete cache',
      'purge cache',
      'delete log',
      'create view',
      'delete view',
    ]);
    expect(kinds[4]!.after).toMatchObject({ headers: { 'x-api-key': '[masked]', 'x-team': 'search' } });
    expect(kinds[11]).toMatchObject({ resource: { id: 'kinds' }, after: { filters: [], limit: 5 } });
  });

  it('that is refused is not entered; reading neither', async () => {
    const refused = await addedBy(api, async () => {
      const viewer = api.token(['read']);
      await api.call('POST', `${BASE}/gateways`, { id: 'x' }, viewer);
      await api.call('POST', `${BASE}/gateways`, { id: 'not valid' });
      await api.call('PUT', `${BASE}/gateways/missing`, gatewayBody());
      await api.call('DELETE', `${BASE}/gateways/missing`);
      await api.call('DELETE', `${BASE}/gateways/missing/logs`);
      await api.call('DELETE', `${BASE}/gateways/missing/cache`);
      await api.call('DELETE', `${BASE}/gateways/kinds/cache/${'b'.repeat(64)}`);
      await api.call('DELETE', `${BASE}/tokens/missing`);
      await api.call('GET', `${BASE}/gateways`);
    });
    expect(refused).toEqual([]);
  });

  it('with a session says so; signing in, out and in vain are entered', async () => {
    const send = (method: string, headers: Record<string, string>, body?: unknown, path = '/session') =>
      fetch(api.base + path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const signIns = await addedBy(api, async () => {
      await send('POST', {}, { token: 'tg_wrong_guess' });
      const signed = await send('POST', {}, { token: api.admin });
      const { result } = (await signed.json()) as { result: { csrf: string } };
      const headers = {
        cookie: signed.headers.getSetCookie()[0]!.split(';')[0]!,
        'x-tidegate-csrf': result.csrf,
      };
      await send('POST', headers, { id: 'by-hand' }, `${BASE}/gateways`);
      await send('DELETE', headers);
    });
    expect(signIns).toMatchObject([
      { action: { type: 'sign_in', result: 'failure' }, actor: { context: 'dash', token_id: null } },
      { action: { type: 'sign_in', result: 'success' }, actor: { context: 'dash', token_name: 'admin' } },
      { action: { type: 'create' }, actor: { context: 'dash' }, resource: { id: 'by-hand' } },
      { action: { type: 'sign_out' }, actor: { context: 'dash' } },
    ]);
    expect(JSON.stringify(signIns)).not.toContain('tg_wrong_guess');
  });

  it('that cannot be entered does not happen', async () => {
    await ok(api, 'POST', '/gateways', { id: 'sealed' });
    const key = await ok(api, 'POST', '/gateways/sealed/provider_configs', {
      provider_slug: 'openai',
      secret: KEY,
    });
    const tokens = (await ok(api, 'GET', '/tokens?per_page=100')).length;
    // As a full disk would: every insert into the log fails.
    api.config.database.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END",
    );
    try {
      for (const [method, path, body] of [
        ['POST', '/gateways', { id: 'never' }],
        ['PUT', '/gateways/sealed', gatewayBody({ cache_ttl: 600 })],
        ['DELETE', '/gateways/sealed', undefined],
        ['PUT', `/gateways/sealed/provider_configs/${key.id}`, { secret: 'test-key-other-value' }],
        ['POST', '/tokens', { name: 'x', role: 'admin' }],
        ['DELETE', '/gateways/sealed/cache', undefined],
        ['DELETE', '/gateways/sealed/logs', undefined],
      ] as const) {
        expect([method, path, (await api.call(method, BASE + path, body)).status]).toEqual([
          method,
          path,
          500,
        ]);
      }
    } finally {
      api.config.database.exec('DROP TRIGGER broken');
    }
    expect((await api.call('GET', `${BASE}/gateways/never`)).status).toBe(404);
    expect(await ok(api, 'GET', '/gateways/sealed')).toMatchObject({ cache_ttl: 0 });
    expect(api.config.snapshot().gateways.get('local/sealed')).toMatchObject({ cacheEpoch: 0 });
    expect(api.secrets.read(key.secret_id)?.reveal()).toBe(KEY);
    expect(await ok(api, 'GET', '/tokens?per_page=100')).toHaveLength(tokens);
    await ok(api, 'PUT', '/gateways/sealed', gatewayBody({ cache_ttl: 600 }));
  });

  it('of no kind leaves a secret in an entry', async () => {
    const text = JSON.stringify(await entries(api));
    for (const secret of [KEY, HEADER_KEY, api.admin]) expect(text).not.toContain(secret);
    for (const token of api.config.listTokens('local')) expect(text).not.toContain(token.hash);
  });
});

it('every route that can change something says how it is entered, or why not', () => {
  const silent = API_ROUTES.filter((route) => route.method !== 'get' && route.audit === undefined);
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

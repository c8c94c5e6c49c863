import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import type { AuditEntry } from '../../src/core/stores/audit.ts';
import { type Api, startApi } from './management-api-server.ts';

const BASE = '/accounts/local/ai-gateway';
const KEY = 'test-key-provider-0123456789-4f2a';
const HEADER_KEY = 'test-header-secret-0123456789';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const entries = async (query = ''): Promise<AuditEntry[]> =>
  (await api.call('GET', `${BASE}/audit-logs?per_page=100${query}`)).json.result;

/** What `work` added, oldest first. */
async function addedBy(work: () => Promise<unknown>): Promise<AuditEntry[]> {
  const before = (await entries())[0]?.sequence ?? 0;
  await work();
  return (await entries()).filter((entry) => entry.sequence > before).reverse();
}

const ok = async (method: string, path: string, body?: unknown) => {
  const answer = await api.call(method, BASE + path, body);
  expect([method, path, answer.status, answer.text]).toEqual([method, path, 200, answer.text]);
  return answer.json.result;
};

const gatewayBody = {
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

describe('a change', () => {
  it('of a gateway is entered with what was before and after, and can be undone with it', async () => {
    const made = await addedBy(() => ok('POST', '/gateways', { id: 'g' }));
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
    const [changed] = await addedBy(() =>
      ok('PUT', '/gateways/g', {
        ...gatewayBody,
        cache_ttl: 600,
        rate_limiting_limit: 5,
        rate_limiting_interval: 60,
      }),
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
    await ok('PUT', '/gateways/g', settings);
    expect(await ok('GET', '/gateways/g')).toMatchObject({ cache_ttl: 0, rate_limiting_limit: 0 });
    const deleted = await addedBy(async () => {
      await ok('POST', '/gateways/g/provider_configs', { provider_slug: 'openai', secret: KEY });
      await ok('POST', '/gateways/g/views', { name: 'errors', page: 'logs', query: 'from=-24h' });
      await ok('DELETE', '/gateways/g');
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
    await ok('POST', '/gateways', { id: 'kinds' });
    api.cached.set('a'.repeat(64), {
      key: 'a'.repeat(64),
      account: 'local',
      gateway: 'kinds',
      status: 200,
      headers: [],
      body: Buffer.alloc(0),
      storedAt: 0,
      expiresAt: 0,
      recordId: '',
      costNanos: null,
      model: 'gpt-4o',
      provider: 'openai',
    });
    const kinds = await addedBy(async () => {
      const key = await ok('POST', '/gateways/kinds/provider_configs', {
        provider_slug: 'openai',
        secret: KEY,
      });
      await ok('PUT', `/gateways/kinds/provider_configs/${key.id}`, { secret: `${KEY}-new` });
      await ok('DELETE', `/gateways/kinds/provider_configs/${key.id}`);
      const provider = await ok('POST', '/custom-providers', {
        name: 'Mine',
        slug: 'audited',
        base_url: 'https://example.com',
        headers: JSON.stringify({ 'x-api-key': HEADER_KEY, 'x-team': 'search' }),
      });
      await ok('PATCH', `/custom-providers/${provider.id}`, { enable: true });
      await ok('DELETE', `/custom-providers/${provider.id}`);
      const token = await ok('POST', '/tokens', { name: 'app', role: 'run' });
      await ok('DELETE', `/tokens/${token.id}`);
      await ok('DELETE', `/gateways/kinds/cache/${'a'.repeat(64)}`);
      await ok('DELETE', '/gateways/kinds/cache');
      await ok('DELETE', '/gateways/kinds/logs?limit=5');
      const view = await ok('POST', '/gateways/kinds/views', { name: 'v', page: 'logs', query: '' });
      await ok('DELETE', `/gateways/kinds/views/${view.id}`);
    });
    expect(kinds.map(({ action, resource }) => `${action.type} ${resource.type.slice(11)}`)).toEqual([
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
    expect(kinds[3]!.after).toMatchObject({ headers: { 'x-api-key': '[masked]', 'x-team': 'search' } });
    expect(kinds[10]).toMatchObject({ resource: { id: 'kinds' }, after: { filters: [], limit: 5 } });
  });

  it('that is refused is not entered; reading neither', async () => {
    const refused = await addedBy(async () => {
      const viewer = api.token(['read']);
      await api.call('POST', `${BASE}/gateways`, { id: 'x' }, viewer);
      await api.call('POST', `${BASE}/gateways`, { id: 'not valid' });
      await api.call('PUT', `${BASE}/gateways/missing`, gatewayBody);
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
    const signIns = await addedBy(async () => {
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
    await ok('POST', '/gateways', { id: 'sealed' });
    const key = await ok('POST', '/gateways/sealed/provider_configs', {
      provider_slug: 'openai',
      secret: KEY,
    });
    const tokens = (await ok('GET', '/tokens?per_page=100')).length;
    // As a full disk would: every insert into the log fails.
    api.config.database.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END",
    );
    try {
      for (const [method, path, body] of [
        ['POST', '/gateways', { id: 'never' }],
        ['PUT', '/gateways/sealed', { ...gatewayBody, cache_ttl: 600 }],
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
    expect(await ok('GET', '/gateways/sealed')).toMatchObject({ cache_ttl: 0 });
    expect(api.config.snapshot().gateways.get('local/sealed')).toMatchObject({ cacheEpoch: 0 });
    expect(api.secrets.read(key.secret_id)?.reveal()).toBe(KEY);
    expect(await ok('GET', '/tokens?per_page=100')).toHaveLength(tokens);
    await ok('PUT', '/gateways/sealed', { ...gatewayBody, cache_ttl: 600 });
  });
});

it('every route that can change something says how it is entered, or why not', () => {
  const silent = API_ROUTES.filter((route) => route.method !== 'get' && route.audit === undefined);
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

describe('the log', () => {
  it('is found by actor, action, kind, id and time, page by page', async () => {
    const editor = api.token(['edit'], { name: 'the editor', id: 'editor-id' });
    await api.call('POST', `${BASE}/gateways`, { id: 'by-editor' }, editor);
    for (const query of ['actor=editor-id', 'actor=the%20editor', 'resource_id=by-editor']) {
      expect((await entries(`&${query}`)).map(({ resource }) => resource.id)).toEqual(['by-editor']);
    }
    const kind = await entries('&resource_type=ai_gateway.token&action=revoke');
    expect(kind.length).toBeGreaterThan(0);
    expect(new Set(kind.map(({ action }) => action.type))).toEqual(new Set(['revoke']));
    expect(await entries('&to=2001-01-01T00:00:00Z')).toEqual([]);
    expect((await entries('&from=-1h')).length).toBeGreaterThan(5);
    const page = await api.call('GET', `${BASE}/audit-logs?per_page=2&page=2`);
    const all = await entries();
    expect(page.json.result).toEqual(all.slice(2, 4));
    expect(page.json.result_info).toMatchObject({ page: 2, per_page: 2, count: 2 });
    const past = await api.call('GET', `${BASE}/audit-logs?page=900`);
    expect(past.json.result).toEqual([]);
    for (const query of [
      'per_page=1000',
      'from=yesterday',
      'who=me',
      'action=',
      "actor=' OR 1=1 --&page=0",
    ]) {
      expect((await api.call('GET', `${BASE}/audit-logs?${query}`)).status).toBe(400);
    }
    expect(await entries(`&actor=${encodeURIComponent("' OR 1=1 --")}`)).toEqual([]);
  });

  it('holds no secret, in no entry', async () => {
    const text = JSON.stringify(await entries());
    for (const secret of [KEY, HEADER_KEY, api.admin]) expect(text).not.toContain(secret);
    for (const token of api.config.listTokens('local')) expect(text).not.toContain(token.hash);
  });

  it('can be computed anew by anybody from what the API answers', async () => {
    const all = (await entries()).reverse();
    expect(all.length).toBeGreaterThan(20);
    let previous = '0'.repeat(64);
    for (const [index, { hash, ...entry }] of all.entries()) {
      expect(entry.sequence).toBe(index + 1);
      expect(entry.previous_hash).toBe(previous);
      expect(createHash('sha256').update(canonicalJson(entry)).digest('hex')).toBe(hash);
      previous = hash;
    }
    const { json } = await api.call('GET', `${BASE}/audit-logs/verify`);
    expect(json.result).toEqual({ intact: true, entries: all.length, head: previous, broken: null });
  });

  it('of another account is a chain of its own, and not to be seen', async () => {
    const other = api.token(['admin'], { account: 'other' });
    await api.call('POST', '/accounts/other/ai-gateway/gateways', { id: 'theirs' }, other);
    const theirs = await api.call('GET', '/accounts/other/ai-gateway/audit-logs', undefined, other);
    expect(theirs.json.result).toMatchObject([{ sequence: 1, resource: { id: 'theirs' } }]);
    expect(await entries('&resource_id=theirs')).toEqual([]);
    expect((await api.call('GET', '/accounts/other/ai-gateway/audit-logs')).status).toBe(404);
  });

  it('does not fill up with guesses: thirty failed sign-ins an hour, then their number', async () => {
    api.later(7_200_000);
    const guesses = await addedBy(async () => {
      for (let i = 0; i < 50; i++) {
        await api.call('POST', '/session', { token: `tg_guess_${i}` }, null);
        // Past the pause of the brute-force guard.
        api.later(61_000);
      }
    });
    expect(guesses).toHaveLength(30);
    api.later(7_200_000);
    const [next] = await addedBy(() => api.call('POST', '/session', { token: 'tg_again' }, null));
    expect(next).toMatchObject({ action: { result: 'failure' }, after: { left_out_before: 20 } });
  });
});

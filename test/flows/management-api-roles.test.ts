import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { routedPath } from '../../src/api/endpoint.ts';
import { API_ROUTES, PUBLIC_ROUTES } from '../../src/api/routes.ts';
import type { ApiServices } from '../../src/api/services.ts';
import type { Permission } from '../../src/core/stores/config.ts';
import { ACCOUNT, type Api, startApi } from './management-api-server.ts';

const ROLES: readonly Permission[] = ['run', 'metadata-read', 'read', 'edit', 'admin'];

/**
 * Who may call what, written down a second time: a route that is not in this table, or whose permission was lowered,
 * fails here. Paths are those of the route table without `/accounts/{account_id}/ai-gateway`.
 */
const EXPECTED: Readonly<Record<string, readonly Permission[]>> = {
  'get /gateways': ['metadata-read', 'read', 'edit', 'admin'],
  'post /gateways': ['edit', 'admin'],
  'get /gateways/{gateway_id}': ['metadata-read', 'read', 'edit', 'admin'],
  'put /gateways/{gateway_id}': ['edit', 'admin'],
  'delete /gateways/{gateway_id}': ['edit', 'admin'],
  'get /gateways/{gateway_id}/url/{provider}': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/logs': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/logs/export': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/logs/stream': ['metadata-read', 'read', 'edit', 'admin'],
  'delete /gateways/{gateway_id}/logs': ['edit', 'admin'],
  'get /gateways/{gateway_id}/logs/{log_id}': ['read', 'edit', 'admin'],
  'patch /gateways/{gateway_id}/logs/{log_id}': ['edit', 'admin'],
  'get /gateways/{gateway_id}/logs/{log_id}/conversation': ['read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/logs/{log_id}/request': ['read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/logs/{log_id}/response': ['read', 'edit', 'admin'],
  'get /analytics': ['metadata-read', 'read', 'edit', 'admin'],
  'get /attention': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/sessions': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/sessions/{session_id}': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/provider_configs': ['read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/provider_configs': ['edit', 'admin'],
  'put /gateways/{gateway_id}/provider_configs/{config_id}': ['edit', 'admin'],
  'delete /gateways/{gateway_id}/provider_configs/{config_id}': ['edit', 'admin'],
  'get /custom-providers': ['read', 'edit', 'admin'],
  'post /custom-providers': ['edit', 'admin'],
  'get /custom-providers/{provider_id}': ['read', 'edit', 'admin'],
  'patch /custom-providers/{provider_id}': ['edit', 'admin'],
  'delete /custom-providers/{provider_id}': ['edit', 'admin'],
  'get /gateways/{gateway_id}/cache/entries': ['metadata-read', 'read', 'edit', 'admin'],
  'delete /gateways/{gateway_id}/cache': ['edit', 'admin'],
  'delete /gateways/{gateway_id}/cache/{key}': ['edit', 'admin'],
  'get /gateways/{gateway_id}/cache/semantic': ['metadata-read', 'read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/cache/semantic/compare': ['read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/cache/semantic/resume': ['edit', 'admin'],
  'get /gateways/{gateway_id}/cache/semantic/hits': ['read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/cache/semantic/hits/{hit_id}': ['read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/cache/semantic/hits/{hit_id}/verdict': ['edit', 'admin'],
  'post /gateways/{gateway_id}/logs/{log_id}/wrong-answer': ['edit', 'admin'],
  'get /gateways/{gateway_id}/cache/semantic/wrong-pairs': ['read', 'edit', 'admin'],
  'delete /gateways/{gateway_id}/cache/semantic/wrong-pairs/{pair_id}': ['edit', 'admin'],
  'post /gateways/{gateway_id}/cache/semantic/wrong-pairs/check': ['edit', 'admin'],
  'get /gateways/{gateway_id}/cache/semantic/entries': ['read', 'edit', 'admin'],
  'delete /gateways/{gateway_id}/cache/semantic/entries': ['edit', 'admin'],
  'delete /gateways/{gateway_id}/cache/semantic/entries/{entry_id}': ['edit', 'admin'],
  'get /tokens': ['admin'],
  'post /tokens': ['admin'],
  'delete /tokens/{token_id}': ['admin'],
  'post /graphql': ['metadata-read', 'read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/views': ['metadata-read', 'read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/views': ['edit', 'admin'],
  'delete /gateways/{gateway_id}/views/{view_id}': ['edit', 'admin'],
  'get /audit-logs': ['admin'],
  'get /audit-logs/verify': ['admin'],
  'get /providers': ['metadata-read', 'read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/provider_configs/{config_id}/test': ['edit', 'admin'],
  'get /settings': ['read', 'edit', 'admin'],
  'get /health': ['metadata-read', 'read', 'edit', 'admin'],
  'get /prices': ['metadata-read', 'read', 'edit', 'admin'],
  'get /session': ROLES,
  'post /session': ['metadata-read', 'read', 'edit', 'admin'],
  'delete /session': ROLES,
  'get /gateways/{gateway_id}/run/{provider}/{rest}': ['run', 'admin'],
  'post /gateways/{gateway_id}/run/{provider}/{rest}': ['run', 'admin'],
  'put /gateways/{gateway_id}/run/{provider}/{rest}': ['run', 'admin'],
  'patch /gateways/{gateway_id}/run/{provider}/{rest}': ['run', 'admin'],
  'delete /gateways/{gateway_id}/run/{provider}/{rest}': ['run', 'admin'],
  'get /gateways/{gateway_id}/datasets': ['read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/datasets': ['edit', 'admin'],
  'get /gateways/{gateway_id}/datasets/{dataset_id}': ['read', 'edit', 'admin'],
  'put /gateways/{gateway_id}/datasets/{dataset_id}': ['edit', 'admin'],
  'delete /gateways/{gateway_id}/datasets/{dataset_id}': ['edit', 'admin'],
  'get /gateways/{gateway_id}/datasets/{dataset_id}/logs': ['read', 'edit', 'admin'],
  'get /evaluation-types': ['read', 'edit', 'admin'],
  'get /gateways/{gateway_id}/evaluations': ['read', 'edit', 'admin'],
  'post /gateways/{gateway_id}/evaluations': ['edit', 'admin'],
  'get /gateways/{gateway_id}/evaluations/{evaluation_id}': ['read', 'edit', 'admin'],
  'delete /gateways/{gateway_id}/evaluations/{evaluation_id}': ['edit', 'admin'],
  'get /gateways/{gateway_id}/evaluations/{evaluation_id}/results': ['read', 'edit', 'admin'],
  // Beside `run` it needs `read`, so that of tokens with one permission only the administrator's will do.
  'post /gateways/{gateway_id}/logs/{log_id}/replay': ['admin'],
};

const nameOf = (route: { method: string; path: string }): string =>
  `${route.method} ${route.path.replace('/accounts/{account_id}/ai-gateway', '')}`;

let api: Api;
const tokens = new Map<Permission, string>();
beforeAll(async () => {
  api = await startApi();
  for (const role of ROLES) tokens.set(role, api.token([role]));
});
afterAll(async () => {
  await api.close();
});

test('every route has an entry in the table of roles, and every entry a route', () => {
  expect(API_ROUTES.map(nameOf).sort()).toEqual(Object.keys(EXPECTED).sort());
});

test('the server has no route beside the route table', () => {
  const served = createApi({} as ApiServices).routes.map(
    (route) => `${route.method.toLowerCase()} ${route.path}`,
  );
  const declared = API_ROUTES.map((route) => `${route.method} /client/v4${routedPath(route.path)}`);
  expect(served.sort()).toEqual(
    [...declared, ...PUBLIC_ROUTES.map((path) => `get /client/v4${path}`)].sort(),
  );
});

describe.each(API_ROUTES.map((route) => [nameOf(route), route] as const))('%s', (name, route) => {
  const fill = (account: string): string =>
    route.path.replace('{account_id}', account).replace(/\{\w+\}/g, 'missing');
  /** The sign-in has its token in the body. */
  const bodyOf = (token: string | null): string | undefined => {
    if (route.identify) return JSON.stringify({ token: token ?? 'none' });
    return route.body === undefined ? undefined : '{}';
  };

  test.each(ROLES)('as %s', async (role) => {
    const token = tokens.get(role)!;
    const { status } = await api.call(route.method, fill(ACCOUNT), bodyOf(token), token);
    if (EXPECTED[name]?.includes(role)) expect(status).not.toBe(403);
    else expect(status).toBe(403);
  });

  test('without, with a wrong, an expired and a revoked token: 401 with code 10000', async () => {
    const past = Date.now() - 1000;
    const expired = api.token(['admin'], { expiresAt: past });
    const revoked = api.token(['admin'], { revokedAt: past });
    for (const token of [null, 'tg_wrong', expired, revoked]) {
      // Forgets the failures of before: this is not the test of the slow-down.
      api.later(3_600_000);
      const { status, json } = await api.call(route.method, fill(ACCOUNT), bodyOf(token), token);
      expect(status).toBe(401);
      expect(json).toMatchObject({ success: false, result: null, errors: [{ code: 10000 }] });
    }
  });

  test.runIf(route.path.includes('{account_id}'))(
    'another account is not there, whether it exists or not',
    async () => {
      api.config.putAccount('other');
      const answers = await Promise.all(
        ['other', 'never-made'].map((account) => api.call(route.method, fill(account), bodyOf(null))),
      );
      expect(answers.map((answer) => answer.status)).toEqual([404, 404]);
      expect(answers[0]!.text).toBe(answers[1]!.text);
    },
  );
});

test('ids of another account’s things are not found', async () => {
  const other = api.token(['admin'], { account: 'other' });
  await api.call('POST', '/accounts/other/ai-gateway/gateways', { id: 'theirs' }, other);
  const provider = await api.call(
    'POST',
    '/accounts/other/ai-gateway/custom-providers',
    { name: 'x', slug: 'x', base_url: 'https://example.com' },
    other,
  );
  const key = await api.call(
    'POST',
    '/accounts/other/ai-gateway/gateways/theirs/provider_configs',
    { provider_slug: 'openai', secret: 'test-key-of-another' },
    other,
  );
  const minted = await api.call(
    'POST',
    '/accounts/other/ai-gateway/tokens',
    { name: 't', permissions: ['run'] },
    other,
  );
  const record = api.record({ account: 'other', gateway: 'theirs' }, { request: [Buffer.from('{}')] });
  await api.call('POST', `/accounts/${ACCOUNT}/ai-gateway/gateways`, { id: 'ours' });
  api.cached.set('a'.repeat(64), {
    key: 'a'.repeat(64),
    account: 'other',
    gateway: 'theirs',
    status: 200,
    headers: [],
    body: Buffer.alloc(0),
    storedAt: 0,
    expiresAt: 0,
    recordId: '',
    costNanos: null,
    durationMs: null,
    model: null,
    provider: 'openai',
  });

  const ours = `/accounts/${ACCOUNT}/ai-gateway`;
  for (const [method, path] of [
    ['GET', '/gateways/theirs'],
    ['GET', '/gateways/theirs/logs'],
    ['GET', `/gateways/ours/logs/${record.id}`],
    ['GET', `/gateways/ours/logs/${record.id}/request`],
    ['PATCH', `/gateways/ours/logs/${record.id}`],
    ['DELETE', `/gateways/ours/provider_configs/${key.json.result.id}`],
    ['GET', `/custom-providers/${provider.json.result.id}`],
    ['DELETE', `/custom-providers/${provider.json.result.id}`],
    ['DELETE', `/tokens/${minted.json.result.id}`],
    ['DELETE', `/gateways/ours/cache/${'a'.repeat(64)}`],
    ['GET', '/gateways/..%2F..%2Fother%2Fai-gateway%2Fgateways%2Ftheirs'],
    ['GET', '/gateways/%2e%2e'],
  ] as const) {
    const { status } = await api.call(method, ours + path, method === 'PATCH' ? {} : undefined);
    expect([path, status]).toEqual([path, 404]);
  }
  expect(api.cached.size).toBe(1);
  const list = await api.call('GET', `${ours}/gateways/ours/logs`);
  expect(list.json.result).toEqual([]);
});

test('guessing is slowed down per address; tokens that were right before go on', async () => {
  const path = `/accounts/${ACCOUNT}/ai-gateway/gateways`;
  api.later(3_600_000);
  expect((await api.call('GET', path)).status).toBe(200);
  const fresh = api.token(['read']);
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await api.call('GET', path, undefined, `tg_guess${i}`)).status);
  expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(statuses.slice(10)).toEqual([429, 429]);
  const blocked = await api.call('GET', path, undefined, fresh);
  expect(blocked.status).toBe(429);
  expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await api.call('GET', path)).status).toBe(200);
  api.later(61_000);
  expect((await api.call('GET', path, undefined, fresh)).status).toBe(200);
});

describe('tokens', () => {
  const path = `/accounts/${ACCOUNT}/ai-gateway/tokens`;

  test('are shown once, work at once, and stop at once', async () => {
    const made = await api.call('POST', path, { name: 'app', permissions: ['read'] });
    const { id, value } = made.json.result;
    expect(value).toMatch(/^tg_[0-9A-Za-z]{43}$/);
    const gateways = `/accounts/${ACCOUNT}/ai-gateway/gateways`;
    expect((await api.call('GET', gateways, undefined, value)).status).toBe(200);
    const list = await api.call('GET', path);
    expect(list.text).not.toContain(value);
    expect(list.json.result[0]).toMatchObject({ id, status: 'active', permissions: ['read'] });
    expect((await api.call('DELETE', `${path}/${id}`)).json.result.status).toBe('revoked');
    expect((await api.call('GET', gateways, undefined, value)).status).toBe(401);
    expect((await api.call('DELETE', `${path}/${id}`)).status).toBe(200);
  });

  test('cannot outlive or exceed the token that makes them', async () => {
    api.later(3_600_000);
    const soon = Date.now() + 10 * 3_600_000 * 24 * 365;
    const limited = api.token(['admin'], { expiresAt: soon });
    const make = (body: object) => api.call('POST', path, body, limited);
    expect((await make({ name: 'x', permissions: ['run'] })).status).toBe(403);
    const later = new Date(soon + 1000).toISOString();
    expect((await make({ name: 'x', permissions: ['run'], expires_at: later })).status).toBe(403);
    const earlier = new Date(soon - 1000).toISOString();
    expect((await make({ name: 'x', permissions: ['run'], expires_at: earlier })).status).toBe(200);
  });

  test.each([
    { name: 'x' },
    { name: '  ', permissions: ['run'] },
    { name: 'x', permissions: [] },
    { name: 'x', permissions: ['root'] },
    { name: 'x', permissions: ['run', 'run'] },
    { name: 'x', permissions: ['run'], expires_at: '2001-01-01T00:00:00Z' },
    { name: 'x', permissions: ['run'], expires_at: 'tomorrow' },
    { name: 'x', permissions: ['run'], account: 'other' },
    { name: 'x', permissions: ['run'], hash: 'abc' },
  ])('%j is refused', async (body) => {
    expect((await api.call('POST', path, body)).status).toBe(400);
  });
});

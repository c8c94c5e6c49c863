import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Permission } from '../../src/core/stores/config.ts';
import { type Api, startApi } from '../flows/management-api-server.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';

const TOKENS = '/accounts/local/ai-gateway/tokens';
const ROLES = {
  admin: ['admin'],
  editor: ['edit', 'run'],
  viewer: ['read'],
  'metadata-viewer': ['metadata-read'],
  run: ['run'],
} as const satisfies Record<string, readonly Permission[]>;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('26. roles', () => {
  it.each(Object.entries(ROLES))('%s stands for its permissions', async (role, permissions) => {
    const made = await api.call('POST', TOKENS, { name: 'x', role });
    expect(made.json.result).toMatchObject({ role, permissions, status: 'active' });
    const who = await api.call('GET', '/session', undefined, made.json.result.value);
    expect(who.json.result.token).toMatchObject({ role, permissions });
  });

  it('are found for permissions that were given one by one, and are null for other sets', async () => {
    const roleOf = async (permissions: Permission[]) =>
      (await api.call('POST', TOKENS, { name: 'x', permissions })).json.result.role;
    expect(await roleOf(['run', 'admin'])).toBe('admin');
    expect(await roleOf(['run', 'edit'])).toBe('editor');
    expect(await roleOf(['metadata-read', 'read'])).toBe('viewer');
    expect(await roleOf(['edit'])).toBeNull();
    expect(await roleOf(['run', 'read'])).toBeNull();
  });

  it('name the token when nobody else does', async () => {
    expect((await api.call('POST', TOKENS, { role: 'viewer' })).json.result.name).toBe('viewer');
    expect((await api.call('POST', TOKENS, { permissions: ['edit'] })).json.result.name).toBe('edit');
  });

  it.each([
    { name: 'x' },
    { name: 'x', role: 'root' },
    { name: 'x', role: ['admin'] },
    { name: 'x', role: 'viewer', permissions: ['read'] },
    { name: 'x', role: 'viewer', account: 'other' },
    { name: 'x', role: 'viewer', hash: 'f'.repeat(64) },
    { name: 'x', role: 'viewer', id: 'mine' },
    { name: 'x', role: 'viewer', created_at: '2020-01-01T00:00:00Z' },
    { name: 'x', role: 'viewer', last_used_at: null },
    { name: 'x', role: 'viewer', status: 'active' },
    { name: 'x', role: 'viewer', value: 'tg_chosen' },
    { name: 'x', role: 'viewer', revokedAt: null },
  ])('%j is refused', async (body) => {
    expect((await api.call('POST', TOKENS, body)).status).toBe(400);
  });

  it.each(['editor', 'viewer', 'metadata-viewer', 'run'] as const)(
    'nobody but an administrator makes, lists or revokes tokens: %s does not',
    async (role) => {
      const mine = await api.call('POST', TOKENS, { name: role, role });
      const { id, value } = mine.json.result;
      for (const wanted of ['admin', 'editor', 'run']) {
        expect((await api.call('POST', TOKENS, { name: 'x', role: wanted }, value)).status).toBe(403);
      }
      expect((await api.call('GET', TOKENS, undefined, value)).status).toBe(403);
      expect((await api.call('DELETE', `${TOKENS}/${id}`, undefined, value)).status).toBe(403);
      // There is no way to change a token, one's own or another.
      for (const method of ['PUT', 'PATCH', 'POST']) {
        expect((await api.call(method, `${TOKENS}/${id}`, { role: 'admin' }, value)).status).toBe(405);
      }
      expect((await api.call('GET', '/session', undefined, value)).json.result.token.role).toBe(role);
    },
  );

  it.each([
    ['gateway', '/accounts/local/ai-gateway/gateways', { id: 'mass', account: 'other' }],
    ['gateway', '/accounts/local/ai-gateway/gateways', { id: 'mass', cacheEpoch: 9 }],
    ['gateway', '/accounts/local/ai-gateway/gateways', { id: 'mass', is_default: true }],
    [
      'custom provider',
      '/accounts/local/ai-gateway/custom-providers',
      { name: 'x', slug: 'mass', base_url: 'https://example.com', account: 'other' },
    ],
  ])('a %s takes no field that is not for people to set: %s %j', async (_, path, body) => {
    expect((await api.call('POST', path, body)).status).toBe(400);
  });
});

describe('the last use of a token', () => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway();
  });
  afterAll(() => test.close());

  interface Row {
    readonly id: string;
    readonly value: string;
    readonly last_used_at: string | null;
    readonly last_used_address: string | null;
  }
  const rowOf = async (id: string): Promise<Row> =>
    ((await test.manage('GET', '/tokens?per_page=100')) as Row[]).find((row) => row.id === id)!;

  it('is known after a request to a provider, after one to this API, and after a restart', async () => {
    const made = (await test.manage('POST', '/tokens', { name: 'app', role: 'run' })) as Row;
    expect(await rowOf(made.id)).toMatchObject({ last_used_at: null, last_used_address: null });
    const before = Date.now();
    await test.manage('POST', '/gateways', { id: 'g' });
    const reply = await fetch(`${test.base('g')}/openai/models`, {
      headers: { authorization: 'Bearer test-key', 'cf-aig-authorization': `Bearer ${made.value}` },
    });
    expect(reply.status).toBe(200);
    const used = await rowOf(made.id);
    expect(Date.parse(used.last_used_at!)).toBeGreaterThanOrEqual(before - 1000);
    expect(used.last_used_address).toMatch(/127\.0\.0\.1$/);
    await test.restart();
    expect(await rowOf(made.id)).toMatchObject({
      last_used_at: used.last_used_at,
      last_used_address: used.last_used_address,
    });
    const viewer = (await test.manage('POST', '/tokens', { role: 'viewer' })) as Row;
    await fetch(`${test.gateway.baseUrl}/client/v4/session`, {
      headers: { authorization: `Bearer ${viewer.value}` },
    });
    expect((await rowOf(viewer.id)).last_used_at).not.toBeNull();
  });

  it('is not touched by a wrong token, nor moved by a client that claims another address', async () => {
    const made = (await test.manage('POST', '/tokens', { role: 'viewer' })) as Row;
    const ask = (token: string) =>
      fetch(`${test.gateway.baseUrl}/client/v4/session`, {
        headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.9' },
      });
    expect((await ask(`${made.value}x`)).status).toBe(401);
    expect((await rowOf(made.id)).last_used_at).toBeNull();
    expect((await ask(made.value)).status).toBe(200);
    expect((await rowOf(made.id)).last_used_address).toMatch(/127\.0\.0\.1$/);
  });
});

it('the operator’s own token has a role, and its use is noted', async () => {
  const test = await startTestGateway({ env: { TIDEGATE_TRUST_PROXY: 'on' } });
  try {
    const response = await fetch(`${test.gateway.baseUrl}/client/v4${TOKENS}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'x-forwarded-for': '10.1.2.3, 203.0.113.9' },
    });
    const { result } = (await response.json()) as { result: Record<string, unknown>[] };
    expect(result).toMatchObject([{ role: 'admin', last_used_address: '203.0.113.9' }]);
  } finally {
    await test.close();
  }
});

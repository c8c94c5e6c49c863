import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { type Api, startApi } from '../flows/management-api-server.ts';
import { GATEWAYS, HOUR_MS, send, signIn, withCookie } from './session-calls.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
// Forgets failed sign-ins and sessions of the test before.
beforeEach(() => api.later(8 * 24 * HOUR_MS));

describe('27. a session', () => {
  it('begins with a token, in a cookie that scripts and other sites do not get', async () => {
    const { setCookie, cookie } = await signIn(api);
    expect(setCookie).toMatch(
      /^tidegate_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    expect(setCookie).not.toContain(api.admin.slice(3, 12));
    const who = await send(api, 'GET', '/session', { cookie });
    expect(await who.json()).toMatchObject({
      result: { account: 'local', token: { role: 'admin', permissions: ['admin'] } },
    });
    expect(who.headers.get('cache-control')).toBe('no-store');
  });

  it('says who shows a token, without a session', async () => {
    const viewer = api.token(['read']);
    const { json } = await api.call('GET', '/session', undefined, viewer);
    expect(json.result).toMatchObject({ account: 'local', token: { role: 'viewer' }, csrf: null });
    expect((await send(api, 'GET', '/session', {})).status).toBe(401);
  });

  it('has a new id at each sign-in, and the old one is over', async () => {
    const first = await signIn(api);
    const second = await signIn(api, api.admin, { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect(await withCookie(api, first)).toBe(401);
    expect(await withCookie(api, second)).toBe(200);
  });

  it('takes no id that the browser brings along', async () => {
    const planted = `tidegate_session=${'A'.repeat(43)}`;
    const signed = await signIn(api, api.admin, { cookie: planted });
    expect(signed.cookie).not.toBe(planted);
    expect((await send(api, 'GET', GATEWAYS, { cookie: planted })).status).toBe(401);
  });

  it('ends after twelve hours without use, and after seven days in any case', async () => {
    const idle = await signIn(api);
    api.later(11 * HOUR_MS);
    expect(await withCookie(api, idle)).toBe(200);
    api.later(11 * HOUR_MS);
    expect(await withCookie(api, idle)).toBe(200);
    api.later(12 * HOUR_MS + 1000);
    const over = await send(api, 'GET', GATEWAYS, { cookie: idle.cookie });
    expect(over.status).toBe(401);
    expect(over.headers.get('set-cookie')).toContain('Max-Age=0');

    const used = await signIn(api);
    for (let hours = 0; hours < 7 * 24; hours += 8) {
      expect(await withCookie(api, used)).toBe(200);
      api.later(8 * HOUR_MS);
    }
    api.later(1000);
    expect(await withCookie(api, used)).toBe(401);
  });

  it('ends at once when its token is revoked, expires, or is replaced', async () => {
    const made = await api.call('POST', '/accounts/local/ai-gateway/tokens', {
      name: 'person',
      permissions: ['read'],
    });
    const signed = await signIn(api, made.json.result.value);
    expect(await withCookie(api, signed)).toBe(200);
    await api.call('DELETE', `/accounts/local/ai-gateway/tokens/${made.json.result.id}`);
    expect(await withCookie(api, signed)).toBe(401);

    const soon = Date.now() + 10 * 365 * 24 * HOUR_MS;
    const expiring = await signIn(api, api.token(['read'], { id: 'expiring', expiresAt: soon }));
    expect(await withCookie(api, expiring)).toBe(200);
    const token = api.config.listTokens('local').find(({ id }) => id === 'expiring')!;
    api.config.putToken({ ...token, expiresAt: 1 });
    expect(await withCookie(api, expiring)).toBe(401);
    api.config.putToken({ ...token, hash: 'f'.repeat(64) });
    expect(await withCookie(api, expiring)).toBe(401);
  });

  it('has the rights that its token has now', async () => {
    const value = api.token(['edit'], { id: 'lowered' });
    const signed = await signIn(api, value);
    const create = (id: string) =>
      send(api, 'POST', GATEWAYS, { cookie: signed.cookie, 'x-tidegate-csrf': signed.csrf }, { id });
    expect((await create('before')).status).toBe(200);
    const token = api.config.listTokens('local').find(({ id }) => id === 'lowered')!;
    api.config.putToken({ ...token, permissions: ['read'] });
    expect((await create('after')).status).toBe(403);
  });

  it('ends by signing out; everywhere when that is asked for', async () => {
    const value = api.token(['read']);
    const [one, two, three] = [await signIn(api, value), await signIn(api, value), await signIn(api, value)];
    const out = await send(api, 'DELETE', '/session', { cookie: one.cookie, 'x-tidegate-csrf': one.csrf });
    expect(out.headers.get('set-cookie')).toMatch(/^tidegate_session=; .*Max-Age=0/);
    expect([await withCookie(api, one), await withCookie(api, two)]).toEqual([401, 200]);
    const headers = { cookie: two.cookie, 'x-tidegate-csrf': two.csrf };
    const all = await send(api, 'DELETE', '/session?everywhere=true', headers);
    expect(await all.json()).toMatchObject({ result: { ended: 2 } });
    expect([await withCookie(api, two), await withCookie(api, three)]).toEqual([401, 401]);
  });

  it('is not opened by a key for applications, nor by anything that is no token', async () => {
    expect((await send(api, 'POST', '/session', {}, { token: api.token(['run']) })).status).toBe(403);
    for (const token of ['tg_wrong', 'admin', "' OR 1=1 --", '__proto__']) {
      expect((await send(api, 'POST', '/session', {}, { token })).status).toBe(401);
    }
    for (const body of [{}, { token: '' }, { token: 1 }, { token: ['x'] }, { token: 'x', role: 'admin' }]) {
      expect((await send(api, 'POST', '/session', {}, body)).status).toBe(400);
    }
    expect((await send(api, 'POST', '/session', {}, { token: 'x'.repeat(5000) })).status).toBe(400);
  });

  it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(20_000), '%00', '../..', '"', '__proto__'])(
    'with a cookie of %j is none',
    async (value) => {
      const response = await send(api, 'GET', GATEWAYS, { cookie: `tidegate_session=${value}` });
      expect([401, 431]).toContain(response.status);
    },
  );

  it('is for 50 browsers at most per token: the oldest goes', async () => {
    const value = api.token(['read']);
    const first = await signIn(api, value);
    for (let i = 0; i < 50; i++) {
      api.later(1);
      await signIn(api, value);
    }
    expect(await withCookie(api, first)).toBe(401);
  });
});

describe('27. a change made with a session', () => {
  const changes = API_ROUTES.filter((route) => route.method !== 'get' && !route.identify);

  it.each(changes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s needs the CSRF token',
    async (_, route) => {
      const signed = await signIn(api);
      const other = await signIn(api);
      const path = route.path.replace('{account_id}', 'local').replace(/\{\w+\}/g, 'missing');
      const body = route.body === undefined ? undefined : {};
      for (const csrf of [null, '', 'wrong', other.csrf, `${signed.csrf}x`]) {
        const headers = { cookie: signed.cookie, ...(csrf !== null && { 'x-tidegate-csrf': csrf }) };
        expect((await send(api, route.method.toUpperCase(), path, headers, body)).status).toBe(403);
      }
      const headers = { cookie: signed.cookie, 'x-tidegate-csrf': signed.csrf };
      expect((await send(api, route.method.toUpperCase(), path, headers, body)).status).not.toBe(403);
    },
  );
});

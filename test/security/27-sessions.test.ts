import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { type Api, startApi } from '../flows/management-api-server.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { filesWith, storedFiles } from './stored-files.ts';

const GATEWAYS = '/accounts/local/ai-gateway/gateways';
const HOUR_MS = 3_600_000;

interface SignIn {
  readonly cookie: string;
  readonly csrf: string;
  readonly setCookie: string;
}

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
// Forgets failed sign-ins and sessions of the test before.
beforeEach(() => api.later(8 * 24 * HOUR_MS));

function send(method: string, path: string, headers: Record<string, string>, body?: unknown) {
  return fetch(api.base + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function signIn(token = api.admin, headers: Record<string, string> = {}): Promise<SignIn> {
  const response = await send('POST', '/session', headers, { token });
  expect(response.status).toBe(200);
  const setCookie = response.headers.getSetCookie().join('\n');
  const { result } = (await response.json()) as { result: { csrf: string } };
  return { cookie: setCookie.split(';')[0]!, csrf: result.csrf, setCookie };
}

const withCookie = async ({ cookie }: SignIn, headers: Record<string, string> = {}): Promise<number> =>
  (await send('GET', GATEWAYS, { cookie, ...headers })).status;

describe('27. a session', () => {
  it('begins with a token, in a cookie that scripts and other sites do not get', async () => {
    const { setCookie, cookie } = await signIn();
    expect(setCookie).toMatch(
      /^tidegate_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    expect(setCookie).not.toContain(api.admin.slice(3, 12));
    const who = await send('GET', '/session', { cookie });
    expect(await who.json()).toMatchObject({
      result: { account: 'local', token: { role: 'admin', permissions: ['admin'] } },
    });
    expect(who.headers.get('cache-control')).toBe('no-store');
  });

  it('says who shows a token, without a session', async () => {
    const viewer = api.token(['read']);
    const { json } = await api.call('GET', '/session', undefined, viewer);
    expect(json.result).toMatchObject({ account: 'local', token: { role: 'viewer' }, csrf: null });
    expect((await send('GET', '/session', {})).status).toBe(401);
  });

  it('has a new id at each sign-in, and the old one is over', async () => {
    const first = await signIn();
    const second = await signIn(api.admin, { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect(await withCookie(first)).toBe(401);
    expect(await withCookie(second)).toBe(200);
  });

  it('takes no id that the browser brings along', async () => {
    const planted = `tidegate_session=${'A'.repeat(43)}`;
    const signed = await signIn(api.admin, { cookie: planted });
    expect(signed.cookie).not.toBe(planted);
    expect((await send('GET', GATEWAYS, { cookie: planted })).status).toBe(401);
  });

  it('ends after twelve hours without use, and after seven days in any case', async () => {
    const idle = await signIn();
    api.later(11 * HOUR_MS);
    expect(await withCookie(idle)).toBe(200);
    api.later(11 * HOUR_MS);
    expect(await withCookie(idle)).toBe(200);
    api.later(12 * HOUR_MS + 1000);
    const over = await send('GET', GATEWAYS, { cookie: idle.cookie });
    expect(over.status).toBe(401);
    expect(over.headers.get('set-cookie')).toContain('Max-Age=0');

    const used = await signIn();
    for (let hours = 0; hours < 7 * 24; hours += 8) {
      expect(await withCookie(used)).toBe(200);
      api.later(8 * HOUR_MS);
    }
    api.later(1000);
    expect(await withCookie(used)).toBe(401);
  });

  it('ends at once when its token is revoked, expires, or is replaced', async () => {
    const made = await api.call('POST', '/accounts/local/ai-gateway/tokens', {
      name: 'person',
      permissions: ['read'],
    });
    const signed = await signIn(made.json.result.value);
    expect(await withCookie(signed)).toBe(200);
    await api.call('DELETE', `/accounts/local/ai-gateway/tokens/${made.json.result.id}`);
    expect(await withCookie(signed)).toBe(401);

    const soon = Date.now() + 10 * 365 * 24 * HOUR_MS;
    const expiring = await signIn(api.token(['read'], { id: 'expiring', expiresAt: soon }));
    expect(await withCookie(expiring)).toBe(200);
    const token = api.config.listTokens('local').find(({ id }) => id === 'expiring')!;
    api.config.putToken({ ...token, expiresAt: 1 });
    expect(await withCookie(expiring)).toBe(401);
    api.config.putToken({ ...token, hash: 'f'.repeat(64) });
    expect(await withCookie(expiring)).toBe(401);
  });

  it('has the rights that its token has now', async () => {
    const value = api.token(['edit'], { id: 'lowered' });
    const signed = await signIn(value);
    const create = (id: string) =>
      send('POST', GATEWAYS, { cookie: signed.cookie, 'x-tidegate-csrf': signed.csrf }, { id });
    expect((await create('before')).status).toBe(200);
    const token = api.config.listTokens('local').find(({ id }) => id === 'lowered')!;
    api.config.putToken({ ...token, permissions: ['read'] });
    expect((await create('after')).status).toBe(403);
  });

  it('ends by signing out; everywhere when that is asked for', async () => {
    const value = api.token(['read']);
    const [one, two, three] = [await signIn(value), await signIn(value), await signIn(value)];
    const out = await send('DELETE', '/session', { cookie: one.cookie, 'x-tidegate-csrf': one.csrf });
    expect(out.headers.get('set-cookie')).toMatch(/^tidegate_session=; .*Max-Age=0/);
    expect([await withCookie(one), await withCookie(two)]).toEqual([401, 200]);
    const headers = { cookie: two.cookie, 'x-tidegate-csrf': two.csrf };
    const all = await send('DELETE', '/session?everywhere=true', headers);
    expect(await all.json()).toMatchObject({ result: { ended: 2 } });
    expect([await withCookie(two), await withCookie(three)]).toEqual([401, 401]);
  });

  it('is not opened by a key for applications, nor by anything that is no token', async () => {
    expect((await send('POST', '/session', {}, { token: api.token(['run']) })).status).toBe(403);
    for (const token of ['tg_wrong', 'admin', "' OR 1=1 --", '__proto__']) {
      expect((await send('POST', '/session', {}, { token })).status).toBe(401);
    }
    for (const body of [{}, { token: '' }, { token: 1 }, { token: ['x'] }, { token: 'x', role: 'admin' }]) {
      expect((await send('POST', '/session', {}, body)).status).toBe(400);
    }
    expect((await send('POST', '/session', {}, { token: 'x'.repeat(5000) })).status).toBe(400);
  });

  it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(20_000), '%00', '../..', '"', '__proto__'])(
    'with a cookie of %j is none',
    async (value) => {
      const response = await send('GET', GATEWAYS, { cookie: `tidegate_session=${value}` });
      expect([401, 431]).toContain(response.status);
    },
  );

  it('is for 50 browsers at most per token: the oldest goes', async () => {
    const value = api.token(['read']);
    const first = await signIn(value);
    for (let i = 0; i < 50; i++) {
      api.later(1);
      await signIn(value);
    }
    expect(await withCookie(first)).toBe(401);
  });
});

describe('27. a change made with a session', () => {
  const changes = API_ROUTES.filter((route) => route.method !== 'get' && !route.identify);

  it.each(changes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s needs the CSRF token',
    async (_, route) => {
      const signed = await signIn();
      const other = await signIn();
      const path = route.path.replace('{account_id}', 'local').replace(/\{\w+\}/g, 'missing');
      const body = route.body === undefined ? undefined : {};
      for (const csrf of [null, '', 'wrong', other.csrf, `${signed.csrf}x`]) {
        const headers = { cookie: signed.cookie, ...(csrf !== null && { 'x-tidegate-csrf': csrf }) };
        expect((await send(route.method.toUpperCase(), path, headers, body)).status).toBe(403);
      }
      const headers = { cookie: signed.cookie, 'x-tidegate-csrf': signed.csrf };
      expect((await send(route.method.toUpperCase(), path, headers, body)).status).not.toBe(403);
    },
  );
});

describe('30. other sites', () => {
  it('cannot use a session, whatever they send', async () => {
    const signed = await signIn();
    const host = new URL(api.base).host;
    expect(await withCookie(signed, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await withCookie(signed, { 'sec-fetch-site': 'none' })).toBe(200);
    expect(await withCookie(signed, { origin: `http://${host}` })).toBe(200);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://evil.example' },
      { origin: `http://127.0.0.1:${Number(new URL(api.base).port) + 1}` },
      { origin: `http://${host}.evil.example` },
      { origin: 'null' },
    ]) {
      expect([headers, await withCookie(signed, headers)]).toEqual([headers, 403]);
      const change = { cookie: signed.cookie, 'x-tidegate-csrf': signed.csrf, ...headers };
      expect((await send('POST', GATEWAYS, change, { id: 'x' })).status).toBe(403);
      expect((await send('POST', '/session', headers, { token: api.admin })).status).toBe(403);
    }
  });

  it('get no leave to read: no CORS header, also not for a preflight', async () => {
    for (const [method, path] of [
      ['OPTIONS', GATEWAYS],
      ['GET', GATEWAYS],
      ['OPTIONS', '/session'],
      ['GET', '/openapi.json'],
    ] as const) {
      const response = await send(method, path, {
        origin: 'http://evil.example',
        authorization: `Bearer ${api.admin}`,
        'access-control-request-method': 'POST',
      });
      const names = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect([method, path, names]).toEqual([method, path, []]);
    }
  });
});

describe('29. guessing at the sign-in', () => {
  it('is slowed down together with guessing at the API, and locks nobody out who was right before', async () => {
    const known = api.token(['read']);
    expect((await api.call('GET', '/session', undefined, known)).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      const response =
        i % 2 === 0
          ? await send('POST', '/session', {}, { token: `tg_guess${i}` })
          : await send('GET', GATEWAYS, { authorization: `Bearer tg_guess${i}` });
      statuses.push(response.status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await send('POST', '/session', {}, { token: api.token(['read']) })).status).toBe(429);
    expect((await send('POST', '/session', {}, { token: known })).status).toBe(200);
  });
});

describe('behind a proxy that encrypts', () => {
  it('the cookie is for https alone, where the proxy is trusted', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    const untrusted = await signIn(api.admin, headers);
    expect(untrusted.setCookie).toMatch(/^tidegate_session=/);
    const trusting = await startApi({ trustProxy: true });
    try {
      const response = await fetch(`${trusting.base}/session`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ token: trusting.admin }),
      });
      const setCookie = response.headers.getSetCookie()[0]!;
      expect(setCookie).toMatch(/^__Host-tidegate=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/);
      const cookie = setCookie.split(';')[0]!;
      const statuses = await Promise.all(
        [headers, {}].map(
          async (shown) =>
            (
              await fetch(trusting.base + GATEWAYS, {
                headers: { cookie, ...shown } as Record<string, string>,
              })
            ).status,
        ),
      );
      expect(statuses).toEqual([200, 401]);
    } finally {
      await trusting.close();
    }
  });
});

describe('in the data folder', () => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway();
  });
  afterAll(() => test.close());

  it('a session is a hash; it survives a restart, and its cookie goes to no provider', async () => {
    const response = await fetch(`${test.gateway.baseUrl}/client/v4/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: ADMIN_TOKEN }),
    });
    const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
    const { csrf } = ((await response.json()) as { result: { csrf: string } }).result;
    await test.restart();
    const url = `${test.gateway.baseUrl}/client/v4${GATEWAYS}`;
    expect((await fetch(url, { headers: { cookie } })).status).toBe(200);
    const files = storedFiles(test.dataFolder);
    expect([...files.keys()]).toContain('access.db');
    for (const secret of [cookie.split('=')[1]!, csrf, ADMIN_TOKEN])
      expect(filesWith(files, secret)).toEqual([]);
    const before = test.provider.requests.length;
    await fetch(`${test.base()}/openai/models`, {
      headers: { cookie, 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`, authorization: 'Bearer test-key' },
    });
    const seen = JSON.stringify(test.provider.requests.slice(before));
    expect(test.provider.requests.length).toBe(before + 1);
    expect(seen).not.toContain(cookie.split('=')[1]!);
  });
});

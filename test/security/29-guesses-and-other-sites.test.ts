import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../flows/management-api-server.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { GATEWAYS, HOUR_MS, send, signIn, withCookie } from './session-calls.ts';
import { filesWith, storedFiles } from './stored-files.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
// Forgets failed sign-ins and sessions of the test before.
beforeEach(() => api.later(8 * 24 * HOUR_MS));

describe('30. other sites', () => {
  it('cannot use a session, whatever they send', async () => {
    const signed = await signIn(api);
    const host = new URL(api.base).host;
    expect(await withCookie(api, signed, { 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await withCookie(api, signed, { 'sec-fetch-site': 'none' })).toBe(200);
    expect(await withCookie(api, signed, { origin: `http://${host}` })).toBe(200);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://evil.example' },
      { origin: `http://127.0.0.1:${Number(new URL(api.base).port) + 1}` },
      { origin: `http://${host}.evil.example` },
      { origin: 'null' },
    ]) {
      expect([headers, await withCookie(api, signed, headers)]).toEqual([headers, 403]);
      const change = { cookie: signed.cookie, 'x-tidegate-csrf': signed.csrf, ...headers };
      expect((await send(api, 'POST', GATEWAYS, change, { id: 'x' })).status).toBe(403);
      expect((await send(api, 'POST', '/session', headers, { token: api.admin })).status).toBe(403);
    }
  });

  it('get no leave to read: no CORS header, also not for a preflight', async () => {
    for (const [method, path] of [
      ['OPTIONS', GATEWAYS],
      ['GET', GATEWAYS],
      ['OPTIONS', '/session'],
      ['GET', '/openapi.json'],
    ] as const) {
      const response = await send(api, method, path, {
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
          ? await send(api, 'POST', '/session', {}, { token: `tg_guess${i}` })
          : await send(api, 'GET', GATEWAYS, { authorization: `Bearer tg_guess${i}` });
      statuses.push(response.status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await send(api, 'POST', '/session', {}, { token: api.token(['read']) })).status).toBe(429);
    expect((await send(api, 'POST', '/session', {}, { token: known })).status).toBe(200);
  });
});

describe('behind a proxy that encrypts', () => {
  it('the cookie is for https alone, where the proxy is trusted', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    const untrusted = await signIn(api, api.admin, headers);
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

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw } from './raw-http.ts';

let test: TestGateway;
/** An upstream that answers with whatever header fields the test wants. */
let forger: Server;
let forged: string[] = [];

beforeAll(async () => {
  forger = createServer((request, response) => {
    request.resume();
    response.writeHead(200, [...forged, 'content-type', 'application/json', 'content-length', '2']);
    response.end('{}');
  });
  await new Promise<void>((resolve) => forger.listen(0, '127.0.0.1', resolve));
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({
      id: 'forged',
      provider_urls: { openai: `http://127.0.0.1:${(forger.address() as AddressInfo).port}` },
    }),
  );
});
afterAll(async () => {
  await test.close();
  forger.closeAllConnections();
  await new Promise((resolve) => forger.close(resolve));
});
beforeEach(() => test.provider.reset());

const BODY = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}';

const raw = (fields: readonly string[], path = '/v1/local/g/openai/chat/completions', body = BODY) =>
  sendRaw(
    test.gateway.port,
    `POST ${path} HTTP/1.1\r\n${[
      'Host: gateway.example',
      `cf-aig-authorization: Bearer ${ADMIN_TOKEN}`,
      'authorization: Bearer test-key',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      ...fields,
    ].join('\r\n')}\r\n\r\n${body}`,
    3000,
  );

const names = (list: readonly string[]): string[] =>
  list.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());

describe('8. fields that belong to one connection, or to the gateway', () => {
  it('drops hop-by-hop fields and those that Connection names on the way to the provider', async () => {
    const answer = await raw([
      'Connection: close, X-Secret-Hop, x-Other-hop',
      'connection: x-third-hop',
      'X-Secret-Hop: 1',
      'x-other-hop: 1',
      'X-THIRD-HOP: 1',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: Basic test',
      'Proxy-Authenticate: Basic',
      'TE: trailers',
      'Trailer: x-late',
      'x-kept: 1',
    ]);
    expect(answer.status).toBe(200);
    const sent = names(test.provider.requests[0]!.rawHeaders);
    expect(sent).toContain('x-kept');
    for (const name of [
      'x-secret-hop',
      'x-other-hop',
      'x-third-hop',
      'keep-alive',
      'proxy-connection',
      'proxy-authorization',
      'proxy-authenticate',
      'te',
      'trailer',
    ])
      expect(sent).not.toContain(name);
  });

  it('cannot be made to lose a field of its own by a Connection that names it', async () => {
    const answer = await raw([
      'Connection: close, authorization, content-type, host, content-length, cf-aig-authorization',
    ]);
    // The credential was declared hop-by-hop by its owner: the provider may refuse, the gateway may not break.
    expect([200, 401]).toContain(answer.status);
    expect(names(test.provider.requests[0]!.rawHeaders)).toEqual(
      expect.arrayContaining(['host', 'content-length']),
    );
    expect(test.provider.requests[0]!.body.toString()).toBe(BODY);
  });

  it('sends no gateway credential, internal field, cookie or address of the client to the provider', async () => {
    await raw([
      'Connection: close',
      'Cookie: session=test-cookie',
      'cf-aig-metadata: {"a":1}',
      'CF-AIG-Anything: 1',
      'tidegate-anything: 1',
      'cf-access-client-id: x',
      'cf-access-jwt-assertion: x',
      'cf-connecting-ip: 192.0.2.1',
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Host: a',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Anything: x',
      'X-Real-IP: 192.0.2.1',
      'True-Client-IP: 192.0.2.1',
      'Forwarded: for=192.0.2.1',
      'Via: 1.1 proxy',
    ]);
    const [request] = test.provider.requests;
    const text = request!.rawHeaders.join('\n').toLowerCase();
    expect(text).not.toMatch(
      /cf-|tidegate|cookie|forwarded|x-real|true-client|^via$|192\.0\.2\.1|gateway\.example/m,
    );
    expect(text).not.toContain(ADMIN_TOKEN.toLowerCase());
  });

  it('lets no provider speak in the gateway’s name, set cookies, or open the gateway to pages', async () => {
    forged = [
      ...['Connection', 'keep-alive, x-hop', 'x-hop', '1', 'Keep-Alive', 'timeout=1'],
      ...['cf-aig-cache-status', 'HIT', 'CF-AIG-Log-Id', 'forged', 'cf-aig-step', '9', 'cf-aig-new', 'x'],
      ...['tidegate-x', '1', 'Set-Cookie', 'a=b', 'set-cookie', 'c=d', 'Set-Cookie2', 'e=f'],
      ...['Access-Control-Allow-Origin', '*', 'access-control-allow-credentials', 'true'],
      ...['Strict-Transport-Security', 'max-age=1', 'Clear-Site-Data', '"*"', 'Alt-Svc', 'h3=":443"'],
      ...['Proxy-Authenticate', 'Basic', 'Upgrade', 'h2c', 'NEL', '{}', 'Report-To', '{}'],
      ...['x-kept', 'yes', 'Server', 'upstream'],
    ];
    const answer = await raw(['Connection: close'], '/v1/local/forged/openai/chat/completions');
    expect(answer.status).toBe(200);
    const head = answer.text.slice(0, answer.text.indexOf('\r\n\r\n')).toLowerCase();
    expect(head).toContain('x-kept: yes');
    expect(head).not.toMatch(
      /forged|cf-aig-new|tidegate-x|cookie|access-control|strict-transport|clear-site|alt-svc|proxy-auth|upgrade|x-hop|\bnel:|report-to/,
    );
    expect(head.match(/cf-aig-step/g)).toHaveLength(1);
    expect(head).toContain('cf-aig-step: 0');
    expect(head).not.toContain('cf-aig-cache-status');
  });

  it('answers no CORS preflight with a permission, on any surface', async () => {
    for (const path of [
      '/v1/local/g/openai/x',
      '/client/v4/accounts/local/ai-gateway/gateways',
      '/healthz',
    ]) {
      const response = await fetch(`${test.gateway.baseUrl}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
      await response.arrayBuffer();
      const granted = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
      expect(granted, path).toEqual([]);
    }
  });
});

describe('9. identities and names that are not the client’s to choose', () => {
  it('does not take a forwarded address or host for anything: nobody becomes an administrator by header', async () => {
    const attempts = [
      { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
      { 'x-forwarded-user': 'admin', 'x-remote-user': 'admin', 'remote-user': 'admin' },
      {
        'cf-access-authenticated-user-email': 'admin@example.com',
        'x-auth-request-email': 'admin@example.com',
      },
      { 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz' },
      { 'x-http-method-override': 'GET', 'tidegate-account': 'local', 'x-tidegate-admin': 'true' },
    ];
    for (const headers of attempts) {
      const response = await fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`, {
        headers,
      });
      expect([401, 403]).toContain(response.status);
      await response.arrayBuffer();
    }
  });

  it('answers the management API only under known host names, and the forwarded one is not asked', async () => {
    const ask = (host: string, ...more: string[]) =>
      sendRaw(
        test.gateway.port,
        `GET /client/v4/accounts/local/ai-gateway/gateways HTTP/1.1\r\nHost: ${host}\r\nauthorization: Bearer ${ADMIN_TOKEN}\r\nconnection: close\r\n${more.join('')}\r\n`,
        3000,
      );
    expect((await ask('127.0.0.1')).status).toBe(200);
    expect((await ask('localhost:8787')).status).toBe(200);
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example:80',
    ])
      expect((await ask(host)).status, host).toBe(403);
    expect((await ask('evil.example', 'X-Forwarded-Host: localhost\r\n')).status).toBe(403);
    expect((await ask('evil.example', 'Forwarded: host=localhost\r\n')).status).toBe(403);
  });

  it('takes `__proto__` and `constructor` as headers for what they are', async () => {
    for (const name of [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '__defineGetter__',
    ]) {
      test.provider.reset();
      const answer = await raw([`${name}: polluted`, 'Connection: close']);
      expect(answer.status, name).toBe(200);
      expect(test.provider.requests[0]!.rawHeaders).toContain(name);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('takes them as keys of metadata, universal steps, headers of steps and bodies of the API for what they are', async () => {
    const poison =
      '{"__proto__":{"authentication":false,"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const answers = [
      await raw(['Connection: close', `cf-aig-metadata: ${poison}`]),
      await raw(['Connection: close', 'cf-aig-metadata: {"__proto__":"x","constructor":1}']),
      await raw(['Connection: close', `cf-aig-custom-cost: ${poison}`]),
      await raw(['Connection: close'], '/v1/local/g', poison),
      await raw(
        ['Connection: close'],
        '/v1/local/g',
        `[{"provider":"openai","endpoint":"chat/completions","headers":{"__proto__":"x","constructor":"y"},"config":${poison},"query":${BODY.slice(0, -1)},"__proto__":{"polluted":1}}}]`,
      ),
      await raw(['Connection: close'], '/v1/local/g', '{"provider":"__proto__","endpoint":"x","query":{}}'),
      await raw(['Connection: close'], '/v1/local/g/__proto__/x'),
      await raw(['Connection: close'], '/v1/local/g/constructor/x'),
      await raw(['Connection: close'], '/v1/local/__proto__/openai/x'),
      await raw(['Connection: close'], '/v1/__proto__/constructor/openai/x'),
      await raw(
        ['Connection: close'],
        '/v1/local/g/openai/chat/completions',
        `{"model":"__proto__",${poison.slice(1)}`,
      ),
    ];
    for (const answer of answers) expect([200, 400, 404]).toContain(answer.status);
    const nested = test.provider.requests.find(({ body }) => body.includes('"__proto__":{"polluted":1}'));
    expect(nested, 'keys of a query are the provider’s').toBeDefined();
    for (const body of [poison, `{"id":"p","__proto__":{"authentication":false}}`]) {
      const response = await fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(400);
      await response.arrayBuffer();
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).authentication).toBeUndefined();
    const closed = await fetch(`${test.base('g')}/openai/models`);
    expect(closed.status).toBe(401);
  });
});

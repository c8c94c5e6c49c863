import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw } from './raw-http.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'g', provider_urls: { openai: `${test.provider.url}/base/of/ours/v1` } }),
  );
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const get = (path: string) =>
  sendRaw(
    test.gateway.port,
    `GET ${path} HTTP/1.1\r\nHost: x\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\nauthorization: Bearer test-key\r\nconnection: close\r\n\r\n`,
    2000,
  );

/** Never forwarded: the way out of the base path, in spellings that some server somewhere resolves. */
const CLIMBING = [
  '..',
  '../x',
  'a/../../x',
  'a/..',
  '.',
  './x',
  'a/./b',
  '%2e%2e/x',
  '%2E%2E/x',
  '.%2e/x',
  '%2e./x',
  'a/%2e%2e/%2e%2e/x',
  '..%2fx',
  '..%2Fx',
  'a%2f..%2f..%2fx',
  '%2e%2e%2fx',
  '%252e%252e/x',
  '%252e%252e%252fx',
  '..%5cx',
  '..\\x',
  'a\\..\\x',
  'a%5c..%5cx',
  '%255c',
  '..;/x',
  'a/..;b=c/x',
  '\\\\evil.example\\x',
  'a%00b',
  'a%0d%0aHost:%20evil.example',
  'a%0ab',
  'a%250d%250ab',
  'a#b',
  'a?x#b',
];

/** Harmless at the upstream, so they may pass, but only below the base path and byte for byte. */
const PLAIN = [
  'chat/completions',
  'models/arn%3Aaws%2Fx',
  'a%20b',
  '@evil.example/x',
  'https:%2F%2Fevil.example%2Fx',
  'a:80/x',
  'a..b/c',
  '...',
  'a?x=../../y',
  'a?x=%2e%2e%2f',
  'a?u=http://evil.example/',
  'a?x=1&x=2?y',
];

describe('6. paths of pass-through routes', () => {
  it('refuses those that could leave the base path, without a call', async () => {
    for (const tail of CLIMBING) {
      const answer = await get(`/v1/local/g/openai/${tail}`);
      expect(answer.status, tail).toBe(400);
    }
    expect(test.provider.requests.map(({ url }) => url)).toEqual([]);
  });

  it('passes the others below the base path, byte for byte', async () => {
    for (const tail of PLAIN) await get(`/v1/local/g/openai/${tail}`);
    expect(test.provider.requests.map(({ url }) => url)).toEqual(
      PLAIN.map((tail) => `/base/of/ours/v1/${tail}`),
    );
  });

  it('does not take a doubled slash for another host', async () => {
    for (const tail of ['/evil.example/x', '//evil.example/x', '///evil.example'])
      await get(`/v1/local/g/openai/${tail}`);
    for (const { url } of test.provider.requests) expect(url).toMatch(/^\/base\/of\/ours\/v1\/[^/]/);
  });

  it('takes no line break or space out of a raw request line', async () => {
    for (const tail of ['a b', 'a\tb', 'a\x0bb', 'a\x00b', 'a\x7fb']) {
      const answer = await get(`/v1/local/g/openai/${tail}`);
      expect(answer.status, JSON.stringify(tail)).toBe(400);
    }
    expect(test.provider.requests).toHaveLength(0);
  });

  it('holds the endpoints of universal steps to the same rules', async () => {
    const endpoints = [...CLIMBING, 'a b', 'a\r\nHost: evil.example', 'a\nb', '\u0000', 'é'];
    for (const endpoint of endpoints) {
      const response = await fetch(test.base('g'), {
        method: 'POST',
        headers: { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          provider: 'openai',
          endpoint,
          headers: { authorization: 'Bearer test-key' },
          query: {},
        }),
      });
      expect(response.status, endpoint).toBe(400);
      await response.arrayBuffer();
    }
    expect(test.provider.requests).toHaveLength(0);
  });

  it('holds account and gateway in the path to their own segments', async () => {
    for (const path of [
      '/v1/local%2fg/openai/models',
      '/v1/local/g%2fopenai/models',
      '/v1/../v1/local/g/openai/models',
      '/v1/local/%2e%2e/openai/models',
      '/v1//local/g/openai/models',
      '/v1/local/g%00/openai/models',
      '/V1/local/g/openai/models',
    ]) {
      const answer = await get(path);
      expect([400, 404], path).toContain(answer.status);
    }
    expect(test.provider.requests).toHaveLength(0);
  });
});

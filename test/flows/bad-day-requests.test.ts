import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply, sleep, until } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', { id: 'main' });
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const errorOf = (reply: RawReply): { name: string; internalCode: number; message: string } =>
  JSON.parse(reply.body.toString());

/** The envelope of the gateway's own errors, with that code; nothing was sent to a provider. */
function refused(reply: RawReply, status: number, code: number, message: RegExp): void {
  expect(errorOf(reply)).toMatchObject({
    success: false,
    name: 'AiGatewayError',
    httpCode: status,
    internalCode: code,
    error: [{ code, message: expect.stringMatching(message) }],
  });
  expect(reply.status).toBe(status);
  expect(reply.headers['content-type']).toBe('application/json');
  expect(test.provider.requests).toHaveLength(0);
}

describe('what leads nowhere is refused with its code, and goes to no provider', () => {
  const BAD: readonly (readonly [string, string, number, number, RegExp])[] = [
    ['an unknown account', '/v1/nobody/main/openai/chat/completions', 400, 2001, /no gateway 'main'/],
    ['an unknown gateway', '/v1/local/nothing/openai/chat/completions', 400, 2001, /no gateway 'nothing'/],
    [
      'the default gateway of an unknown account',
      '/v1/nobody/default/openai/x',
      400,
      2001,
      /account 'nobody'/,
    ],
    ['an unknown provider', '/v1/local/main/opnai/chat/completions', 400, 2008, /Invalid provider: 'opnai'/],
    ['an unknown custom provider', '/v1/local/main/custom-mine/chat', 400, 2008, /'custom-mine'/],
    ['a provider that is a word of the language', '/v1/local/main/constructor/x', 400, 2008, /'constructor'/],
    ['a path out of the base', '/v1/local/main/openai/x%5c..%5csecret', 400, 2008, /base path/],
    ['a path without a gateway', '/v1/local', 404, 7003, /base URLs have the form/],
    ['another surface', '/v2/local/main/openai/chat/completions', 404, 7003, /base URLs have the form/],
    ['nothing', '/', 404, 7003, /base URLs have the form/],
  ];
  it.each(BAD)('%s', async (_, path, status, code, message) => {
    refused(await ask(`${test.gateway.baseUrl}${path}`, { body: chat() }), status, code, message);
  });

  it('an unknown gateway is as unknown to whoever shows no token', async () => {
    const url = `${test.gateway.baseUrl}/v1/local/nothing/openai/chat/completions`;
    refused(await ask(url, { body: chat(), headers: { 'cf-aig-authorization': '' } }), 400, 2001, /nothing/);
  });

  it('a request without a token, which leaves a record and no body', async () => {
    const reply = await ask(`${test.base('main')}/openai/chat/completions`, {
      body: chat({}, 'x'.repeat(5000)),
      headers: { 'cf-aig-authorization': 'Bearer wrong' },
    });
    refused(reply, 401, 2009, /Unauthorized/);
    expect(await test.record(reply.fields, 'main')).toMatchObject({
      status_code: 401,
      success: false,
      error_type: 'unauthorized',
      attempts: [],
      request_head: null,
    });
  });

  it('another method on the universal endpoint', async () => {
    const reply = await ask(test.base('main'), { method: 'PUT', body: [] });
    refused(reply, 405, 9405, /takes POST/);
    expect(reply.headers.allow).toBe('POST');
  });

  it('each that reached a gateway leaves a record', async () => {
    const reply = await ask(`${test.base('main')}/opnai/chat/completions`, { body: chat() });
    expect(await test.record(reply.fields, 'main')).toMatchObject({
      provider: 'opnai',
      status_code: 400,
      success: false,
      error_type: 'invalid-provider',
      error_message: expect.stringContaining('opnai'),
      attempts: [],
    });
  });
});

describe('a body that is no JSON', () => {
  it.each([
    ['cut short', '{"model":"gpt-4o-mini","messages":[{"role"'],
    ['of no form at all', '\u0000\u0001 nothing'],
    ['an array', '[1,2,3]'],
    ['empty', ''],
  ])(
    '%s goes to the provider untouched, on a native route, and is recorded with its model unknown',
    async (_, body) => {
      const reply = await ask(`${test.base('main')}/openai/chat/completions`, { body: Buffer.from(body) });
      expect(test.provider.requests).toHaveLength(1);
      expect(test.provider.requests[0]!.body.toString()).toBe(body);
      expect(reply.status).toBe(400);
      expect(reply.body.equals(test.provider.requests[0]!.sent)).toBe(true);
      expect(await test.record(reply.fields, 'main')).toMatchObject({
        status_code: 400,
        success: false,
        model: '',
        model_requested: null,
        request_size: body.length,
      });
    },
  );

  const UNIVERSAL: readonly (readonly [unknown, RegExp])[] = [
    ['{"provider":', /not JSON/],
    [[], /empty array/],
    [[{ provider: 'openai' }], /\[0\]\.endpoint: expected a string/],
    [
      [
        { provider: 'openai', endpoint: 'x' },
        { provider: 7, endpoint: 'x' },
      ],
      /\[1\]\.provider: expected a string/,
    ],
    [[{ provider: 'openai', endpoint: 'x', headers: ['a'] }], /\[0\]\.headers: expected an object/],
    [
      [{ provider: 'openai', endpoint: 'x', headers: { 'a b': 'c' } }],
      /\[0\]\.headers: 'a b' is no header name/,
    ],
    [[{ provider: 'openai', endpoint: 'x', headers: { a: 'b\r\nc: d' } }], /\[0\]: header a/],
    [['openai'], /\[0\]: expected an object/],
    ['"text"', /body: expected an object/],
  ];
  it.each(UNIVERSAL)('%j is refused on the universal endpoint, naming the place', async (body, message) => {
    const reply = await ask(test.base('main'), { body });
    refused(reply, 400, 2019, message);
    expect(await test.record(reply.fields, 'main')).toMatchObject({
      provider: 'universal',
      error_type: 'bad-format',
    });
  });

  it('is refused by the management API, naming the place', async () => {
    const send = (body: string): Promise<RawReply> =>
      ask(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`, {
        body: Buffer.from(body),
        headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      });
    const noJson = await send('{"id": "x",');
    expect(noJson.status).toBe(400);
    const wrong = await send('{"id":"x","cache_ttl":"long"}');
    expect(wrong.status).toBe(400);
    expect(JSON.parse(wrong.body.toString()).errors[0].path).toEqual(['body', 'cache_ttl']);
  });
});

describe('a control header that cannot be read is refused with its name, its value and the form expected', () => {
  it.each([
    ['cf-aig-request-timeout', 'soon', /whole number from 1 to 86400000 \(milliseconds\)/],
    ['cf-aig-request-timeout', '0', /from 1/],
    ['cf-aig-max-attempts', '6', /whole number from 1 to 5/],
    ['cf-aig-max-attempts', '0', /from 1 to 5/],
    ['cf-aig-retry-delay', '60001', /from 0 to 60000/],
    ['cf-aig-backoff', 'quadratic', /`constant`, `linear`, `exponential`/],
    ['cf-aig-skip-cache', 'yes', /`true` or `false`/],
    ['cf-aig-collect-log', '1', /`true` or `false`/],
    ['cf-aig-collect-log-payload', 'no', /`true` or `false`/],
    ['cf-aig-metadata', '{"a":', /flat JSON object/],
    ['cf-aig-metadata', '["a"]', /flat JSON object/],
    ['cf-aig-custom-cost', 'cheap', /expected/],
    ['cf-aig-cache-key', '', /1 to 4096 characters/],
  ])('%s: %s', async (name, value, form) => {
    const reply = await ask(`${test.base('main')}/openai/chat/completions`, {
      body: chat(),
      headers: { [name]: value },
    });
    refused(reply, 400, 7001, form);
    expect(errorOf(reply).message).toContain(`Header ${name} has the value ${JSON.stringify(value)}`);
    expect(await test.record(reply.fields, 'main')).toMatchObject({
      status_code: 400,
      error_type: 'bad-header',
      attempts: [],
    });
  });
});

describe('a client that does not send', () => {
  it('what it announced is answered 408 after the stated time, and that is what its record says', async () => {
    const impatient = await startTestGateway({ env: { TIDEGATE_CLIENT_TIMEOUT_MS: '300' } });
    try {
      await impatient.manage('POST', '/gateways', { id: 'main' });
      const socket = connect(impatient.gateway.port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.write(
        `POST /v1/local/main/openai/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"model"`,
      );
      await new Promise((resolve) => socket.once('close', resolve));
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(text).toContain('"internalCode":9408');
      const list = (): Promise<unknown> => impatient.manage('GET', '/gateways/main/logs');
      await until(async () => ((await list()) as unknown[]).length === 1, 'there is no record');
      expect(await list()).toMatchObject([
        { status_code: 408, success: false, error_type: 'request-timeout', attempts: [] },
      ]);
      expect(impatient.provider.requests).toHaveLength(0);
    } finally {
      await impatient.close();
    }
  });
});

describe('a client that does not read', () => {
  it('is cut after the stated time, also when all that is left is the end, and harms nobody', async () => {
    const impatient = await startTestGateway({ env: { TIDEGATE_CLIENT_STALL_MS: '300' } });
    try {
      await impatient.manage('POST', '/gateways', { id: 'caching', cache_ttl: 600 });
      const url = `${impatient.base('caching')}/openai/chat/completions`;
      const body = chat({}, 'A long answer');
      const fault = { 'x-scripted-fault': 'hugeLineBytes=9000000' };
      const stored = await ask(url, { body, headers: fault });
      expect(stored.whole).toBe(true);
      const open = async (): Promise<number> =>
        ((await (await fetch(`${impatient.gateway.baseUrl}/healthz`)).json()) as { openRequests: number })
          .openRequests;
      const text = JSON.stringify(body);
      const asking = `POST /v1/local/caching/openai/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\nauthorization: Bearer test-key-openai\r\ncontent-type: application/json\r\nx-scripted-fault: hugeLineBytes=9000000\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
      const sockets = Array.from({ length: 5 }, () => {
        const socket = connect(impatient.gateway.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.pause();
        socket.write(asking);
        return socket;
      });
      await sleep(150);
      // Others are served meanwhile.
      const other = await ask(url, { body, headers: fault });
      expect(other.headers['cf-aig-cache-status']).toBe('HIT');
      expect(other.body.equals(stored.body)).toBe(true);
      // One that reads slowly, but reads, is not cut.
      const slow = connect(impatient.gateway.port, '127.0.0.1');
      slow.write(asking);
      let read = 0;
      slow.on('data', (chunk) => {
        read += chunk.length;
        slow.pause();
        setTimeout(() => slow.resume(), 5);
      });
      const end = performance.now() + 5000;
      while ((await open()) > 0 && performance.now() < end) await sleep(30);
      expect(await open()).toBe(0);
      await until(() => read > stored.body.length, 'the client that reads slowly was cut');
      slow.destroy();
      for (const socket of sockets) socket.destroy();
    } finally {
      await impatient.close();
    }
  });
});

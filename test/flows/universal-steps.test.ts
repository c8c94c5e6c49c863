import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { anthropic, openai, universal } from './controls-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'default' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'cached', cache_ttl: 60 }));
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

describe('headers of a step', () => {
  it('stand over those of the request, which stand in where the step is silent', async () => {
    await universal(test, [openai({ headers: { 'X-Trace': 'step', 'OpenAI-Organization': 'org' } })], {
      'x-trace': 'request',
      'x-other': 'request',
      authorization: 'Bearer of-the-request',
    });
    const [request] = test.provider.requests;
    expect(request!.header('x-trace')).toBe('step');
    expect(request!.header('x-other')).toBe('request');
    expect(request!.header('openai-organization')).toBe('org');
    expect(request!.header('authorization')).toBe('Bearer test-key-openai');
    expect(request!.rawHeaders.filter((part) => /^x-trace$/i.test(part))).toHaveLength(1);
    expect(JSON.stringify(request!.rawHeaders)).not.toMatch(/cf-aig|test-admin/);
  });

  it('may be numbers, booleans and objects', async () => {
    const { response } = await universal(test, [
      openai({
        headers: {
          'x-number': 7,
          'x-boolean': true,
          'x-object': { a: [1] },
          'x-null': null,
          'x-text': 'café',
          'cf-aig-metadata': { team: 'blue', n: 1 },
          'cf-aig-request-timeout': 5000,
          'cf-aig-collect-log': true,
        },
      }),
    ]);
    expect(response.status).toBe(200);
    const [request] = test.provider.requests;
    expect(request!.header('x-number')).toBe('7');
    expect(request!.header('x-boolean')).toBe('true');
    expect(request!.header('x-object')).toBe('{"a":[1]}');
    expect(request!.header('x-null')).toBeNull();
    expect(Buffer.from(request!.header('x-text')!, 'latin1').toString()).toBe('café');
    expect((await test.record(response)).metadata).toEqual({ team: 'blue', n: 1 });
  });

  it('`authorization` beside them is the older spelling of the header', async () => {
    await universal(test, [{ ...openai(), headers: {}, authorization: 'Bearer test-key-legacy' }]);
    expect(test.provider.requests[0]!.header('authorization')).toBe('Bearer test-key-legacy');
  });

  it('the content type is JSON unless the step says otherwise, and that of the array is not passed on', async () => {
    await universal(test, [{ ...openai(), headers: { Authorization: 'Bearer k' } }], {
      'content-type': 'text/plain',
    });
    const [request] = test.provider.requests;
    expect(request!.header('content-type')).toBe('application/json');
    expect(request!.header('content-length')).toBe(String(request!.body.length));
    await universal(test, [openai({ headers: { 'Content-Type': 'application/json; charset=utf-8' } })]);
    expect(test.provider.requests[1]!.header('content-type')).toBe('application/json; charset=utf-8');
  });

  it('the gateway’s token in a step’s key is taken for no key', async () => {
    await test.manage('POST', '/gateways/default/provider_configs', {
      provider_slug: 'mistral',
      secret: 'stored-key-mistral',
    });
    const step = {
      provider: 'mistral',
      endpoint: 'v1/chat/completions',
      query: { model: 'mistral-small-latest', messages: [] },
    };
    for (const headers of [{}, { authorization: `Bearer ${ADMIN_TOKEN}` }]) {
      const { response } = await universal(test, [{ ...step, headers }]);
      const request = test.provider.requests.at(-1)!;
      expect(request.header('authorization')).toBe('Bearer stored-key-mistral');
      expect(await test.record(response)).toMatchObject({ byok: true, provider: 'mistral' });
    }
  });

  it('control the cache of that step alone', async () => {
    const ask = (headers: Record<string, unknown>, request: Record<string, string> = {}) =>
      universal(test, [openai({ headers })], request, 'cached');
    const status = async (asked: ReturnType<typeof ask>): Promise<string | null> =>
      (await asked).response.headers.get('cf-aig-cache-status');
    expect(await status(ask({}))).toBe('MISS');
    expect(await status(ask({}))).toBe('HIT');
    // The documented example: the request asks for caching, the step switches it off for itself.
    expect(await status(ask({ 'cf-aig-cache-ttl': '0' }, { 'cf-aig-cache-ttl': '3600' }))).toBeNull();
    expect(await status(ask({ 'cf-aig-skip-cache': true }))).toBe('MISS');
    expect(await status(ask({ 'cf-aig-skip-cache': false }, { 'cf-aig-skip-cache': 'true' }))).toBe('HIT');
    expect(await status(ask({ 'cf-aig-cache-key': 'mine' }))).toBe('MISS');
    const hit = await ask({ 'cf-aig-cache-key': 'mine' });
    expect(hit.response.headers.get('cf-aig-cache-status')).toBe('HIT');
    expect(hit.response.headers.get('cf-aig-step')).toBe('0');
    expect(await test.record(hit.response, 'cached')).toMatchObject({ cached: true, cost: 0, attempts: [] });
    expect(test.provider.requests).toHaveLength(4);
  });

  it('a cached second step answers as that step, after the first has failed', async () => {
    const query = { seed: 2 };
    const steps = [openai({ fault: 'status=500', query }), anthropic()];
    const first = await universal(test, steps, {}, 'cached');
    expect(first.response.headers.get('cf-aig-cache-status')).toBe('MISS');
    const second = await universal(test, steps, {}, 'cached');
    expect(second.response.headers.get('cf-aig-cache-status')).toBe('HIT');
    expect(second.response.headers.get('cf-aig-step')).toBe('1');
    expect(second.text).toBe(first.text);
    expect(await test.record(second.response, 'cached')).toMatchObject({
      cached: true,
      step: 1,
      provider: 'anthropic',
      attempts: [{ step: 0, status_code: 500 }],
    });
    // What the cache did with a step that failed says nothing of the one that answered without a cache.
    const third = await universal(
      test,
      [openai({ fault: 'status=500', query }), anthropic({ headers: { 'cf-aig-cache-ttl': 0 } })],
      {},
      'cached',
    );
    expect(third.response.headers.get('cf-aig-step')).toBe('1');
    expect(third.response.headers.get('cf-aig-cache-status')).toBeNull();
  });

  it('what was so of a step that failed is not told of the one after it', async () => {
    await test.manage('POST', '/gateways', gatewayBody({ id: 'mixed' }));
    await test.manage('POST', '/gateways/mixed/provider_configs', {
      provider_slug: 'mistral',
      secret: 'stored-key-mistral',
    });
    const stored = {
      provider: 'mistral',
      endpoint: 'v1/chat/completions',
      headers: { 'x-scripted-fault': 'status=500' },
      query: { model: 'mistral-small-latest', messages: [] },
    };
    const late = openai({ fault: 'hang', config: { requestTimeout: 50 } });
    const { response } = await universal(test, [stored, late], {}, 'mixed');
    expect(response.status).toBe(400);
    expect(await test.record(response, 'mixed')).toMatchObject({
      step: 1,
      byok: false,
      ttfb: null,
      error_type: 'upstream-timeout',
      attempts: [{ status_code: 500 }, { status_code: null }],
    });
  });

  it('control the record by the step that answered', async () => {
    const quiet = await universal(test, [openai({ headers: { 'cf-aig-collect-log': 'false' } })]);
    expect(quiet.response.headers.get('cf-aig-log-id')).toBeNull();
    const { response } = await universal(
      test,
      [
        openai({ fault: 'status=500', headers: { 'cf-aig-event-id': 'one', 'cf-aig-collect-log': false } }),
        anthropic({ headers: { 'cf-aig-event-id': 'two', 'cf-aig-metadata': '{"step":2}' } }),
      ],
      { 'cf-aig-event-id': 'request', 'cf-aig-metadata': '{"step":0}' },
    );
    expect(response.headers.get('cf-aig-event-id')).toBe('two');
    const record = await test.record(response);
    expect(record).toMatchObject({ event_id: 'two', metadata: { step: 2 } });
    expect(record.attempts).toHaveLength(2);
  });
});

describe('malformed input is answered 400, naming the place', () => {
  const step = openai();
  const cases: readonly (readonly [what: string, body: unknown, message: RegExp, code?: number])[] = [
    ['no JSON', '{"provider": ', /The body is not JSON/],
    ['nothing', '', /The body is not JSON/],
    ['an empty array', [], /at least one step/],
    ['a string', '"openai"', /body: expected an object/],
    ['null', 'null', /body: expected an object/],
    ['a number in the array', [step, 5], /\[1\]: expected an object/],
    ['an array in the array', [[step]], /\[0\]: expected an object/],
    ['no provider', [{ ...step, provider: undefined }], /\[0\]\.provider: expected a string/],
    ['an empty provider', [{ ...step, provider: '' }], /\[0\]\.provider: expected a string/],
    ['an unknown provider', [step, { ...step, provider: 'nobody' }], /'nobody'/, 2008],
    ['no endpoint', [{ ...step, endpoint: undefined }], /\[0\]\.endpoint: expected a string/],
    ['an endpoint that climbs', [{ ...step, endpoint: '../x' }], /\[0\]\.endpoint/, 2008],
    ['headers that are no object', [{ ...step, headers: 'a: b' }], /\[0\]\.headers: expected an object/],
    ['a header name with a space', [{ ...step, headers: { 'a b': 'c' } }], /\[0\]\.headers: 'a b'/],
    ['a header with a line end', [{ ...step, headers: { a: 'b\r\nc: d' } }], /\[0\]: header a/],
    ['a config that is no object', [{ ...step, config: 5 }], /\[0\]\.config: expected an object/],
    [
      'a config out of range',
      [{ ...step, config: { maxAttempts: 9 } }],
      /cf-aig-max-attempts.*"9".*1 to 5/,
      7001,
    ],
    [
      'a config of another type',
      [{ ...step, config: { retryDelay: 'soon' } }],
      /cf-aig-retry-delay.*"soon"/,
      7001,
    ],
    [
      'a control that cannot be read',
      [{ ...step, headers: { 'cf-aig-cache-ttl': '5' } }],
      /cf-aig-cache-ttl/,
      7001,
    ],
    ['the model twice', '{"provider":"openai","endpoint":"x","query":{"model":"a","Model":"b"}}', /model/i],
    ['more steps than are taken', Array(101).fill(step), /101 steps/],
  ];
  for (const [what, body, message, code = 2019] of cases) {
    it(what, async () => {
      const { response, text } = await universal(test, body);
      expect(response.status).toBe(400);
      const answer = JSON.parse(text) as { internalCode: number; message: string };
      expect(answer).toMatchObject({ name: 'AiGatewayError', success: false, internalCode: code });
      expect(answer.message).toMatch(message);
      expect(test.provider.requests).toHaveLength(0);
      expect(await test.record(response)).toMatchObject({
        request_type: 'universal',
        status_code: 400,
        success: false,
        attempts: [],
      });
    });
  }

  it('another method than POST', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(test.base(), {
        method,
        headers: { 'cf-aig-authorization': ADMIN_TOKEN },
      });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
    }
  });
});

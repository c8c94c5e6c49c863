import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  // With a cache, so that its key is made of every body too.
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g', cache_ttl: 60 }));
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const post = (body: string | Buffer, path = '/openai/chat/completions', headers = {}): Promise<Response> =>
  fetch(`${test.base('g')}${path}`, {
    method: 'POST',
    headers: {
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      authorization: 'Bearer test-key',
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });

const REST = '"messages":[{"role":"user","content":"hi"}]';

describe('13. JSON that two readers could read in two ways', () => {
  it('is refused when a policy key stands twice or in another case, in any spelling, before any call', async () => {
    const cases = [
      `{"model":"a","model":"b",${REST}}`,
      `{"model":"a",${REST},"model":"a"}`,
      `{"Model":"a",${REST}}`,
      `{"MODEL":"a",${REST}}`,
      `{"model":"a","mODEL":"b",${REST}}`,
      `{"model":"a","\\u006dodel":"b",${REST}}`,
      `{"model":"a","\\u004dodel":"b",${REST}}`,
      `{"model":"a","m\\u006F\\u0064\\u0065\\u006C":"b",${REST}}`,
      `{"model":"a","stream":false,"stream":true,${REST}}`,
      `{"model":"a","Stream":true,${REST}}`,
      `{"model":"a","\\u0073tream":true,"stream":false,${REST}}`,
      // U+017F: upper-cased, it is an S. Go's decoder folds it.
      `{"model":"a","ſtream":true,${REST}}`,
      `{"model":"a","\\u017ftream":true,${REST}}`,
      `\ufeff{"model":"a","model":"b",${REST}}`,
      ` \n\t{ "model" : "a" , "model" : "b" , ${REST} } \n`,
      `{"model":"a","x":"${'y'.repeat(200_000)}","model":"b"}`,
      `{"model":"a",${Array.from({ length: 20_000 }, (_, index) => `"k${index}":0`).join(',')},"MODEL":"b"}`,
    ];
    for (const body of cases) {
      const response = await post(body);
      expect(response.status, body.slice(0, 80)).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 2019 });
    }
    expect(test.provider.requests).toHaveLength(0);
  });

  it('passes byte for byte otherwise, and what the record says of it is what the provider could read', async () => {
    const digits = '9'.repeat(400);
    const cases: readonly (readonly [name: string, body: string | Buffer, model: string | null])[] = [
      ['deep', `{"model":"m","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'm'],
      ['deep objects', `{"model":"m","x":${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}}`, 'm'],
      ['deep and never closed', `{"model":"m","x":${'['.repeat(100_000)}`, null],
      [
        'a million keys',
        `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":0`).join(',')},"model":"m"}`,
        'm',
      ],
      ['400 digits', `{"model":"m","max_tokens":${digits},"x":-${digits}.${digits}e${digits}}`, 'm'],
      ['model is a number', `{"model":${digits}}`, null],
      ['model is an object', '{"model":{"model":"m"}}', null],
      ['model is null', '{"model":null}', null],
      ['lone surrogate', '{"model":"m","x":"\\ud800","\\udfff":"\\udc00\\ud800"}', 'm'],
      ['invalid UTF-8', Buffer.from('7b226d6f64656c223a226d222c2278223a22fffe80c0af227d', 'hex'), 'm'],
      ['BOM', `\ufeff{"model":"m",${REST}}`, 'm'],
      ['UTF-16', Buffer.from(`\ufeff{"model":"m"}`, 'utf16le'), null],
      ['NaN', '{"model":"m","temperature":NaN,"x":Infinity,"y":-Infinity}', 'm'],
      ['nested twice', '{"model":"m","a":{"model":"x","model":"y"},"b":[{"Stream":1,"stream":2}]}', 'm'],
      ['key of a prototype', '{"model":"m","__proto__":{"model":"x"},"constructor":1}', 'm'],
      ['two objects', '{"model":"m"}{"model":"n"}', null],
      ['garbage behind', '{"model":"m"} x', null],
      ['comment', '{"model":"m"/*,"model":"n"*/}', null],
      ['single quotes', "{'model':'m'}", null],
      ['an array', '[{"model":"m"}]', null],
      ['NUL', '{"model":"m\u0000","x":"\u0000"}', 'm\u0000'],
    ];
    for (const [name, body, model] of cases) {
      test.provider.reset();
      const response = await post(body);
      await response.arrayBuffer();
      expect(test.provider.requests, name).toHaveLength(1);
      expect(test.provider.requests[0]!.body.equals(Buffer.from(body as string)), name).toBe(true);
      const row = await test.record(response, 'g');
      if (name !== 'NUL') expect(row.model_requested ?? null, name).toBe(model);
    }
  });

  it('in a universal step reaches the provider as it was read: one value per key, numbers to the last digit', async () => {
    const query = `{"model":"x","model":"gpt-4o-mini",${REST},"seed":12345678901234567890,"big":${'9'.repeat(400)},"small":1e-400,"x":0.1}`;
    const step = `{"provider":"openai","endpoint":"chat/completions","headers":{"authorization":"Bearer test-key"},"query":${query}}`;
    const response = await post(step, '');
    await response.arrayBuffer();
    const sent = test.provider.requests[0]!.body.toString();
    expect(sent.match(/"model"/g)).toHaveLength(1);
    expect(sent).toContain('"model":"gpt-4o-mini"');
    expect(sent).toContain('"seed":12345678901234567890');
    expect(sent).toContain(`"big":${'9'.repeat(400)}`);
    expect(sent).toContain('"small":1e-400');
    expect(sent).toContain('"x":0.1');
    const other = step.replace('"model":"x",', '"Model":"x",');
    expect((await post(other, '')).status).toBe(400);
  });

  it('in a universal body is refused when it is too deep, no JSON, or not steps', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const cases = [
      deep,
      `{"provider":"openai","endpoint":"x","query":${deep}}`,
      `{"provider":"openai","endpoint":"x","headers":{"x":${deep}},"query":{}}`,
      `{"provider":"openai","endpoint":"x","config":${deep},"query":{}}`,
      `{"provider":"openai","endpoint":"x","query":{"a":NaN}}`,
      `{"provider":"openai","endpoint":"x","query":{}} x`,
      '[]',
      'null',
      '"x"',
      '[null]',
      `[${'{},'.repeat(200)}{}]`,
    ];
    for (const body of cases) {
      const response = await post(body, '');
      expect(response.status, body.slice(0, 60)).toBe(400);
      expect(await response.json(), body.slice(0, 60)).toMatchObject({ internalCode: 2019 });
    }
    expect(test.provider.requests).toHaveLength(0);
  });

  it('in a control header is refused, or voids the header, and never stops the gateway', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const refused: readonly (readonly [string, string])[] = [
      ['cf-aig-metadata', 'NaN'],
      ['cf-aig-metadata', '{"a":NaN}'],
      ['cf-aig-metadata', deep],
      ['cf-aig-custom-cost', 'NaN'],
      ['cf-aig-custom-cost', '{"per_token_in":-1}'],
      ['cf-aig-custom-cost', `{"per_token_in":${'9'.repeat(400)}}`],
      ['cf-aig-cache-ttl', 'NaN'],
      ['cf-aig-cache-ttl', '-1'],
      ['cf-aig-cache-ttl', '9'.repeat(400)],
      ['cf-aig-request-timeout', '1e9'],
      ['cf-aig-max-attempts', 'Infinity'],
      ['cf-aig-retry-delay', '0x10'],
    ];
    for (const [name, value] of refused) {
      const response = await post(`{"model":"gpt-4o-mini",${REST}}`, undefined, { [name]: value });
      expect(response.status, `${name}: ${value.slice(0, 40)}`).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 7001 });
    }
    expect(test.provider.requests).toHaveLength(0);
    const voided = await post(`{"model":"gpt-4o-mini",${REST}}`, undefined, {
      'cf-aig-metadata': `{"a":${deep}}`,
    });
    expect(voided.status).toBe(200);
  });

  it('in a body of the management API is refused', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const body of [
      deep,
      `{"id":"x","cache_ttl":NaN}`,
      `{"id":"x","cache_ttl":${'9'.repeat(400)}}`,
      `{"id":${deep}}`,
    ]) {
      const response = await fetch(`${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
        body,
      });
      expect(response.status, body.slice(0, 60)).toBe(400);
      await response.arrayBuffer();
    }
  });
});

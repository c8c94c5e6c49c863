import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { askOpenai, type Fields, universal } from './controls-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'default' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'cached', cache_ttl: 300 }));
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({
      id: 'patient',
      retry_max_attempts: 3,
      retry_delay: 20,
      retry_backoff: 'exponential',
      request_timeout: 100,
    }),
  );
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

const ask = (headers: Fields = {}, gateway = 'default', query: object = {}): Promise<Response> =>
  askOpenai(test, headers, gateway, query);

const attempts = async (response: Response, gateway: string): Promise<Record<string, unknown>[]> =>
  (await test.record(response, gateway)).attempts as Record<string, unknown>[];

/** What the documentation calls malformed, and what it must say of it. */
const MALFORMED: readonly (readonly [name: string, values: readonly string[], form: RegExp])[] = [
  [
    'cf-aig-cache-ttl',
    ['59', '-1', '2592001', '1.5', 'soon', '60s', '0x40', '1e3'],
    /60 to 2592000.*seconds/,
  ],
  ['cf-cache-ttl', ['59', 'soon'], /60 to 2592000/],
  ['cf-aig-skip-cache', ['yes', '1', 'truefalse'], /`true` or `false`/],
  ['cf-skip-cache', ['on'], /`true` or `false`/],
  ['cf-aig-cache-key', ['k'.repeat(4097)], /1 to 4096 characters/],
  ['cf-aig-collect-log', ['no', '0'], /`true` or `false`/],
  ['cf-aig-collect-log-payload', ['maybe'], /`true` or `false`/],
  ['cf-aig-metadata', ['{', 'team=blue', '[1]', '"x"', 'null', '7'], /flat JSON object of at most 5/],
  ['cf-aig-custom-cost', ['{', '[]', '0.1', '{"per_token_in":"a lot"}', '{"per_token_in":-1}'], /JSON/],
  ['cf-aig-event-id', ['e'.repeat(257)], /1 to 256 characters/],
  ['cf-aig-request-timeout', ['0', '-5', '10s', 'never', '86400001'], /1 to 86400000.*milliseconds/],
  ['cf-aig-max-attempts', ['0', '6', 'two', '2.5'], /1 to 5/],
  ['cf-aig-retry-delay', ['-1', '60001', 'fast'], /0 to 60000.*milliseconds/],
  ['cf-aig-backoff', ['fibonacci', 'none'], /`constant`, `linear`, `exponential`/],
  ['cf-aig-byok-alias', ['a'.repeat(129)], /1 to 128 characters/],
  ['cf-aig-no-wholesale', ['sure'], /`true` or `false`/],
];

describe('a control that cannot be read', () => {
  for (const [name, values, form] of MALFORMED) {
    it(`${name}: 400 naming header, value and form, and no upstream is asked`, async () => {
      for (const value of values) {
        const response = await ask({ [name]: value });
        expect(response.status, value).toBe(400);
        const answer = (await response.json()) as { internalCode: number; message: string };
        expect(answer.internalCode).toBe(7001);
        expect(answer.message).toContain(name);
        expect(answer.message).toContain(JSON.stringify(value).slice(1, 60));
        expect(answer.message).toMatch(form);
        expect(await test.record(response)).toMatchObject({ error_type: 'bad-header', attempts: [] });
      }
      expect(test.provider.requests).toHaveLength(0);
    });
  }

  it('cf-aig-* names that nobody knows are no controls: they are dropped', async () => {
    const response = await ask({
      'cf-aig-made-up': 'x',
      'CF-AIG-Other': 'y',
      'cf-aig-zdr': 'true',
      'cf-aig-session-id': 's-1',
    });
    expect(response.status).toBe(200);
    expect(JSON.stringify(test.provider.requests[0]!.rawHeaders)).not.toMatch(/cf-aig/i);
    expect(await test.record(response)).toMatchObject({ session_id: 's-1' });
  });
});

describe('time-out and retries', () => {
  it('come from the gateway, and a header stands over each', async () => {
    const gateways = await ask({ 'x-scripted-fault': 'status=503' }, 'patient');
    expect(gateways.status).toBe(503);
    expect((await attempts(gateways, 'patient')).map((line) => line.waited)).toEqual([20, 40, null]);

    const headers = await ask(
      {
        'x-scripted-fault': 'status=503',
        'cf-aig-max-attempts': '4',
        'cf-aig-retry-delay': '5',
        'cf-aig-backoff': 'Linear',
      },
      'patient',
    );
    expect((await attempts(headers, 'patient')).map((line) => line.waited)).toEqual([5, 10, 15, null]);

    const one = await ask({ 'x-scripted-fault': 'status=503', 'cf-aig-max-attempts': '1' }, 'patient');
    expect(await attempts(one, 'patient')).toHaveLength(1);
    expect(one.headers.get('cf-aig-step')).toBe('0');

    const none = await ask({ 'x-scripted-fault': 'status=503' });
    expect(await attempts(none, 'default')).toHaveLength(1);
  });

  it('the time-out is that to the first byte, and a slow stream after it is no time-out', async () => {
    const late = await ask({ 'x-scripted-fault': 'delayMs=600', 'cf-aig-max-attempts': '1' }, 'patient');
    expect(late.status).toBe(400);
    expect(await late.json()).toMatchObject({
      internalCode: 2005,
      message: expect.stringContaining('100 ms'),
    });
    expect(await test.record(late, 'patient')).toMatchObject({ error_type: 'upstream-timeout' });
    const allowed = await ask(
      { 'x-scripted-fault': 'delayMs=250', 'cf-aig-request-timeout': '5000' },
      'patient',
    );
    expect(allowed.status).toBe(200);
    const slow = await ask({ 'x-scripted-fault': 'tokenMs=30;tokens=10' }, 'patient', { stream: true });
    expect(slow.status).toBe(200);
    expect(await slow.text()).toContain('[DONE]');
  });
});

describe('cache controls', () => {
  const cacheStatus = async (headers: Fields, gateway: string, seed: number): Promise<string | null> =>
    (await ask(headers, gateway, { seed })).headers.get('cf-aig-cache-status');

  it('a TTL alone does not opt in; the gateway’s TTL or a key does', async () => {
    expect(await cacheStatus({ 'cf-aig-cache-ttl': '60' }, 'default', 1)).toBeNull();
    expect(await cacheStatus({}, 'default', 1)).toBeNull();
    expect(await cacheStatus({ 'cf-aig-cache-key': 'k1' }, 'default', 1)).toBe('MISS');
    expect(await cacheStatus({ 'cf-aig-cache-key': 'k1' }, 'default', 2)).toBe('HIT');
    expect(await cacheStatus({}, 'cached', 1)).toBe('MISS');
    expect(await cacheStatus({}, 'cached', 1)).toBe('HIT');
  });

  it('0 switches it off, skip-cache asks anew and keeps the fresh answer', async () => {
    expect(await cacheStatus({}, 'cached', 10)).toBe('MISS');
    expect(await cacheStatus({ 'cf-aig-cache-ttl': '0' }, 'cached', 10)).toBeNull();
    expect(await cacheStatus({ 'cf-cache-ttl': '0' }, 'cached', 10)).toBeNull();
    const fresh = await ask({ 'cf-aig-skip-cache': 'TRUE' }, 'cached', { seed: 10 });
    expect(fresh.headers.get('cf-aig-cache-status')).toBe('MISS');
    const hit = await ask({ 'cf-aig-skip-cache': 'false' }, 'cached', { seed: 10 });
    expect(hit.headers.get('cf-aig-cache-status')).toBe('HIT');
    expect(await hit.text()).toBe(await fresh.text());
    expect(await cacheStatus({ 'cf-skip-cache': 'true' }, 'cached', 10)).toBe('MISS');
    // Where both spellings stand, the newer one counts.
    expect(await cacheStatus({ 'cf-skip-cache': 'true', 'cf-aig-skip-cache': 'false' }, 'cached', 10)).toBe(
      'HIT',
    );
  });
});

describe('headers of replies', () => {
  const OURS = ['cf-aig-log-id', 'cf-aig-request-id', 'cf-aig-event-id', 'cf-aig-step'];
  const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it('stand on answers, hits, provider errors, own errors and the universal endpoint alike', async () => {
    const replies: Record<string, Response> = {
      answer: await ask(),
      miss: await ask({}, 'cached', { seed: 77 }),
      hit: await ask({}, 'cached', { seed: 77 }),
      'provider error': await ask({ 'x-scripted-fault': 'status=500' }),
      'own error': await ask({ 'cf-aig-backoff': 'x' }),
      'no upstream': await ask({ 'x-scripted-fault': 'cut' }),
      'no provider': await fetch(`${test.base()}/nobody/x`, {
        headers: { 'cf-aig-authorization': ADMIN_TOKEN },
      }),
      'wrong token': await ask({ 'cf-aig-authorization': 'wrong' }),
      universal: (await universal(test, [])).response,
    };
    for (const [what, { headers }] of Object.entries(replies)) {
      for (const name of OURS) expect(headers.get(name), `${name} of ${what}`).toBeTruthy();
      const id = headers.get('cf-aig-log-id')!;
      expect(id).toMatch(UUID7);
      expect(headers.get('cf-aig-request-id')).toBe(id);
      expect(headers.get('cf-aig-event-id')).toBe(id);
      expect(headers.get('cf-aig-step')).toBe('0');
      const status = what === 'hit' ? 'HIT' : what === 'miss' ? 'MISS' : null;
      expect(headers.get('cf-aig-cache-status'), what).toBe(status);
    }
    expect(new Set(Object.values(replies).map(({ headers }) => headers.get('cf-aig-log-id'))).size).toBe(
      Object.keys(replies).length,
    );
  });

  it('echo the event id of the caller, on errors too', async () => {
    for (const headers of [
      {},
      { 'x-scripted-fault': 'status=429' },
      { 'x-scripted-fault': 'cut' },
    ] as Fields[]) {
      const response = await ask({ ...headers, 'cf-aig-event-id': 'event 7/ü'.replace('ü', 'u') });
      expect(response.headers.get('cf-aig-event-id')).toBe('event 7/u');
      expect(response.headers.get('cf-aig-request-id')).toMatch(UUID7);
      expect(await test.record(response)).toMatchObject({ event_id: 'event 7/u' });
    }
  });
});

describe('precedence', () => {
  it('step header over request header over gateway setting', async () => {
    const step = (headers: object): object => ({
      provider: 'openai',
      endpoint: 'chat/completions',
      headers: { authorization: 'Bearer k', 'x-scripted-fault': 'status=503', ...headers },
      query: { model: 'gpt-4o-mini', messages: [] },
    });
    const tries = async (request: Fields, own: object): Promise<number> => {
      const { response } = await universal(test, [step(own)], request, 'patient');
      return (await attempts(response, 'patient')).length;
    };
    const quick = { 'cf-aig-retry-delay': '0' };
    expect(await tries(quick, {})).toBe(3);
    expect(await tries({ ...quick, 'cf-aig-max-attempts': '2' }, {})).toBe(2);
    expect(await tries({ ...quick, 'cf-aig-max-attempts': '2' }, { 'cf-aig-max-attempts': 4 })).toBe(4);
  });
});

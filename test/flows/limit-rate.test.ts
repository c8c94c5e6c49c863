import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply, sleep } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

let made = 0;
/** A gateway of its own for each test: `limit` requests per `seconds`. */
async function limited(
  limit: number,
  seconds: number,
  technique: 'fixed' | 'sliding' = 'sliding',
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const id = `limited-${++made}`;
  await test.manage('POST', '/gateways', {
    id,
    rate_limiting_limit: limit,
    rate_limiting_interval: seconds,
    rate_limiting_technique: technique,
    ...fields,
  });
  return id;
}

const send = (gateway: string, headers: Record<string, string> = {}, question = 'Hello'): Promise<RawReply> =>
  ask(`${test.base(gateway)}/openai/chat/completions`, { body: chat({}, question), headers });

const rateOf = ({ headers }: RawReply): (number | null)[] =>
  ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) =>
    headers[name] === undefined ? null : Number(headers[name]),
  );

/** So that a test of a fixed window does not begin just before the window ends. */
async function intoWindow(seconds: number, neededMs: number): Promise<void> {
  const left = seconds * 1000 - (Date.now() % (seconds * 1000));
  if (left < neededMs) await sleep(left + 5);
}

describe.each(['fixed', 'sliding'] as const)('%s', (technique) => {
  it('lets the limit pass, refuses the next one in its envelope, and records it', async () => {
    const id = await limited(2, 3600, technique);
    await intoWindow(3600, 10_000);
    const first = await send(id);
    const second = await send(id);
    const refused = await send(id);
    expect([first.status, second.status, refused.status]).toEqual([200, 200, 429]);
    expect(rateOf(first).slice(0, 2)).toEqual([2, 1]);
    expect(rateOf(second).slice(0, 2)).toEqual([2, 0]);
    expect(rateOf(refused).slice(0, 2)).toEqual([2, 0]);
    const reset = rateOf(refused)[2]!;
    expect(reset).toBeGreaterThan(technique === 'sliding' ? 3590 : 0);
    expect(reset).toBeLessThanOrEqual(3600);
    expect(Number(refused.headers['retry-after'])).toBe(reset);
    expect(JSON.parse(refused.body.toString())).toEqual({
      success: false,
      result: [],
      messages: [],
      error: [{ code: 2003, message: expect.stringContaining('Rate limited') }],
      name: 'AiGatewayError',
      httpCode: 429,
      internalCode: 2003,
      message: expect.stringContaining('Rate limited'),
      description: expect.stringContaining('Rate limited'),
    });
    expect(test.provider.requests).toHaveLength(2);
    const row = await test.record(refused.fields, id);
    expect(row).toMatchObject({
      status_code: 429,
      success: false,
      rate_limited: true,
      error_type: 'rate-limited',
      attempts: [],
      tokens_in: null,
      cost: null,
    });
    expect(row.decisions).toContainEqual({
      stage: 'limit',
      outcome: 'refused',
      rule: `2 per 3600 s, ${technique}`,
      detail: null,
    });
    expect(await test.record(first.fields, id)).toMatchObject({ rate_limited: false, status_code: 200 });
  });

  it('never lets more pass than the limit, however many come at once', async () => {
    const id = await limited(37, 3600, technique);
    await intoWindow(3600, 20_000);
    const replies = await Promise.all(Array.from({ length: 200 }, (_, i) => send(id, {}, `Question ${i}`)));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(37);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(163);
    expect(test.provider.requests).toHaveLength(37);
    for (const reply of replies) expect(reply.headers['ratelimit-limit']).toBe('37');
  });
});

it('a sliding window gives a place back when the oldest request is one interval old, and not before', async () => {
  const id = await limited(2, 1);
  const startedAt = performance.now();
  expect((await send(id)).status).toBe(200);
  const firstDone = performance.now();
  await sleep(400);
  expect((await send(id)).status).toBe(200);
  while (performance.now() - startedAt < 750) {
    expect((await send(id)).status).toBe(429);
    await sleep(20);
  }
  await sleep(Math.max(0, 1010 - (performance.now() - firstDone)));
  // One place, of the first; the second request is still in the window.
  expect((await send(id)).status).toBe(200);
  if (performance.now() - startedAt < 1350) expect((await send(id)).status).toBe(429);
});

it('a fixed window begins again at a boundary of the clock', async () => {
  const id = await limited(1, 1, 'fixed');
  await intoWindow(1, 500);
  expect((await send(id)).status).toBe(200);
  const refused = await send(id);
  expect(refused.status).toBe(429);
  expect(refused.headers['retry-after']).toBe('1');
  await sleep(1000 - (Date.now() % 1000) + 15);
  expect((await send(id)).status).toBe(200);
});

it('cache hits are not counted, and still say what is left', async () => {
  const id = await limited(2, 3600, 'sliding', { cache_ttl: 300 });
  const paid = await send(id);
  expect([paid.status, paid.headers['cf-aig-cache-status']]).toEqual([200, 'MISS']);
  for (let i = 0; i < 5; i++) {
    const hit = await send(id);
    expect([hit.status, hit.headers['cf-aig-cache-status']]).toEqual([200, 'HIT']);
    expect(rateOf(hit).slice(0, 2)).toEqual([2, 1]);
  }
  expect((await send(id, {}, 'Another')).status).toBe(200);
  expect((await send(id, {}, 'A third')).status).toBe(429);
  // What is in the cache is answered although the limit is reached.
  const hit = await send(id);
  expect([hit.status, hit.headers['cf-aig-cache-status']]).toEqual([200, 'HIT']);
  expect(rateOf(hit).slice(0, 2)).toEqual([2, 0]);
});

it('what is refused before the limit is asked is not counted', async () => {
  const id = await limited(1, 3600);
  const url = `${test.base(id)}/openai/chat/completions`;
  const noToken = await ask(url, { body: chat(), headers: { 'cf-aig-authorization': 'Bearer wrong' } });
  const badHeader = await ask(url, { body: chat(), headers: { 'cf-aig-max-attempts': 'lots' } });
  const noProvider = await ask(`${test.base(id)}/nowhere/x`, { body: chat() });
  expect([noToken.status, badHeader.status, noProvider.status]).toEqual([401, 400, 400]);
  for (const reply of [noToken, badHeader, noProvider]) expect(rateOf(reply).slice(0, 2)).toEqual([1, 1]);
  expect((await send(id)).status).toBe(200);
  expect((await send(id)).status).toBe(429);
});

it('a request is counted once, whatever it takes: retries, steps, upstream errors', async () => {
  const id = await limited(3, 3600);
  test.provider.script(['status=503;retryAfter=0', 'status=503;retryAfter=0', {}]);
  const retried = await send(id, { 'cf-aig-max-attempts': '3', 'cf-aig-retry-delay': '1' });
  expect([retried.status, ...rateOf(retried).slice(0, 2)]).toEqual([200, 3, 2]);
  test.provider.script(['status=500', 'status=500', {}]);
  const step = { provider: 'openai', endpoint: 'chat/completions', query: chat() };
  const universal = await ask(test.base(id), { body: [step, step, step] });
  expect([universal.status, universal.headers['cf-aig-step'], ...rateOf(universal).slice(0, 2)]).toEqual([
    200,
    '2',
    3,
    1,
  ]);
  test.provider.script(['status=400']);
  const failed = await send(id);
  expect([failed.status, ...rateOf(failed).slice(0, 2)]).toEqual([400, 3, 0]);
  const refused = await ask(test.base(id), { body: [step, step] });
  expect(refused.status).toBe(429);
  // A limit is the gateway's, not a step's: there is nothing to fall back to.
  expect(await test.record(refused.fields, id)).toMatchObject({ rate_limited: true, attempts: [] });
});

it('the provider’s own rate headers do not pass for the gateway’s', async () => {
  const id = await limited(5, 3600);
  const reply = await send(id);
  expect(rateOf(reply)[0]).toBe(5);
  expect(reply.headers['x-ratelimit-limit-requests']).toBeDefined();
  expect(rateOf(await send('default'))).toEqual([null, null, null]);
});

it('a change of the settings takes effect with the next request', async () => {
  const id = await limited(1, 3600);
  expect((await send(id)).status).toBe(200);
  expect((await send(id)).status).toBe(429);
  const put = (limit: number, technique = 'sliding'): Promise<unknown> =>
    test.manage(
      'PUT',
      `/gateways/${id}`,
      gatewayBody({
        rate_limiting_limit: limit,
        rate_limiting_interval: 3600,
        rate_limiting_technique: technique,
      }),
    );
  await put(3);
  const more = await send(id);
  expect([more.status, ...rateOf(more).slice(0, 2)]).toEqual([200, 3, 1]);
  await put(2);
  expect((await send(id)).status).toBe(429);
  await put(0);
  const free = await send(id);
  expect(free.status).toBe(200);
  expect(rateOf(free)).toEqual([null, null, null]);
});

it('counts outlive a restart', async () => {
  const id = await limited(3, 3600);
  await send(id);
  await send(id);
  await test.restart();
  const third = await send(id);
  expect([third.status, ...rateOf(third).slice(0, 2)]).toEqual([200, 3, 0]);
  expect((await send(id)).status).toBe(429);
});

it('one gateway’s limit is nothing to another', async () => {
  const one = await limited(1, 3600);
  const other = await limited(1, 3600);
  expect((await send(one)).status).toBe(200);
  expect((await send(one)).status).toBe(429);
  expect((await send(other)).status).toBe(200);
});

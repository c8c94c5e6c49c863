import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawRequest, sleep, until } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const send = (headers: Record<string, string> = {}, options: Partial<RawRequest> = {}) =>
  ask(`${test.base()}/openai/chat/completions`, { body: chat(), ...options, headers });

type Line = { status_code: number | null; error: string | null; waited: number | null; duration: number };
const attempts = (row: Record<string, unknown>): Line[] => row.attempts as Line[];

async function nothingIsOpen(): Promise<void> {
  await until(() => test.provider.openStreams === 0, 'the provider still has open streams');
  await until(async () => {
    const { openRequests, openUpstream, heldRequestBytes } = (await (
      await fetch(`${test.gateway.baseUrl}/healthz`)
    ).json()) as Record<string, number>;
    return openRequests === 0 && openUpstream === 0 && heldRequestBytes === 0;
  }, 'the gateway still has something open');
}

/** The newest record of the gateway, once there are `count` more than before. */
async function newest(since: string): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> | undefined;
  await until(async () => {
    const rows = (await test.manage('GET', '/gateways/default/logs?per_page=1')) as Record<string, unknown>[];
    found = rows[0];
    return found !== undefined && found.id !== since;
  }, 'no new record came');
  return test.manage('GET', `/gateways/default/logs/${found!.id}`) as Promise<Record<string, unknown>>;
}

describe('waits between attempts', () => {
  it.each([
    ['constant', [40, 40, 40]],
    ['linear', [40, 80, 120]],
    ['exponential', [40, 80, 160]],
  ])('%s', async (backoff, waits) => {
    test.provider.script(['cut', 'cut', 'cut']);
    const started = performance.now();
    const reply = await send({
      'cf-aig-max-attempts': '4',
      'cf-aig-retry-delay': '40',
      'cf-aig-backoff': backoff,
    });
    expect(reply.status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(waits[0]! + waits[1]! + waits[2]!);
    const row = await test.record(reply.fields);
    expect(attempts(row).map(({ waited }) => waited)).toEqual([...waits, null]);
  });

  it('the settings of the gateway count where the request says nothing', async () => {
    await test.manage('POST', '/gateways', {
      id: 'trying',
      retry_max_attempts: 3,
      retry_delay: 10,
      retry_backoff: 'linear',
      request_timeout: 150,
    });
    test.provider.script(['hang', 'status=503;retryAfter=0']);
    const reply = await ask(`${test.base('trying')}/openai/chat/completions`, { body: chat() });
    expect(reply.status).toBe(200);
    const row = await test.record(reply.fields, 'trying');
    expect(attempts(row)).toMatchObject([
      { status_code: null, error: 'upstream-timeout', waited: 10 },
      { status_code: 503, error: 'status 503', waited: 20 },
      { status_code: 200, error: null, waited: null },
    ]);
    test.provider.script(['status=503', {}]);
    const once = await ask(`${test.base('trying')}/openai/chat/completions`, {
      body: chat(),
      headers: { 'cf-aig-max-attempts': '1' },
    });
    expect(once.status).toBe(503);
  });

  it('the fifth attempt is the last, and its answer is the answer', async () => {
    test.provider.always({ status: 500 });
    const reply = await send({ 'cf-aig-max-attempts': '5', 'cf-aig-retry-delay': '1' });
    expect(reply.status).toBe(500);
    expect(reply.body.equals(test.provider.requests[4]!.sent)).toBe(true);
    expect(test.provider.requests).toHaveLength(5);
    const row = await test.record(reply.fields);
    expect(row).toMatchObject({ status_code: 500, success: false, error_type: 'server_error' });
    expect(attempts(row).map(({ status_code, waited }) => [status_code, waited])).toEqual([
      [500, 1],
      [500, 1],
      [500, 1],
      [500, 1],
      [500, null],
    ]);
  });
});

describe('what the provider asks to be waited', () => {
  it('is waited, where it is longer than the delay', async () => {
    test.provider.script(['status=429;retryAfter=1']);
    const started = performance.now();
    const reply = await send({ 'cf-aig-max-attempts': '2', 'cf-aig-retry-delay': '5' });
    expect(reply.status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(999);
    expect(attempts(await test.record(reply.fields))[0]).toMatchObject({ status_code: 429, waited: 1000 });
  });

  it.each(['61', new Date(Date.now() + 3_600_000).toUTCString()])(
    'is refused beyond 60 seconds: %s',
    async (retryAfter) => {
      test.provider.script([{ status: 503, retryAfter }]);
      const reply = await send({ 'cf-aig-max-attempts': '5', 'cf-aig-retry-delay': '1' });
      expect(reply.status).toBe(503);
      expect(reply.headers['retry-after']).toBe(retryAfter);
      expect(test.provider.requests).toHaveLength(1);
      const row = await test.record(reply.fields);
      expect(attempts(row)).toMatchObject([{ status_code: 503, waited: null }]);
      expect(row.decisions).toContainEqual(
        expect.objectContaining({ stage: 'retry', outcome: 'not tried again', rule: 'retry-after' }),
      );
    },
  );

  it('sends a request with a fallback to the next step at once', async () => {
    test.provider.script(['status=429;retryAfter=3600']);
    const step = { provider: 'openai', endpoint: 'chat/completions', query: chat() };
    const started = performance.now();
    const reply = await ask(test.base(), { body: [step, step], headers: { 'cf-aig-max-attempts': '3' } });
    expect(reply).toMatchObject({ status: 200 });
    expect(reply.headers['cf-aig-step']).toBe('1');
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('the request time-out', () => {
  const timeout = { 'cf-aig-request-timeout': '100' };

  it('ends in 400, code 2005, when there is nothing else to try', async () => {
    test.provider.script(['hang']);
    const reply = await send(timeout);
    expect(reply.status).toBe(400);
    expect(reply.headers['x-should-retry']).toBe('true');
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      internalCode: 2005,
      message: expect.stringContaining('no first byte within 100 ms'),
    });
    expect(await test.record(reply.fields)).toMatchObject({
      status_code: 400,
      success: false,
      outcome: 'complete',
      error_type: 'upstream-timeout',
      tokens_in: null,
      cost: null,
    });
    await nothingIsOpen();
    expect(test.provider.requests[0]!.aborted).toBe(true);
  });

  it('counts for each attempt, and then the next one is made', async () => {
    test.provider.script(['hang', 'delayMs=5000']);
    const reply = await send({ ...timeout, 'cf-aig-max-attempts': '3', 'cf-aig-retry-delay': '1' });
    expect(reply.status).toBe(200);
    const lines = attempts(await test.record(reply.fields));
    expect(lines.map(({ error }) => error)).toEqual(['upstream-timeout', 'upstream-timeout', null]);
    for (const { duration } of lines.slice(0, 2)) expect(duration).toBeGreaterThanOrEqual(99);
  });

  it('of a step sends the request to the next one, also when only the head had come', async () => {
    for (const fault of ['hang', 'hang=0']) {
      test.provider.script([fault]);
      const step = { provider: 'openai', endpoint: 'chat/completions', query: chat({ stream: true }) };
      const reply = await ask(test.base(), { body: [{ ...step, config: { requestTimeout: 100 } }, step] });
      expect(reply).toMatchObject({ status: 200, whole: true });
      expect(reply.headers['cf-aig-step']).toBe('1');
      expect(attempts(await test.record(reply.fields)).map(({ error }) => error)).toEqual([
        'upstream-timeout',
        null,
      ]);
    }
    await nothingIsOpen();
  });

  it('does not cut a stream that has begun', async () => {
    test.provider.script(['tokens=6;tokenMs=60']);
    const reply = await send(timeout, { body: chat({ stream: true }) });
    expect(reply).toMatchObject({ status: 200, whole: true });
    expect(reply.body.toString()).toMatch(/data: \[DONE\]\n\n$/);
  });
});

describe('a body that is larger than what is held', () => {
  it('goes through once, and is never tried again', async () => {
    const small = await startTestGateway({ env: { TIDEGATE_BUFFER_BYTES: '65536' } });
    try {
      small.provider.script(['status=503;retryAfter=0', {}]);
      const body = JSON.stringify(chat({}, 'x'.repeat(200_000)));
      const reply = await ask(`${small.base()}/openai/chat/completions`, {
        body,
        headers: { 'cf-aig-max-attempts': '3', 'cf-aig-retry-delay': '1' },
      });
      expect(reply.status).toBe(503);
      expect(small.provider.requests).toHaveLength(1);
      expect(small.provider.requests[0]!.body.toString()).toBe(body);
      expect(await small.record(reply.fields)).toMatchObject({ status_code: 503, request_size: body.length });
    } finally {
      await small.close();
    }
  });
});

describe('a client that leaves', () => {
  const left = { success: false, outcome: 'left', error_type: 'client-closed', status_code: 499 };
  let before = '';
  beforeEach(async () => {
    const reply = await send();
    before = String((await test.record(reply.fields)).id);
    test.provider.reset();
  });

  it('before the answer stops the attempt', async () => {
    test.provider.script(['hang']);
    await expect(send({}, { leaveAfterMs: 60 })).rejects.toThrow();
    await nothingIsOpen();
    expect(test.provider.requests[0]!.aborted).toBe(true);
    const row = await newest(before);
    expect(row).toMatchObject(left);
    expect(attempts(row)).toMatchObject([{ status_code: null, waited: null }]);
  });

  it('between two attempts stops the waiting: the next one is never made', async () => {
    test.provider.script(['status=503;retryAfter=0']);
    const started = performance.now();
    await expect(
      send({ 'cf-aig-max-attempts': '3', 'cf-aig-retry-delay': '20000' }, { leaveAfterMs: 60 }),
    ).rejects.toThrow();
    await nothingIsOpen();
    expect(performance.now() - started).toBeLessThan(5000);
    expect(test.provider.requests).toHaveLength(1);
    expect(await newest(before)).toMatchObject(left);
  });

  it('while the first step is looked at does not set off the second', async () => {
    test.provider.script(['hang=0']);
    const step = { provider: 'openai', endpoint: 'chat/completions', query: chat({ stream: true }) };
    await expect(ask(test.base(), { body: [step, step], leaveAfterMs: 60 })).rejects.toThrow();
    await nothingIsOpen();
    await sleep(30);
    expect(test.provider.requests).toHaveLength(1);
    expect(await newest(before)).toMatchObject({ success: false, outcome: 'left' });
  });

  it('in the middle of a stream stops it, and what was produced is counted as an estimate', async () => {
    test.provider.script(['endless']);
    const reply = await send(
      {},
      {
        body: chat({ stream: true }),
        leaveWhen: (soFar) => soFar.length > 20_000,
      },
    );
    expect(reply).toMatchObject({ status: 200, whole: false });
    await nothingIsOpen();
    expect(test.provider.requests[0]!.aborted).toBe(true);
    const row = await test.record(reply.fields);
    expect(row).toMatchObject({ ...left, status_code: 200, usage_metadata: { estimated: true } });
    expect(row.tokens_out).toBeGreaterThan(10);
  });

  it('while it does not read leaves nothing behind', async () => {
    test.provider.script(['hugeLineBytes=50000000']);
    await expect(send({}, { body: chat({ stream: true }), leaveWhen: () => true })).resolves.toMatchObject({
      whole: false,
    });
    await nothingIsOpen();
  });
});

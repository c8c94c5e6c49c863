import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { anthropic, openai, universal } from './controls-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'default' }));
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

/** The attempt lines of a record, as `step.attempt provider status error`. */
function lines(record: Record<string, unknown>): string[] {
  const attempts = record.attempts as Record<string, unknown>[];
  return attempts.map(
    (line) => `${line.step}.${line.attempt} ${line.provider} ${line.status_code} ${line.error}`,
  );
}

/** A port at which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the universal endpoint', () => {
  it('answers with the first step when it answers, and asks nobody else', async () => {
    const { response, text } = await universal(test, [openai(), anthropic()]);
    expect(response.status).toBe(200);
    expect(response.headers.get('cf-aig-step')).toBe('0');
    const [request, ...others] = test.provider.requests;
    expect(others).toEqual([]);
    expect(request!.url).toBe('/openai/v1/chat/completions');
    expect(request!.body.toString()).toBe(
      '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}',
    );
    expect(text).toBe(request!.sent.toString());
    expect(await test.record(response)).toMatchObject({
      request_type: 'universal',
      provider: 'openai',
      path: 'chat/completions',
      step: 0,
      success: true,
      finish_reason: 'stop',
    });
  });

  it('takes one bare step as an array of one, with and without a slash at the end of the path', async () => {
    for (const slash of ['', '/']) {
      const response = await fetch(`${test.base()}${slash}`, {
        method: 'POST',
        headers: { 'cf-aig-authorization': 'Bearer test-admin-token-0123456789' },
        body: JSON.stringify(anthropic()),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('cf-aig-step')).toBe('0');
      expect(await response.json()).toMatchObject({ type: 'message' });
    }
  });

  it('takes endpoints as other libraries write them: with v1, with a slash in front, with a query', async () => {
    for (const [endpoint, url] of [
      ['v1/chat/completions', '/openai/v1/chat/completions'],
      ['/chat/completions', '/openai/v1/chat/completions'],
      ['chat/completions?x=1%2F2', '/openai/v1/chat/completions?x=1%2F2'],
    ]) {
      const { response } = await universal(test, [openai({ endpoint })]);
      expect(response.status).toBe(200);
      expect(test.provider.requests.at(-1)!.url).toBe(url);
    }
  });

  it('streams the answer of the step that answered', async () => {
    const { response, text } = await universal(test, [
      openai({ fault: 'status=500' }),
      anthropic({ query: { stream: true } }),
    ]);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cf-aig-step')).toBe('1');
    expect(text).toBe(test.provider.requests[1]!.sent.toString());
    expect(await test.record(response)).toMatchObject({
      streamed: true,
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      finish_reason: 'end_turn',
      step: 1,
    });
  });
});

describe('the next step is tried', () => {
  for (const status of [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529]) {
    it(`after a status ${status}`, async () => {
      const { response } = await universal(test, [openai({ fault: `status=${status}` }), anthropic()]);
      expect(response.status).toBe(200);
      expect(response.headers.get('cf-aig-step')).toBe('1');
      const record = await test.record(response);
      expect(lines(record)).toEqual([`0.1 openai ${status} status ${status}`, '1.1 anthropic 200 null']);
      expect(record).toMatchObject({ provider: 'anthropic', step: 1, success: true, status_code: 200 });
    });
  }

  it('after the time-out of the step', async () => {
    const { response } = await universal(test, [
      openai({ fault: 'hang', config: { requestTimeout: 80 } }),
      anthropic(),
    ]);
    expect(response.headers.get('cf-aig-step')).toBe('1');
    expect(lines(await test.record(response))).toEqual([
      '0.1 openai null upstream-timeout',
      '1.1 anthropic 200 null',
    ]);
    expect(test.provider.requests[0]!.aborted).toBe(true);
  });

  it('after a refused, cut or broken connection', async () => {
    await test.manage(
      'POST',
      '/gateways',
      gatewayBody({ id: 'away', provider_urls: { openai: `http://127.0.0.1:${await closedPort()}` } }),
    );
    const refused = await universal(test, [openai(), anthropic()], {}, 'away');
    expect(refused.response.headers.get('cf-aig-step')).toBe('1');
    for (const fault of ['cut', 'reset', 'garbage']) {
      const { response } = await universal(test, [openai({ fault }), anthropic()]);
      expect(response.headers.get('cf-aig-step'), fault).toBe('1');
      expect(lines(await test.record(response))).toEqual([
        '0.1 openai null upstream-failed',
        '1.1 anthropic 200 null',
      ]);
    }
  });

  it('after an error event before the first content of a stream', async () => {
    const { response } = await universal(test, [
      openai({ fault: 'errorEvent=0', query: { stream: true } }),
      anthropic({ query: { stream: true } }),
    ]);
    expect(response.headers.get('cf-aig-step')).toBe('1');
    expect(lines(await test.record(response))).toEqual([
      '0.1 openai 200 error event in the stream',
      '1.1 anthropic 200 null',
    ]);
  });

  it('but not after content has come: then the client sees the broken stream', async () => {
    const { response, text } = await universal(test, [
      openai({ fault: 'errorEvent=3', query: { stream: true } }),
      anthropic(),
    ]);
    expect(response.headers.get('cf-aig-step')).toBe('0');
    expect(text).toBe(test.provider.requests[0]!.sent.toString());
    expect(test.provider.requests).toHaveLength(1);
    expect(await test.record(response)).toMatchObject({ success: false, status_code: 200 });
  });

  it('until the last, whose answer is the answer whatever it is', async () => {
    const { response, text } = await universal(test, [
      openai({ fault: 'status=500' }),
      anthropic({ fault: 'hang', headers: { 'cf-aig-request-timeout': 60 } }),
      openai({ fault: 'status=429' }),
    ]);
    expect(response.status).toBe(429);
    expect(response.headers.get('cf-aig-step')).toBe('2');
    expect(text).toBe(test.provider.requests[2]!.sent.toString());
    const record = await test.record(response);
    expect(record).toMatchObject({ success: false, status_code: 429, step: 2 });
    expect(lines(record)).toEqual([
      '0.1 openai 500 status 500',
      '1.1 anthropic null upstream-timeout',
      '2.1 openai 429 requests',
    ]);
  });

  it('after its retries are exhausted, with the retry of its own config', async () => {
    const { response } = await universal(
      test,
      [
        openai({ fault: 'status=503', config: { maxAttempts: 3, retryDelay: 10, backoff: 'linear' } }),
        anthropic(),
      ],
      // For the request as a whole; the step's own config stands over it.
      { 'cf-aig-max-attempts': '1' },
    );
    const record = await test.record(response);
    expect(lines(record)).toEqual([
      '0.1 openai 503 status 503',
      '0.2 openai 503 status 503',
      '0.3 openai 503 status 503',
      '1.1 anthropic 200 null',
    ]);
    const waited = (record.attempts as { waited: number | null }[]).map((line) => line.waited);
    expect(waited).toEqual([10, 20, null, null]);
  });

  it('and each step has its own retries from the request’s headers when its config is silent', async () => {
    const { response } = await universal(
      test,
      [openai({ fault: 'status=500' }), anthropic({ fault: 'status=529;times=1;key=once' })],
      { 'cf-aig-max-attempts': '2', 'cf-aig-retry-delay': '0' },
    );
    expect(response.status).toBe(200);
    expect(lines(await test.record(response))).toEqual([
      '0.1 openai 500 status 500',
      '0.2 openai 500 status 500',
      '1.1 anthropic 529 status 529',
      '1.2 anthropic 200 null',
    ]);
  });

  it('after a stored key that is not there', async () => {
    const { response } = await universal(test, [
      openai({ headers: { authorization: '', 'cf-aig-byok-alias': 'nobody' } }),
      anthropic(),
    ]);
    expect(response.headers.get('cf-aig-step')).toBe('1');
    expect(test.provider.requests).toHaveLength(1);
  });
});

describe('one request on the universal endpoint', () => {
  it('makes one record and counts once for the rate limit, however many steps run', async () => {
    await test.manage(
      'POST',
      '/gateways',
      gatewayBody({ id: 'limited', rate_limiting_limit: 2, rate_limiting_interval: 3600 }),
    );
    const steps = [openai({ fault: 'status=500' }), anthropic()];
    for (const remaining of ['1', '0']) {
      const { response } = await universal(test, steps, {}, 'limited');
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit-remaining')).toBe(remaining);
      await test.record(response, 'limited');
    }
    const third = await universal(test, steps, {}, 'limited');
    expect(third.response.status).toBe(429);
    await test.record(third.response, 'limited');
    const logs = (await test.manage('GET', '/gateways/limited/logs')) as unknown[];
    expect(logs).toHaveLength(3);
    expect(test.provider.requests).toHaveLength(4);
  });

  it('stops between steps when the client leaves', async () => {
    const leaving = new AbortController();
    const asked = fetch(test.base(), {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'cf-aig-authorization': 'test-admin-token-0123456789' },
      body: JSON.stringify([openai({ fault: 'hang' }), anthropic()]),
    });
    while (test.provider.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await nothingOpen(test);
    expect(test.provider.requests).toHaveLength(1);
    expect(test.provider.requests[0]!.aborted).toBe(true);
  });
});

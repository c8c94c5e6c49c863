import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayBody } from '../support/gateway.ts';
import {
  type Asking,
  answerOf,
  Client,
  type LogLine,
  newQuestion,
  type SharingTest,
  STREAM_HEAD,
  startSharingTest,
  streamOf,
} from './share-in-flight-calls.ts';

let sharing: SharingTest;
beforeAll(async () => {
  sharing = await startSharingTest();
});
afterAll(() => sharing.close());

const ask = (asking: Asking): Client => new Client(sharing.test, asking);
const several = (count: number, asking: Asking): Client[] => Array.from({ length: count }, () => ask(asking));
const over = (clients: readonly Client[]): Promise<unknown> =>
  Promise.all(clients.map((client) => client.over));
const row = (lines: readonly LogLine[], client: Client): LogLine =>
  lines.find(({ id }) => id === client.logId)!;

/** One paid record, and all others shared, with sums that are right. */
function expectOnePayer(lines: readonly LogLine[]): LogLine {
  const paid = lines.filter(({ cached }) => cached === false);
  expect(paid).toHaveLength(1);
  const [payer] = paid as [LogLine];
  expect(payer).toMatchObject({ cache_status: 'MISS', cache_kind: null, saved: null, success: true });
  expect(payer.cost).toBeGreaterThan(0);
  expect(payer.attempts).toHaveLength(1);
  for (const line of lines) {
    if (line === payer) continue;
    expect(line).toMatchObject({
      cached: true,
      cache_status: 'HIT',
      cache_kind: 'shared',
      cost: 0,
      saved: payer.cost,
      tokens_in: 0,
      tokens_out: 0,
      attempts: [],
      model: payer.model,
      finish_reason: payer.finish_reason,
      response_size: payer.response_size,
      success: true,
    });
  }
  expect(lines.reduce((sum, { cost }) => sum + cost!, 0)).toBe(payer.cost);
  return payer;
}

describe('a hundred equal requests at once', () => {
  it('that ask for a stream make one call, get the same bytes, and one of them pays', async () => {
    const from = sharing.calls.length;
    const clients = several(100, { body: newQuestion({ stream: true }) });
    const call = await sharing.call(from);
    const pieces = streamOf(['Hello', ' there', ', harbour']);
    call.response.writeHead(200, STREAM_HEAD);
    call.response.write(pieces[0]);
    // Whoever has the first event takes part: the rest is held back until all do.
    await Promise.all(clients.map((client) => client.untilGiven(pieces[0]!.length)));
    for (const piece of pieces.slice(1, -1)) call.response.write(piece);
    call.response.end(pieces.at(-1));
    await over(clients);
    const whole = Buffer.concat(pieces);
    for (const client of clients) {
      expect([client.status, client.isWhole]).toEqual([200, true]);
      expect(client.body.equals(whole)).toBe(true);
    }
    expect(sharing.calls).toHaveLength(from + 1);
    const lines = await sharing.records(100);
    expect(lines).toHaveLength(100);
    const payer = expectOnePayer(lines);
    expect(payer.decisions).toContainEqual(
      expect.objectContaining({ stage: 'cache', outcome: 'shared', detail: '99 more joined' }),
    );
    for (const line of lines) {
      if (line === payer) continue;
      expect(line.decisions).toContainEqual(
        expect.objectContaining({ stage: 'cache', outcome: 'joined', detail: `the call of ${payer.id}` }),
      );
    }
    // And it was stored, once.
    const later = ask({ body: JSON.parse(call.body) });
    await later.over;
    expect(later.headers).toMatchObject({ 'cf-aig-cache-status': 'HIT', 'tidegate-cache-kind': 'exact' });
    expect(later.body.equals(whole)).toBe(true);
    const [hit] = (await sharing.records(1)) as [LogLine];
    expect(hit.decisions.find(({ outcome }) => outcome === 'hit')?.detail).toContain(payer.id);
  });

  it('that ask for a whole answer do, too', async () => {
    const from = sharing.calls.length;
    const clients = several(100, { body: newQuestion() });
    const call = await sharing.call(from);
    const answer = answerOf('Hello there');
    call.response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    call.response.write(answer.subarray(0, 20));
    await Promise.all(clients.map((client) => client.untilGiven(20)));
    call.response.end(answer.subarray(20));
    await over(clients);
    for (const client of clients) expect(client.body.equals(answer)).toBe(true);
    expect(sharing.calls).toHaveLength(from + 1);
    const lines = await sharing.records(100);
    expect(lines).toHaveLength(100);
    expectOnePayer(lines);
  });
});

describe('who comes later', () => {
  it('gets what has come so far, at once, and goes on live; the reply says what it is', async () => {
    const from = sharing.calls.length;
    const asking = { body: newQuestion({ stream: true }) };
    const first = ask(asking);
    const call = await sharing.call(from);
    const pieces = streamOf(['one', ' two', ' three']);
    call.response.writeHead(200, STREAM_HEAD);
    call.response.write(pieces[0]);
    call.response.write(pieces[1]);
    const soFar = Buffer.concat(pieces.slice(0, 2));
    await first.untilGiven(soFar.length);
    const second = ask(asking);
    await second.untilGiven(soFar.length);
    expect(second.body.equals(soFar)).toBe(true);
    call.response.write(pieces[2]);
    await second.untilGiven(soFar.length + pieces[2]!.length);
    const third = ask(asking);
    await third.untilGiven(0);
    call.response.end(pieces[3]);
    await over([first, second, third]);
    for (const client of [first, second, third]) expect(client.body.equals(Buffer.concat(pieces))).toBe(true);
    expect(first.headers).toMatchObject({
      'cf-aig-cache-status': 'MISS',
      'x-request-id': 'of-one-call',
      via: 'provider',
    });
    expect(first.headers['tidegate-cache-kind']).toBeUndefined();
    for (const { headers } of [second, third]) {
      expect(headers).toMatchObject({
        'cf-aig-cache-status': 'HIT',
        'tidegate-cache-kind': 'shared',
        age: '0',
        via: 'provider',
        'content-type': 'text/event-stream',
      });
      expect(headers['x-request-id']).toBeUndefined();
      expect(headers['tidegate-cache-entry']).toBeUndefined();
    }
    const lines = await sharing.records(3);
    expectOnePayer(lines);
    expect(row(lines, first).cost).toBeGreaterThan(0);
    for (const client of [second, third]) {
      // The time that it waited for the provider is none of the gateway's.
      expect(row(lines, client).overhead).toBeLessThanOrEqual((row(lines, client).duration as number) + 1);
      expect(row(lines, client)).toMatchObject({ streamed: true, outcome: 'complete' });
      const body = await bodyOf(client.logId);
      expect(body.equals(client.body)).toBe(true);
    }
  });

  it('is not counted by the rate limit', async () => {
    const provider_urls = { openai: sharing.upstream.url };
    const limits = {
      rate_limiting_limit: 1,
      rate_limiting_interval: 3600,
      rate_limiting_technique: 'sliding',
    };
    await sharing.test.manage(
      'POST',
      '/gateways',
      gatewayBody({ id: 'limited', cache_ttl: 600, provider_urls, ...limits }),
    );
    const from = sharing.calls.length;
    const asking = { gateway: 'limited', body: newQuestion({ stream: true }) };
    const clients = [ask(asking)];
    const call = await sharing.call(from);
    clients.push(...several(4, asking));
    call.response.writeHead(200, STREAM_HEAD);
    call.response.flushHeaders();
    await Promise.all(clients.map((client) => client.untilGiven(0)));
    call.response.end(Buffer.concat(streamOf(['one'])));
    await over(clients);
    for (const client of clients) {
      expect([client.status, client.headers['ratelimit-remaining']]).toEqual([200, '0']);
    }
    const other = ask({ ...asking, body: newQuestion() });
    await other.over;
    expect(other.status).toBe(429);
  });

  it('also shares as a step of the universal endpoint, and with requests of the native one', async () => {
    const from = sharing.calls.length;
    const query = newQuestion({ stream: true });
    const headers = { authorization: 'Bearer test-key-openai', 'content-type': 'application/json' };
    const step = { provider: 'openai', endpoint: 'chat/completions', headers, query };
    const clients = [ask({ path: '', body: [step] }), ask({ path: '', body: [step] }), ask({ body: query })];
    const call = await sharing.call(from);
    call.response.writeHead(200, STREAM_HEAD);
    call.response.flushHeaders();
    await Promise.all(clients.map((client) => client.untilGiven(0)));
    const pieces = streamOf(['one']);
    call.response.end(Buffer.concat(pieces));
    await over(clients);
    expect(sharing.calls).toHaveLength(from + 1);
    for (const client of clients) expect(client.body.equals(Buffer.concat(pieces))).toBe(true);
    expectOnePayer(await sharing.records(3));
  });
});

async function bodyOf(logId: string): Promise<Buffer> {
  const url = `${sharing.test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/sharing/logs/${logId}/response`;
  const response = await fetch(url, { headers: { authorization: 'Bearer test-admin-token-0123456789' } });
  return Buffer.from(await response.arrayBuffer());
}

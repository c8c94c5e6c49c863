import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Asking,
  answerOf,
  Client,
  type HeldCall,
  type LogLine,
  newQuestion,
  type SharingTest,
  STREAM_HEAD,
  startSharingTest,
  streamOf,
  until,
} from './share-in-flight-calls.ts';

let sharing: SharingTest;
beforeAll(async () => {
  sharing = await startSharingTest();
});
afterAll(() => sharing.close());

const ask = (asking: Asking): Client => new Client(sharing.test, asking);
const over = (clients: readonly Client[]): Promise<unknown> =>
  Promise.all(clients.map((client) => client.over));
const row = (lines: readonly LogLine[], client: Client): LogLine =>
  lines.find(({ id }) => id === client.logId)!;
const outcomes = (line: LogLine): string[] =>
  line.decisions.filter(({ stage }) => stage === 'cache').map(({ outcome }) => outcome);

const WHOLE = Buffer.concat(streamOf(['one', ' two', ' three']));

describe('while the head is waited for', () => {
  /** So many clients that wait for the head of one call. */
  async function wait(
    count: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<[HeldCall, Client[]]> {
    const from = sharing.calls.length;
    const asking = { body: newQuestion({ stream: true }), headers };
    const clients = [ask(asking)];
    const call = await sharing.call(from);
    while (clients.length < count) clients.push(ask(asking));
    await sharing.untilOpen(count);
    return [call, clients];
  }

  it('one that leaves has its record at once, whoever it is, and the others get the answer', async () => {
    const [call, clients] = await wait(4);
    clients[2]!.leave();
    await sharing.untilOpen(3);
    clients[0]!.leave();
    await sharing.untilOpen(2);
    const gone = await sharing.records(2);
    expect(gone.map(({ outcome, cached, attempts }) => [outcome, cached, attempts])).toEqual([
      ['left', false, []],
      ['left', false, []],
    ]);
    call.response.writeHead(200, STREAM_HEAD);
    call.response.end(WHOLE);
    await over(clients);
    for (const client of [clients[1]!, clients[3]!]) expect(client.body.equals(WHOLE)).toBe(true);
    const lines = await sharing.records(2);
    expect(lines.filter(({ attempts }) => attempts.length > 0)).toHaveLength(1);
    expect(row(lines, clients[1]!)).toMatchObject({ cached: false, cache_status: 'MISS' });
    expect(row(lines, clients[3]!)).toMatchObject({ cached: true, saved: row(lines, clients[1]!).cost });
  });

  it('all leave: the provider is cut off, and one record has the call', async () => {
    const [call, clients] = await wait(3);
    for (const client of clients) client.leave();
    await until(() => call.isAborted, 'the provider is not cut off');
    await sharing.untilOpen(0);
    const lines = await sharing.records(3);
    expect(lines.map(({ attempts }) => attempts.length).toSorted()).toEqual([0, 0, 1]);
  });

  it('an error is given to all as it is, paid for by nobody, and not stored', async () => {
    const [call, clients] = await wait(3);
    const body = Buffer.from('{"error":{"message":"no such model","type":"invalid_request_error"}}');
    call.response.writeHead(404, { 'content-type': 'application/json', 'content-length': body.length });
    call.response.end(body);
    await over(clients);
    for (const client of clients) expect([client.status, client.body.equals(body)]).toEqual([404, true]);
    const lines = await sharing.records(3);
    expect(lines.map(({ success }) => success)).toEqual([false, false, false]);
    expect(lines.filter(({ attempts }) => attempts.length > 0)).toHaveLength(1);
    const again = ask({ body: JSON.parse(call.body) });
    const next = await sharing.call(sharing.calls.indexOf(call) + 1);
    next.response.end('{}');
    await again.over;
    await sharing.records(1);
  });

  it('a time-out is that of the one who waited: the others ask for themselves, each for itself', async () => {
    const from = sharing.calls.length;
    const [, clients] = await wait(3, { 'cf-aig-request-timeout': '5000' });
    // The first call is never answered; those that follow it are, at once.
    for (const index of [1, 2]) {
      const { response } = await sharing.call(from + index);
      const answer = answerOf(`answer ${index}`);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    }
    await over(clients);
    expect(sharing.calls).toHaveLength(from + 3);
    expect(clients[0]!.status).toBeGreaterThanOrEqual(400);
    expect(new Set([clients[1]!.body.toString(), clients[2]!.body.toString()]).size).toBe(2);
    const lines = await sharing.records(3);
    for (const line of lines) {
      expect(line.attempts).toHaveLength(1);
      expect(line.cached).toBe(false);
    }
    expect(row(lines, clients[0]!).error_type).toBe('upstream-timeout');
    expect(row(lines, clients[1]!).cost).toBeGreaterThan(0);
    expect(outcomes(row(lines, clients[1]!))).toContain('not shared');
  });

  it('an error status takes a universal request to its next step, also one that had joined', async () => {
    const from = sharing.calls.length;
    const query = newQuestion();
    const headers = { authorization: 'Bearer test-key-openai', 'content-type': 'application/json' };
    const step = { provider: 'openai', endpoint: 'chat/completions', headers };
    const steps = [
      { ...step, query },
      { ...step, query: { ...query, model: 'gpt-4o' } },
    ];
    const clients = [ask({ path: '', body: steps })];
    const call = await sharing.call(from);
    clients.push(ask({ path: '', body: steps }), ask({ path: '', body: steps }));
    await sharing.untilOpen(3);
    call.response.writeHead(400, { 'content-type': 'application/json' });
    call.response.end('{"error":{"message":"no"}}');
    const second = await sharing.call(from + 1);
    expect(JSON.parse(second.body).model).toBe('gpt-4o');
    const answer = answerOf('from the second');
    second.response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    second.response.end(answer);
    await over(clients);
    for (const client of clients) {
      expect([client.status, client.headers['cf-aig-step'], client.body.equals(answer)]).toEqual([
        200,
        '1',
        true,
      ]);
    }
    expect(sharing.calls).toHaveLength(from + 2);
    const lines = await sharing.records(3);
    const calls = lines.flatMap(({ attempts }) => attempts as { step: number }[]);
    expect(calls.map((attempt) => attempt.step).toSorted()).toEqual([0, 1]);
    expect(lines.filter(({ cached }) => cached === false)).toHaveLength(1);
  });
});

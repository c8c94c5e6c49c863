import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayBody } from '../support/gateway.ts';
import {
  type Asking,
  answerOf,
  Client,
  newQuestion,
  type SharingTest,
  STREAM_HEAD,
  startSharingTest,
  streamOf,
} from './share-in-flight-calls.ts';

let sharing: SharingTest;
let otherToken: string;
beforeAll(async () => {
  sharing = await startSharingTest();
  const provider_urls = { openai: sharing.upstream.url };
  const gateway = (fields: Readonly<Record<string, unknown>>): Promise<unknown> =>
    sharing.test.manage('POST', '/gateways', gatewayBody({ cache_ttl: 600, provider_urls, ...fields }));
  await gateway({ id: 'twin' });
  await gateway({ id: 'not-sharing', share_in_flight: false });
  await gateway({ id: 'not-caching', cache_ttl: 0 });
  const made = (await sharing.test.manage('POST', '/tokens', { name: 'other', permissions: ['run'] })) as {
    value: string;
  };
  otherToken = made.value;
});
afterAll(() => sharing.close());

const ask = (asking: Asking): Client => new Client(sharing.test, asking);

/** Sends two requests, both under way before either is answered, and sees how many calls they make. */
async function expectCalls(count: 1 | 2, one: Asking, other: Asking): Promise<void> {
  const from = sharing.calls.length;
  const clients = [ask(one), ask(other)];
  await sharing.untilOpen(2);
  await sharing.call(from + count - 1);
  // Those that share have one call to answer, the others two: whichever comes is answered.
  let answered = from;
  let isOver = false;
  const over = Promise.all(clients.map((client) => client.over)).then(() => {
    isOver = true;
  });
  while (!isOver) {
    for (; answered < sharing.calls.length; answered++) {
      const { response } = sharing.calls[answered]!;
      response.writeHead(200, STREAM_HEAD);
      response.end(Buffer.concat(streamOf([`answer ${answered}`])));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await over;
  for (const client of clients) expect([client.status, client.isWhole]).toEqual([200, true]);
  expect(sharing.calls.length - from).toBe(count);
}

describe('what is apart in the cache is apart on the way', () => {
  const body = (): Record<string, unknown> => newQuestion({ stream: true });

  it('equal requests share, for comparison', async () => {
    const asking = { body: body() };
    await expectCalls(1, asking, asking);
  });

  it.each<[string, (asking: Asking) => Asking]>([
    ['the body', (asking) => ({ ...asking, body: { ...(asking.body as object), seed: 7 } })],
    ['the provider key', (asking) => ({ ...asking, headers: { authorization: 'Bearer test-key-other' } })],
    [
      'the gateway token',
      (asking) => ({ ...asking, headers: { 'cf-aig-authorization': `Bearer ${otherToken}` } }),
    ],
    [
      'a header that shapes answers',
      (asking) => ({ ...asking, headers: { 'openai-beta': 'assistants=v2' } }),
    ],
    ['the encoding', (asking) => ({ ...asking, headers: { 'accept-encoding': 'gzip' } })],
    ['the gateway', (asking) => ({ ...asking, gateway: 'twin' })],
    ['the endpoint', (asking) => ({ ...asking, path: 'openai/responses' })],
    ['the query', (asking) => ({ ...asking, path: 'openai/chat/completions?x=1' })],
    ['the time that one waits', (asking) => ({ ...asking, headers: { 'cf-aig-request-timeout': '60000' } })],
    ['the number of attempts', (asking) => ({ ...asking, headers: { 'cf-aig-max-attempts': '2' } })],
  ])('%s', async (_, change) => {
    const asking = { body: body() };
    await expectCalls(2, asking, change(asking));
  });
});

describe('it is off', () => {
  it.each<[string, Asking, Asking]>([
    ['by the field of the gateway', { gateway: 'not-sharing' }, { gateway: 'not-sharing' }],
    ['by the header of the second', {}, { headers: { 'tidegate-share-in-flight': 'false' } }],
    ['by the header of the first', { headers: { 'tidegate-share-in-flight': 'false' } }, {}],
    [
      'also where the header asks for it, against the field',
      { gateway: 'not-sharing', headers: { 'tidegate-share-in-flight': 'true' } },
      { gateway: 'not-sharing', headers: { 'tidegate-share-in-flight': 'true' } },
    ],
    ['where the cache is', { gateway: 'not-caching' }, { gateway: 'not-caching' }],
    [
      'where the request takes itself out of the cache',
      { headers: { 'cf-aig-cache-ttl': '0' } },
      { headers: { 'cf-aig-cache-ttl': '0' } },
    ],
    ['for who skips the cache, as the second', {}, { headers: { 'cf-aig-skip-cache': 'true' } }],
    ['for who skips the cache, as the first', { headers: { 'cf-aig-skip-cache': 'true' } }, {}],
  ])('%s', async (_, one, other) => {
    const body = newQuestion({ stream: true });
    await expectCalls(2, { body, ...one }, { body, ...other });
  });

  it('and a header that is neither true nor false is refused by name', async () => {
    const client = ask({ body: newQuestion(), headers: { 'tidegate-share-in-flight': 'maybe' } });
    await client.over;
    expect(client.status).toBe(400);
    expect(client.body.toString()).toContain('tidegate-share-in-flight');
  });
});

describe('a key of the caller’s own', () => {
  it('is shared by those who show it, whatever they ask, and is for the cache where the gateway is not', async () => {
    const headers = { 'cf-aig-cache-key': `mine-${Math.floor(performance.now())}` };
    const asking = (): Asking => ({ gateway: 'not-caching', body: newQuestion(), headers });
    await expectCalls(1, asking(), asking());
  });
});

describe('two tenants who send the same bytes at the same time', () => {
  const ROUNDS = 40;
  const EACH = 5;

  it('never see a mark of the other', async () => {
    const tenants: readonly Asking[] = [
      { headers: { authorization: 'Bearer key-of-tenant-a' } },
      { headers: { authorization: 'Bearer key-of-tenant-b' } },
      { gateway: 'twin', headers: { authorization: 'Bearer key-of-tenant-a' } },
    ];
    const from = sharing.calls.length;
    let answered = from;
    const answering = setInterval(() => {
      for (; answered < sharing.calls.length; answered++) {
        const { headers, response } = sharing.calls[answered]!;
        // The mark: whose key has paid for it, and which call it was.
        const answer = answerOf(`canary ${headers.authorization} call ${answered}`);
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
        response.write(answer.subarray(0, 30));
        setTimeout(() => response.end(answer.subarray(30)), 5);
      }
    }, 3);
    const marks = tenants.map(() => new Set<string>());
    for (let round = 0; round < ROUNDS; round++) {
      const body = newQuestion();
      const clients = tenants.map((asking) => Array.from({ length: EACH }, () => ask({ ...asking, body })));
      await Promise.all(clients.flat().map((client) => client.over));
      for (const [index, group] of clients.entries()) {
        for (const client of group) {
          const mark = /canary (Bearer [\w-]+ call \d+)/.exec(client.body.toString())?.[1];
          expect(mark).toContain(tenants[index]!.headers!.authorization!);
          marks[index]!.add(mark!);
        }
      }
    }
    clearInterval(answering);
    // One call for each tenant and question, and none of them in common, also where the key is the same.
    expect(answered - from).toBe(ROUNDS * tenants.length);
    expect(marks.map((own) => own.size)).toEqual(tenants.map(() => ROUNDS));
    expect(new Set(marks.flatMap((own) => [...own])).size).toBe(ROUNDS * tenants.length);
  });
});

import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { ask, chat, type RawReply, sleep } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', { id: 'caching', cache_ttl: 3600 });
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

let asked = 0;
/** A question that nobody has asked before. */
const question = (): string => `Question number ${++asked}`;

interface Sending {
  readonly gateway?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

const send = ({
  gateway = 'caching',
  path = 'openai/chat/completions',
  ...rest
}: Sending): Promise<RawReply> => ask(`${test.base(gateway)}/${path}`, rest);

const status = ({ headers }: RawReply): string | undefined =>
  headers['cf-aig-cache-status'] as string | undefined;

/** Cache status of the same request sent twice, or of two. */
async function twice(first: Sending, second: Sending = first): Promise<(string | undefined)[]> {
  return [status(await send(first)), status(await send(second))];
}

type Decision = { stage: string; outcome: string; rule: string | null; detail: string | null };

async function decisions(reply: RawReply, gateway = 'caching'): Promise<Decision[]> {
  const row = await test.record(reply.fields, gateway);
  return (row.decisions as Decision[]).filter(({ stage }) => stage === 'cache');
}

describe('who asks for it', () => {
  it('nobody, by default: no header, and no entry', async () => {
    const body = chat({}, question());
    expect(await twice({ gateway: 'default', body })).toEqual([undefined, undefined]);
    expect(test.provider.requests).toHaveLength(2);
  });

  it('a TTL in the request does not, on a gateway that does not cache', async () => {
    const sending = {
      gateway: 'default',
      body: chat({}, question()),
      headers: { 'cf-aig-cache-ttl': '600' },
    };
    expect(await twice(sending)).toEqual([undefined, undefined]);
  });

  it('a key in the request does, on any gateway, for five minutes', async () => {
    const sending = {
      gateway: 'default',
      body: chat({}, question()),
      headers: { 'cf-aig-cache-key': `mine-${asked}` },
    };
    const miss = await send(sending);
    const hit = await send({ ...sending, body: chat({}, question()) });
    expect([status(miss), status(hit)]).toEqual(['MISS', 'HIT']);
    expect(hit.body.equals(miss.body)).toBe(true);
    expect(await decisions(miss, 'default')).toEqual([
      { stage: 'cache', outcome: 'miss', rule: 'cf-aig-cache-key', detail: expect.any(String) },
      { stage: 'cache', outcome: 'stored', rule: 'cf-aig-cache-key', detail: 'for 300 s' },
    ]);
  });

  it('the setting of the gateway does, for as long as it says, and the request may say another time', async () => {
    const body = chat({}, question());
    const miss = await send({ body });
    expect((await decisions(miss)).at(-1)).toMatchObject({ rule: 'cache_ttl', detail: 'for 3600 s' });
    const other = await send({ body: chat({}, question()), headers: { 'cf-aig-cache-ttl': '61' } });
    expect((await decisions(other)).at(-1)).toMatchObject({ rule: 'cf-aig-cache-ttl', detail: 'for 61 s' });
    const old = await send({ body: chat({}, question()), headers: { 'cf-cache-ttl': '62' } });
    expect((await decisions(old)).at(-1)).toMatchObject({ detail: 'for 62 s' });
  });

  it('a TTL of 0 takes the request out, reading and storing', async () => {
    const body = chat({}, question());
    expect(await twice({ body, headers: { 'cf-aig-cache-ttl': '0' } })).toEqual([undefined, undefined]);
    expect(await twice({ body })).toEqual(['MISS', 'HIT']);
    expect(status(await send({ body, headers: { 'cf-aig-cache-ttl': '0' } }))).toBeUndefined();
  });

  it.each(['59', '2592001', '-1', 'soon', '1.5', ''])('a TTL of %j is refused by name', async (ttl) => {
    const reply = await send({ body: chat(), headers: { 'cf-aig-cache-ttl': ttl } });
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      internalCode: 7001,
      message: expect.stringContaining('cf-aig-cache-ttl'),
    });
    expect(test.provider.requests).toHaveLength(0);
  });

  it.each(['cf-aig-skip-cache', 'cf-skip-cache'])(
    '%s reads nothing, and refreshes the entry',
    async (header) => {
      const body = chat({}, question());
      const first = await send({ body });
      const fresh = await send({ body, headers: { [header]: 'true' } });
      const hit = await send({ body });
      expect([status(first), status(fresh), status(hit)]).toEqual(['MISS', 'MISS', 'HIT']);
      expect(fresh.body.equals(first.body)).toBe(false);
      expect(hit.body.equals(fresh.body)).toBe(true);
      expect(await decisions(fresh)).toMatchObject([{ outcome: 'not read' }, { outcome: 'stored' }]);
    },
  );

  it('a GET is none of its business', async () => {
    expect(await twice({ method: 'GET', path: 'openai/models' })).toEqual([undefined, undefined]);
  });

  it('a step of the universal endpoint does for itself', async () => {
    const query = chat({}, question());
    const step = (headers: object): object => ({
      provider: 'openai',
      endpoint: 'chat/completions',
      headers,
      query,
    });
    const url = test.base('caching');
    const replies = [
      await ask(url, { body: [step({})], headers: { 'cf-aig-cache-ttl': '600' } }),
      await ask(url, { body: [step({ 'cf-aig-cache-ttl': 0 })], headers: { 'cf-aig-cache-ttl': '600' } }),
      await ask(url, { body: [step({})] }),
    ];
    expect(replies.map(status)).toEqual(['MISS', undefined, 'HIT']);
  });
});

describe('a hit', () => {
  it('is the stored reply, byte for byte, and its record says what was saved', async () => {
    const body = chat({}, question());
    const miss = await send({ body, headers: { 'cf-aig-metadata': '{"who":"one"}' } });
    const paid = await test.record(miss.fields, 'caching');
    expect(paid).toMatchObject({ cached: false, cache_status: 'MISS', saved: null });
    expect(paid.cost).toBeGreaterThan(0);
    // Metadata is no part of the key.
    const hit = await send({ body, headers: { 'cf-aig-metadata': '{"who":"two"}' } });
    expect(hit.status).toBe(200);
    expect(hit.body.equals(miss.body)).toBe(true);
    expect(hit.headers['content-type']).toBe(miss.headers['content-type']);
    expect(Number(hit.headers.age)).toBeLessThan(5);
    expect(hit.headers['x-request-id']).toBeUndefined();
    expect(hit.headers['cf-aig-log-id']).not.toBe(miss.headers['cf-aig-log-id']);
    const row = await test.record(hit.fields, 'caching');
    expect(row).toMatchObject({
      status_code: 200,
      success: true,
      cached: true,
      cache_status: 'HIT',
      cost: 0,
      saved: paid.cost,
      tokens_in: 0,
      tokens_out: 0,
      model: paid.model,
      attempts: [],
      metadata: { who: 'two' },
      response_size: miss.body.length,
    });
    expect(await decisions(hit)).toEqual([
      {
        stage: 'cache',
        outcome: 'hit',
        rule: 'cache_ttl',
        detail: expect.stringMatching(
          new RegExp(`^[0-9a-f]{64}, stored \\d+ s ago by ${miss.headers['cf-aig-log-id']}$`),
        ),
      },
    ]);
    const stored = await fetch(
      `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/caching/logs/${hit.headers['cf-aig-log-id']}/response`,
      { headers: { authorization: 'Bearer test-admin-token-0123456789' } },
    );
    expect(Buffer.from(await stored.arrayBuffer()).equals(miss.body)).toBe(true);
  });

  it('of a stream is a stream of the same bytes', async () => {
    for (const path of ['openai/chat/completions', 'anthropic/v1/messages']) {
      const sending = {
        path,
        body: chat({ stream: true, max_tokens: 500 }, question()),
        headers: { 'anthropic-version': '2023-06-01', 'x-api-key': 'test-key-anthropic' },
      };
      const miss = await send(sending);
      const hit = await send(sending);
      expect([status(miss), status(hit)]).toEqual(['MISS', 'HIT']);
      expect(hit.headers['content-type']).toMatch(/^text\/event-stream/);
      expect(hit.headers['content-type']).toBe(miss.headers['content-type']);
      expect(hit.body.equals(miss.body)).toBe(true);
      expect(await test.record(hit.fields, 'caching')).toMatchObject({ cached: true, streamed: true });
    }
  });

  it('of what is no text is the same, too', async () => {
    for (const [path, fields] of [
      ['openai/images/generations', { model: 'gpt-image-1', prompt: 'A harbour' }],
      ['openai/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'Hello' }],
      ['openai/embeddings', { model: 'text-embedding-3-small', input: 'Hello' }],
    ] as const) {
      const miss = await send({ path, body: fields });
      const hit = await send({ path, body: fields });
      expect([path, miss.status, status(miss), status(hit)]).toEqual([path, 200, 'MISS', 'HIT']);
      expect(hit.body.equals(miss.body)).toBe(true);
      expect(hit.headers['content-type']).toBe(miss.headers['content-type']);
    }
  });

  it('needs neither provider nor network', async () => {
    const body = chat({}, question());
    await send({ body });
    test.provider.always({ cut: true });
    expect(status(await send({ body }))).toBe('HIT');
    expect((await send({ body: chat({}, question()) })).status).toBe(400);
  });

  it('comes to many at once', async () => {
    const body = chat({ stream: true }, question());
    const miss = await send({ body });
    const hits = await Promise.all(Array.from({ length: 100 }, () => send({ body })));
    for (const hit of hits) {
      expect(status(hit)).toBe('HIT');
      expect(hit.body.equals(miss.body)).toBe(true);
    }
    expect(test.provider.requests).toHaveLength(1);
  });
});

describe('what is never stored', () => {
  it.each([
    ['an error', 'status=500', /./, {}],
    ['a refused call', 'status=400', /./, {}],
    ['an error in a 200', 'okError', /an error/, {}],
    ['a redirect', 'redirect=http://127.0.0.1:1/', /./, {}],
    ['a refusal', 'refuse', /refusal/, {}],
    ['a refusal in a stream', 'refuse', /refusal/, { stream: true }],
    ['what a token limit cut', '', /token limit/, { max_tokens: 3 }],
    ['a stream that a token limit cut', '', /token limit/, { max_tokens: 3, stream: true }],
    ['a stream with an error in it', 'errorEvent=3', /an error/, { stream: true }],
    ['a stream that broke', 'cut=5', /not received whole/, { stream: true }],
    ['an answer that broke', 'cut=2', /not received whole/, {}],
    ['a stream without its end', 'lengthError=-40', /no end mark/, { stream: true }],
    ['an answer without its end', 'lengthError=-40', /no end mark/, {}],
    ['an answer that is too long for what it holds', 'lengthError=40', /not received whole/, {}],
  ])('%s', async (_, fault, reason, fields) => {
    const body = chat(fields, question());
    test.provider.script([fault]);
    const first = await send({ body });
    const second = await send({ body });
    // A token limit is of the request itself: it is met again.
    expect([status(first), status(second)]).toEqual(['MISS', 'MISS']);
    const lines = await decisions(first);
    expect(lines.some(({ outcome }) => outcome === 'stored')).toBe(false);
    if (first.status === 200) {
      expect(lines.at(-1)).toMatchObject({ outcome: 'not stored', detail: expect.stringMatching(reason) });
    }
  });

  it('a stream that the client left', async () => {
    const body = chat({ stream: true }, question());
    test.provider.script(['tokens=200;tokenMs=2']);
    const url = `${test.base('caching')}/openai/chat/completions`;
    const left = await ask(url, { body, leaveWhen: (soFar) => soFar.length > 2000 });
    expect(left.whole).toBe(false);
    expect((await decisions(left)).at(-1)).toMatchObject({ outcome: 'not stored' });
    expect(status(await send({ body }))).toBe('MISS');
  });

  it('a request over 25 MiB', async () => {
    const body = JSON.stringify(chat({}, 'x'.repeat(26 * 1024 * 1024)));
    expect(await twice({ body })).toEqual([undefined, undefined]);
  });
});

describe('what keeps entries apart', () => {
  const apart = async (first: Sending, second: Sending): Promise<void> => {
    expect(await twice(first, second)).toEqual(['MISS', 'MISS']);
    expect(await twice(first, second)).toEqual(['HIT', 'HIT']);
  };

  describe.each([
    ['the computed key', {} as Record<string, string>],
    ['a key of one’s own', { 'cf-aig-cache-key': 'the same for everybody' }],
  ])('with %s', (name, headers) => {
    // One's own key is one key: every test wants a gateway of its own.
    const id = name === 'the computed key' ? 'apart' : 'apart-own';
    beforeEach(async () => {
      await test.manage('POST', '/gateways', { id, cache_ttl: 600 }).catch(() => null);
      await test.manage('DELETE', `/gateways/${id}/cache`);
    });

    it('the client’s provider key', async () => {
      const body = chat({}, question());
      const as = (key: string): Sending => ({
        gateway: id,
        body,
        headers: { ...headers, authorization: `Bearer ${key}` },
      });
      await apart(as('test-key-one'), as('test-key-two'));
    });

    it('the gateway', async () => {
      const body = chat({}, question());
      await test.manage('POST', '/gateways', { id: `${id}-2`, cache_ttl: 600 });
      await apart({ gateway: id, body, headers }, { gateway: `${id}-2`, body, headers });
    });

    it('the provider', async () => {
      const body = chat({}, question());
      await apart(
        { gateway: id, path: 'openai/chat/completions', body, headers },
        { gateway: id, path: 'groq/chat/completions', body, headers },
      );
    });

    it('the upstream that the provider’s base URL names', async () => {
      const body = chat({}, question());
      const sending = { gateway: id, body, headers };
      expect(await twice(sending)).toEqual(['MISS', 'HIT']);
      const put = (url: string | null): Promise<unknown> =>
        test.manage(
          'PUT',
          `/gateways/${id}`,
          gatewayBody({ cache_ttl: 600, ...(url && { provider_urls: { openai: url } }) }),
        );
      await put(`${test.provider.url}/groq`);
      expect(await twice(sending)).toEqual(['MISS', 'HIT']);
      await put(null);
      expect(status(await send(sending))).toBe('HIT');
    });

    it('the form of the answer: whole or streamed, compressed or not', async () => {
      const text = question();
      const sending = { gateway: id, body: chat({}, text), headers };
      await apart(sending, { gateway: id, body: chat({ stream: true }, text), headers });
      test.provider.always({ gzip: true });
      const plain = await send(sending);
      const zipped = await send({ ...sending, headers: { ...headers, 'accept-encoding': 'gzip' } });
      const again = await send({ ...sending, headers: { ...headers, 'accept-encoding': 'gzip' } });
      expect([plain, zipped, again].map(status)).toEqual(['HIT', 'MISS', 'HIT']);
      expect([plain, zipped, again].map((reply) => reply.headers['content-encoding'])).toEqual([
        undefined,
        'gzip',
        'gzip',
      ]);
      expect(again.body.equals(zipped.body)).toBe(true);
      expect(JSON.parse(gunzipSync(again.body).toString()).choices).toEqual(
        JSON.parse(plain.body.toString()).choices,
      );
    });
  });

  it('every byte of the body', async () => {
    const text = question();
    await apart(
      { body: `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"${text}"}]}` },
      { body: `{"model":"gpt-4o-mini", "messages":[{"role":"user","content":"${text}"}]}` },
    );
  });

  it('path, query, and the fields by which a request asks for another behaviour', async () => {
    const body = chat({}, question());
    await apart({ body }, { body, path: 'openai/chat/completions?beta=1' });
    await apart({ body, headers: { 'openai-beta': 'one' } }, { body, headers: { 'openai-beta': 'two' } });
  });
});

describe('what takes entries away', () => {
  it('the purge of one entry, by the key that its record names', async () => {
    const [gone, kept] = [chat({}, question()), chat({}, question())];
    const miss = await send({ body: gone });
    await send({ body: kept });
    const key = (await decisions(miss))[0]!.detail!;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    await expect(test.manage('DELETE', `/gateways/default/cache/${key}`)).rejects.toThrow(/404/);
    expect(status(await send({ body: gone }))).toBe('HIT');
    expect(await test.manage('DELETE', `/gateways/caching/cache/${key}`)).toEqual({ key });
    expect(status(await send({ body: gone }))).toBe('MISS');
    expect(status(await send({ body: kept }))).toBe('HIT');
    await expect(test.manage('DELETE', `/gateways/caching/cache/${'0'.repeat(64)}`)).rejects.toThrow(/404/);
  });

  it('the purge of a gateway, and of no other', async () => {
    const body = chat({}, question());
    for (const id of ['purged', 'spared']) await test.manage('POST', '/gateways', { id, cache_ttl: 600 });
    expect(await twice({ gateway: 'purged', body })).toEqual(['MISS', 'HIT']);
    expect(await twice({ gateway: 'spared', body })).toEqual(['MISS', 'HIT']);
    // An answer that is on its way while the purge comes does not come back either.
    const late = { gateway: 'purged', body: chat({}, question()) };
    test.provider.script(['delayMs=150']);
    const onItsWay = send(late);
    await sleep(50);
    await test.manage('DELETE', '/gateways/purged/cache');
    expect(status(await onItsWay)).toBe('MISS');
    expect(status(await send(late))).toBe('MISS');
    expect(await twice({ gateway: 'purged', body })).toEqual(['MISS', 'HIT']);
    expect(status(await send({ gateway: 'spared', body }))).toBe('HIT');
  });

  it.each([true, false])(
    'a change of the settings, where cache_invalidate_on_update is %s',
    async (empties) => {
      const id = `updated-${empties}`;
      await test.manage('POST', '/gateways', { id, cache_ttl: 600 });
      const body = chat({}, question());
      expect(await twice({ gateway: id, body })).toEqual(['MISS', 'HIT']);
      await test.manage(
        'PUT',
        `/gateways/${id}`,
        gatewayBody({ cache_ttl: 700, cache_invalidate_on_update: empties }),
      );
      expect(status(await send({ gateway: id, body }))).toBe(empties ? 'MISS' : 'HIT');
    },
  );

  it('a change of the custom provider that gave them', async () => {
    const made = (await test.manage('POST', '/custom-providers', {
      name: 'Mine',
      slug: 'mine',
      base_url: `${test.provider.url}/openai/v1`,
      enable: true,
    })) as { id: string };
    const sending = { path: 'custom-mine/chat/completions', body: chat({}, question()) };
    expect(await twice(sending)).toEqual(['MISS', 'HIT']);
    await sleep(5);
    await test.manage('PATCH', `/custom-providers/${made.id}`, { name: 'Still mine' });
    expect(await twice(sending)).toEqual(['MISS', 'HIT']);
  });

  it('not a restart: what reached the disk is found again', async () => {
    const whole = { body: chat({}, question()) };
    const stream = { body: chat({ stream: true }, question()) };
    const before = [await send(whole), await send(stream)];
    await test.restart();
    const after = [await send(whole), await send(stream)];
    expect(after.map(status)).toEqual(['HIT', 'HIT']);
    for (const [i, reply] of after.entries()) expect(reply.body.equals(before[i]!.body)).toBe(true);
    expect(await test.record(after[0]!.fields, 'caching')).toMatchObject({ cached: true, cost: 0 });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestGateway } from '../support/gateway.ts';
import { decisions, question, send, startCachingGateway, status, twice } from './cache-calls.ts';
import { ask, chat } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startCachingGateway();
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

describe('who asks for it', () => {
  it('nobody, by default: no header, and no entry', async () => {
    const body = chat({}, question());
    expect(await twice(test, { gateway: 'default', body })).toEqual([undefined, undefined]);
    expect(test.provider.requests).toHaveLength(2);
  });

  it('a TTL in the request does not, on a gateway that does not cache', async () => {
    const sending = {
      gateway: 'default',
      body: chat({}, question()),
      headers: { 'cf-aig-cache-ttl': '600' },
    };
    expect(await twice(test, sending)).toEqual([undefined, undefined]);
  });

  it('a key in the request does, on any gateway, for five minutes', async () => {
    const sending = {
      gateway: 'default',
      body: chat({}, question()),
      headers: { 'cf-aig-cache-key': 'mine' },
    };
    const miss = await send(test, sending);
    const hit = await send(test, { ...sending, body: chat({}, question()) });
    expect([status(miss), status(hit)]).toEqual(['MISS', 'HIT']);
    expect(hit.body.equals(miss.body)).toBe(true);
    expect(await decisions(test, miss, 'default')).toEqual([
      { stage: 'cache', outcome: 'miss', rule: 'cf-aig-cache-key', detail: expect.any(String) },
      { stage: 'cache', outcome: 'stored', rule: 'cf-aig-cache-key', detail: 'for 300 s' },
    ]);
  });

  it('the setting of the gateway does, for as long as it says, and the request may say another time', async () => {
    const body = chat({}, question());
    const miss = await send(test, { body });
    expect((await decisions(test, miss)).at(-1)).toMatchObject({ rule: 'cache_ttl', detail: 'for 3600 s' });
    const other = await send(test, { body: chat({}, question()), headers: { 'cf-aig-cache-ttl': '61' } });
    expect((await decisions(test, other)).at(-1)).toMatchObject({
      rule: 'cf-aig-cache-ttl',
      detail: 'for 61 s',
    });
    const old = await send(test, { body: chat({}, question()), headers: { 'cf-cache-ttl': '62' } });
    expect((await decisions(test, old)).at(-1)).toMatchObject({ detail: 'for 62 s' });
  });

  it('a TTL of 0 takes the request out, reading and storing', async () => {
    const body = chat({}, question());
    expect(await twice(test, { body, headers: { 'cf-aig-cache-ttl': '0' } })).toEqual([undefined, undefined]);
    expect(await twice(test, { body })).toEqual(['MISS', 'HIT']);
    expect(status(await send(test, { body, headers: { 'cf-aig-cache-ttl': '0' } }))).toBeUndefined();
  });

  it.each(['59', '2592001', '-1', 'soon', '1.5', ''])('a TTL of %j is refused by name', async (ttl) => {
    const reply = await send(test, { body: chat(), headers: { 'cf-aig-cache-ttl': ttl } });
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
      const first = await send(test, { body });
      const fresh = await send(test, { body, headers: { [header]: 'true' } });
      const hit = await send(test, { body });
      expect([status(first), status(fresh), status(hit)]).toEqual(['MISS', 'MISS', 'HIT']);
      expect(fresh.body.equals(first.body)).toBe(false);
      expect(hit.body.equals(fresh.body)).toBe(true);
      expect(await decisions(test, fresh)).toMatchObject([{ outcome: 'not read' }, { outcome: 'stored' }]);
    },
  );

  it('a GET is none of its business', async () => {
    expect(await twice(test, { method: 'GET', path: 'openai/models' })).toEqual([undefined, undefined]);
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
    const miss = await send(test, { body, headers: { 'cf-aig-metadata': '{"who":"one"}' } });
    const paid = await test.record(miss.fields, 'caching');
    expect(paid).toMatchObject({ cached: false, cache_status: 'MISS', saved: null });
    expect(paid.cost).toBeGreaterThan(0);
    // Metadata is no part of the key.
    const hit = await send(test, { body, headers: { 'cf-aig-metadata': '{"who":"two"}' } });
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
    expect(await decisions(test, hit)).toEqual([
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
      const miss = await send(test, sending);
      const hit = await send(test, sending);
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
      const miss = await send(test, { path, body: fields });
      const hit = await send(test, { path, body: fields });
      expect([path, miss.status, status(miss), status(hit)]).toEqual([path, 200, 'MISS', 'HIT']);
      expect(hit.body.equals(miss.body)).toBe(true);
      expect(hit.headers['content-type']).toBe(miss.headers['content-type']);
    }
  });

  it('needs neither provider nor network', async () => {
    const body = chat({}, question());
    await send(test, { body });
    test.provider.always({ cut: true });
    expect(status(await send(test, { body }))).toBe('HIT');
    expect((await send(test, { body: chat({}, question()) })).status).toBe(400);
  });

  it('comes to many at once', async () => {
    const body = chat({ stream: true }, question());
    const miss = await send(test, { body });
    const hits = await Promise.all(Array.from({ length: 100 }, () => send(test, { body })));
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
    const first = await send(test, { body });
    const second = await send(test, { body });
    // A token limit is of the request itself: it is met again.
    expect([status(first), status(second)]).toEqual(['MISS', 'MISS']);
    const lines = await decisions(test, first);
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
    expect((await decisions(test, left)).at(-1)).toMatchObject({ outcome: 'not stored' });
    expect(status(await send(test, { body }))).toBe('MISS');
  });

  it('a request over 25 MiB', async () => {
    const body = JSON.stringify(chat({}, 'x'.repeat(26 * 1024 * 1024)));
    expect(await twice(test, { body })).toEqual([undefined, undefined]);
  });
});

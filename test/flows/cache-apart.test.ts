import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayBody, type TestGateway } from '../support/gateway.ts';
import {
  decisions,
  question,
  type Sending,
  send,
  startCachingGateway,
  status,
  twice,
} from './cache-calls.ts';
import { chat, sleep } from './fault-client.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startCachingGateway();
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

describe('what keeps entries apart', () => {
  const apart = async (first: Sending, second: Sending): Promise<void> => {
    expect(await twice(test, first, second)).toEqual(['MISS', 'MISS']);
    expect(await twice(test, first, second)).toEqual(['HIT', 'HIT']);
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
      expect(await twice(test, sending)).toEqual(['MISS', 'HIT']);
      const put = (url: string | null): Promise<unknown> =>
        test.manage(
          'PUT',
          `/gateways/${id}`,
          gatewayBody({ cache_ttl: 600, ...(url && { provider_urls: { openai: url } }) }),
        );
      await put(`${test.provider.url}/groq`);
      expect(await twice(test, sending)).toEqual(['MISS', 'HIT']);
      await put(null);
      expect(status(await send(test, sending))).toBe('HIT');
    });

    it('the form of the answer: whole or streamed, compressed or not', async () => {
      const text = question();
      const sending = { gateway: id, body: chat({}, text), headers };
      await apart(sending, { gateway: id, body: chat({ stream: true }, text), headers });
      test.provider.always({ gzip: true });
      const plain = await send(test, sending);
      const zipped = await send(test, { ...sending, headers: { ...headers, 'accept-encoding': 'gzip' } });
      const again = await send(test, { ...sending, headers: { ...headers, 'accept-encoding': 'gzip' } });
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
    const miss = await send(test, { body: gone });
    await send(test, { body: kept });
    const key = (await decisions(test, miss))[0]!.detail!;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    await expect(test.manage('DELETE', `/gateways/default/cache/${key}`)).rejects.toThrow(/404/);
    expect(status(await send(test, { body: gone }))).toBe('HIT');
    expect(await test.manage('DELETE', `/gateways/caching/cache/${key}`)).toEqual({ key });
    expect(status(await send(test, { body: gone }))).toBe('MISS');
    expect(status(await send(test, { body: kept }))).toBe('HIT');
    await expect(test.manage('DELETE', `/gateways/caching/cache/${'0'.repeat(64)}`)).rejects.toThrow(/404/);
  });

  it('the purge of a gateway, and of no other', async () => {
    const body = chat({}, question());
    for (const id of ['purged', 'spared']) await test.manage('POST', '/gateways', { id, cache_ttl: 600 });
    expect(await twice(test, { gateway: 'purged', body })).toEqual(['MISS', 'HIT']);
    expect(await twice(test, { gateway: 'spared', body })).toEqual(['MISS', 'HIT']);
    // An answer that is on its way while the purge comes does not come back either.
    const late = { gateway: 'purged', body: chat({}, question()) };
    test.provider.script(['delayMs=150']);
    const onItsWay = send(test, late);
    await sleep(50);
    await test.manage('DELETE', '/gateways/purged/cache');
    expect(status(await onItsWay)).toBe('MISS');
    expect(status(await send(test, late))).toBe('MISS');
    expect(await twice(test, { gateway: 'purged', body })).toEqual(['MISS', 'HIT']);
    expect(status(await send(test, { gateway: 'spared', body }))).toBe('HIT');
  });

  it.each([true, false])(
    'a change of the settings, where cache_invalidate_on_update is %s',
    async (empties) => {
      const id = `updated-${empties}`;
      await test.manage('POST', '/gateways', { id, cache_ttl: 600 });
      const body = chat({}, question());
      expect(await twice(test, { gateway: id, body })).toEqual(['MISS', 'HIT']);
      await test.manage(
        'PUT',
        `/gateways/${id}`,
        gatewayBody({ cache_ttl: 700, cache_invalidate_on_update: empties }),
      );
      expect(status(await send(test, { gateway: id, body }))).toBe(empties ? 'MISS' : 'HIT');
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
    expect(await twice(test, sending)).toEqual(['MISS', 'HIT']);
    await sleep(5);
    await test.manage('PATCH', `/custom-providers/${made.id}`, { name: 'Still mine' });
    expect(await twice(test, sending)).toEqual(['MISS', 'HIT']);
  });

  it('not a restart: what reached the disk is found again', async () => {
    const whole = { body: chat({}, question()) };
    const stream = { body: chat({ stream: true }, question()) };
    const before = [await send(test, whole), await send(test, stream)];
    await test.restart();
    const after = [await send(test, whole), await send(test, stream)];
    expect(after.map(status)).toEqual(['HIT', 'HIT']);
    for (const [i, reply] of after.entries()) expect(reply.body.equals(before[i]!.body)).toBe(true);
    expect(await test.record(after[0]!.fields, 'caching')).toMatchObject({ cached: true, cost: 0 });
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { startUpstream } from './wire-upstream.ts';

let test: TestGateway;
const ids: Record<string, string> = {};
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'one' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'two' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'strict', byok_only: true }));
  for (const alias of ['default', 'team-a', 'team-b']) await store('one', alias);
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

type Fields = Readonly<Record<string, string>>;

async function store(gateway: string, alias: string, more: object = {}): Promise<void> {
  const made = (await test.manage('POST', `/gateways/${gateway}/provider_configs`, {
    provider_slug: 'openai',
    alias,
    secret: `stored-key-${gateway}-${alias}`,
    ...more,
  })) as { id: string };
  ids[`${gateway}/${alias}`] = made.id;
}

async function ask(headers: Fields = {}, gateway = 'one'): Promise<Response> {
  const response = await fetch(`${test.base(gateway)}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      ...headers,
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await response.clone().arrayBuffer();
  return response;
}

const sentKey = (): string | null => test.provider.requests.at(-1)!.header('authorization');

describe('a stored key', () => {
  it('is chosen by alias, and by default where none is named', async () => {
    for (const [headers, alias] of [
      [{}, 'default'],
      [{ 'cf-aig-byok-alias': 'default' }, 'default'],
      [{ 'cf-aig-byok-alias': 'team-a' }, 'team-a'],
      [{ 'cf-aig-byok-alias': 'team-b', authorization: `Bearer ${ADMIN_TOKEN}` }, 'team-b'],
      [{ authorization: 'Bearer ' }, 'default'],
    ] as const) {
      const response = await ask(headers);
      expect(response.status).toBe(200);
      expect(sentKey()).toBe(`Bearer stored-key-one-${alias}`);
      const record = await test.record(response, 'one');
      expect(record).toMatchObject({ byok: true });
      expect(record.decisions).toContainEqual(
        expect.objectContaining({ stage: 'key', outcome: 'stored key', rule: alias }),
      );
      expect(JSON.stringify(record)).not.toContain('stored-key-one');
    }
  });

  it('of an alias that is not there is refused with 2040 and the aliases that are', async () => {
    const response = await ask({ 'cf-aig-byok-alias': 'team-z' });
    expect(response.status).toBe(400);
    const { internalCode, message } = (await response.json()) as { internalCode: number; message: string };
    expect(internalCode).toBe(2040);
    expect(message).toContain("Provider 'openai' has no BYOK credential named 'team-z'");
    for (const alias of ['default', 'team-a', 'team-b']) expect(message).toContain(alias);
    const none = await ask({ 'cf-aig-byok-alias': 'team-a' }, 'two');
    expect(((await none.json()) as { message: string }).message).toContain('none');
    expect(test.provider.requests).toHaveLength(0);
  });

  it('gives way to a key of the request, which goes out unchanged', async () => {
    const response = await ask({ authorization: 'Bearer client-key', 'cf-aig-byok-alias': 'team-a' });
    expect(response.status).toBe(200);
    expect(sentKey()).toBe('Bearer client-key');
    expect(await test.record(response, 'one')).toMatchObject({ byok: false });
  });

  it('is of its gateway alone', async () => {
    const response = await ask({}, 'two');
    expect(response.status).toBe(401);
    expect(sentKey()).toBeNull();
  });

  it('is another from the next request after it was replaced, added, deleted', async () => {
    await store('two', 'default');
    await ask({}, 'two');
    expect(sentKey()).toBe('Bearer stored-key-two-default');
    await test.manage('PUT', `/gateways/two/provider_configs/${ids['two/default']}`, {
      secret: 'stored-key-new',
    });
    await ask({}, 'two');
    expect(sentKey()).toBe('Bearer stored-key-new');
    // Another becomes the default.
    await store('two', 'other', { default_config: true });
    await test.manage('DELETE', `/gateways/two/provider_configs/${ids['two/default']}`);
    await ask({}, 'two');
    expect(sentKey()).toBe('Bearer stored-key-two-other');
    await test.manage('DELETE', `/gateways/two/provider_configs/${ids['two/other']}`);
    expect((await ask({}, 'two')).status).toBe(401);
    expect(sentKey()).toBeNull();
  });

  it('keeps what it pays for apart in the cache', async () => {
    await test.manage('POST', '/gateways', gatewayBody({ id: 'cached', cache_ttl: 60 }));
    for (const alias of ['default', 'team-a']) await store('cached', alias);
    const status = async (headers: Fields): Promise<string | null> =>
      (await ask(headers, 'cached')).headers.get('cf-aig-cache-status');
    expect(await status({})).toBe('MISS');
    expect(await status({})).toBe('HIT');
    expect(await status({ 'cf-aig-byok-alias': 'team-a' })).toBe('MISS');
    expect(await status({ authorization: 'Bearer client-key' })).toBe('MISS');
    expect(await status({ authorization: 'Bearer client-key-2' })).toBe('MISS');
    expect(await status({ authorization: 'Bearer client-key' })).toBe('HIT');
  });

  it('survives a restart, and stands in clear text nowhere on disk', async () => {
    await test.restart();
    expect((await ask()).status).toBe(200);
    expect(sentKey()).toBe('Bearer stored-key-one-default');
    const files = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory() ? files(path) : [path];
      });
    const found = files(test.dataFolder).filter((path) => readFileSync(path).includes('stored-key-'));
    expect(found).toEqual([]);
  });
});

describe('a stored key goes to its provider’s address alone', () => {
  it('not to one that the gateway is changed to afterwards', async () => {
    await expect(
      test.manage('PUT', '/gateways/one', {
        ...gatewayBody(),
        provider_urls: { openai: 'https://elsewhere.example/v1' },
      }),
    ).rejects.toThrow(/409|keys are stored/);
    await ask();
    expect(sentKey()).toBe('Bearer stored-key-one-default');
  });

  it('not along a redirect', async () => {
    const thief = await startUpstream();
    let visits = 0;
    thief.handle = (_, response) => {
      visits++;
      response.end();
    };
    const response = await fetch(`${test.base('one')}/openai/v1/chat/completions`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'cf-aig-authorization': ADMIN_TOKEN,
        'x-scripted-fault': `redirect=${thief.url}/v1/chat/completions`,
      },
      body: '{"model":"gpt-4o-mini"}',
    });
    expect(response.status).toBe(307);
    expect(response.headers.get('location')).toContain(thief.url);
    expect(visits).toBe(0);
    await thief.close();
  });

  it('not where a header or a path of the client says', async () => {
    const asked = async (path: string, headers: Fields = {}): Promise<number> => {
      const response = await fetch(`${test.base('one')}/${path}`, {
        method: 'POST',
        headers: { 'cf-aig-authorization': ADMIN_TOKEN, ...headers },
        body: '{}',
      });
      await response.arrayBuffer();
      return response.status;
    };
    await test.manage('POST', '/gateways/one/provider_configs', {
      provider_slug: 'fal',
      secret: 'stored-key-fal',
    });
    for (const target of [
      'https://fal.run.evil.example/x',
      'https://evil.example/fal.run',
      'http://fal.run/x',
      'https://user@evil.example:443/',
      'https://fal.run@evil.example/',
      'https://queue.fal.run:8443/x',
    ]) {
      expect(await asked('fal', { 'x-fal-target-url': target }), target).toBe(400);
    }
    expect(await asked('openai/../../anthropic')).not.toBe(200);
    expect(test.provider.requests.filter(({ rawHeaders }) => rawHeaders.includes('stored-key-fal'))).toEqual(
      [],
    );
  });
});

describe('a gateway that requires credentials', () => {
  it('refuses a request that brings none and finds none stored, whatever its headers say', async () => {
    for (const headers of [{}, { 'cf-aig-no-wholesale': 'false' }]) {
      const response = await ask(headers, 'strict');
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 2040 });
      expect(await test.record(response, 'strict')).toMatchObject({ error_type: 'no-provider-key' });
    }
    expect(test.provider.requests).toHaveLength(0);
    expect((await ask({ authorization: 'Bearer client-key' }, 'strict')).status).toBe(200);
    await store('strict', 'default');
    expect((await ask({}, 'strict')).status).toBe(200);
  });

  it('can be asked for by a single request', async () => {
    await test.manage('POST', '/gateways', gatewayBody({ id: 'bare' }));
    expect((await ask({ 'cf-aig-no-wholesale': 'true' }, 'bare')).status).toBe(400);
    expect((await ask({}, 'bare')).status).toBe(401);
  });
});

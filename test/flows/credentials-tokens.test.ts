import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'locked' }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'open', authentication: false }));
  for (const gateway of ['locked', 'open']) {
    for (const provider_slug of ['openai', 'anthropic', 'google-ai-studio', 'azure-openai', 'elevenlabs']) {
      await test.manage('POST', `/gateways/${gateway}/provider_configs`, {
        provider_slug,
        secret: `stored-key-${provider_slug}`,
      });
    }
  }
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => test.provider.reset());

type Fields = Readonly<Record<string, string>>;

const ENDPOINTS = {
  openai: 'v1/chat/completions',
  anthropic: 'v1/messages',
  'google-ai-studio': 'v1beta/models/gemini-2.5-flash:generateContent',
  'azure-openai': 'res/dep/chat/completions?api-version=1',
  elevenlabs: 'v1/text-to-speech/voice',
} as const;

async function ask(
  headers: Fields,
  gateway = 'locked',
  provider: keyof typeof ENDPOINTS = 'openai',
  query = '',
): Promise<Response> {
  const response = await fetch(`${test.base(gateway)}/${provider}/${ENDPOINTS[provider]}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  await response.clone().arrayBuffer();
  return response;
}

async function mint(fields: object = {}): Promise<{ id: string; value: string }> {
  const made = await test.manage('POST', '/tokens', { name: 'of a test', permissions: ['run'], ...fields });
  return made as { id: string; value: string };
}

const sentHeaders = (): string => JSON.stringify(test.provider.requests.at(-1)!.rawHeaders);

describe('the gateway’s token', () => {
  it('is taken from cf-aig-authorization, with and without Bearer, and named on the record', async () => {
    const { id, value } = await mint();
    for (const written of [`Bearer ${value}`, `bearer ${value}`, value, `  Bearer   ${value} `.trim()]) {
      const response = await ask({ 'cf-aig-authorization': written });
      expect(response.status).toBe(200);
      expect(await test.record(response, 'locked')).toMatchObject({
        token_id: id,
        authentication: true,
        byok: true,
      });
      expect(test.provider.requests.at(-1)!.header('authorization')).toBe('Bearer stored-key-openai');
      expect(sentHeaders()).not.toContain(value);
    }
  });

  const places: readonly (readonly [keyof typeof ENDPOINTS, string, string, string, string])[] = [
    // provider, header of the client, its prefix, header of the provider, what it holds
    ['openai', 'authorization', 'Bearer ', 'authorization', 'Bearer stored-key-openai'],
    ['openai', 'authorization', '', 'authorization', 'Bearer stored-key-openai'],
    ['openai', 'x-api-key', '', 'authorization', 'Bearer stored-key-openai'],
    ['openai', 'x-goog-api-key', '', 'authorization', 'Bearer stored-key-openai'],
    ['openai', 'api-key', '', 'authorization', 'Bearer stored-key-openai'],
    ['anthropic', 'x-api-key', '', 'x-api-key', 'stored-key-anthropic'],
    ['anthropic', 'authorization', 'Bearer ', 'x-api-key', 'stored-key-anthropic'],
    ['google-ai-studio', 'x-goog-api-key', '', 'x-goog-api-key', 'stored-key-google-ai-studio'],
    ['google-ai-studio', 'authorization', 'Bearer ', 'x-goog-api-key', 'stored-key-google-ai-studio'],
    ['azure-openai', 'api-key', '', 'api-key', 'stored-key-azure-openai'],
    ['elevenlabs', 'xi-api-key', '', 'xi-api-key', 'stored-key-elevenlabs'],
  ];
  for (const [provider, header, prefix, sent, value] of places) {
    it(`is taken from ${header} of a call to ${provider}, and the stored key put in its place`, async () => {
      for (const both of [false, true]) {
        await ask(
          {
            [header]: prefix + ADMIN_TOKEN,
            ...(both ? { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` } : {}),
          },
          'locked',
          provider,
        );
        expect(test.provider.requests.at(-1)!.header(sent)).toBe(value);
        expect(sentHeaders()).not.toContain(ADMIN_TOKEN);
        expect(sentHeaders().split('stored-key')).toHaveLength(2);
      }
    });
  }

  it('in a query where the provider reads keys goes no further', async () => {
    await ask(
      { 'cf-aig-authorization': ADMIN_TOKEN },
      'locked',
      'google-ai-studio',
      `?key=${ADMIN_TOKEN}&alt=sse`,
    );
    const [request] = test.provider.requests;
    expect(request!.url).toMatch(/:generateContent\?alt=sse$/);
    expect(request!.header('x-goog-api-key')).toBe('stored-key-google-ai-studio');
  });

  it('that is missing, wrong or without the permission to run is refused', async () => {
    const { value: reader } = await mint({ permissions: ['read'] });
    const refused: Fields[] = [
      {},
      { 'cf-aig-authorization': 'Bearer wrong' },
      { 'cf-aig-authorization': '' },
      { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN.slice(0, -1)}` },
      { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}x` },
      { 'cf-aig-authorization': `Bearer ${reader}` },
      { authorization: 'Bearer test-key-openai' },
      { authorization: `Bearer ${reader}` },
      // A token that is shown and wrong is not made good by another.
      { 'cf-aig-authorization': 'Bearer wrong', authorization: `Bearer ${ADMIN_TOKEN}` },
    ];
    for (const headers of refused) {
      const response = await ask(headers);
      expect(response.status, JSON.stringify(headers)).toBe(401);
      expect(await response.json()).toMatchObject({ internalCode: 2009, name: 'AiGatewayError' });
      expect(await test.record(response, 'locked')).toMatchObject({
        error_type: 'unauthorized',
        token_id: null,
        attempts: [],
      });
    }
    expect(test.provider.requests).toHaveLength(0);
  });

  it('is refused from the request after its revocation, and once it has expired', async () => {
    const { id, value } = await mint();
    expect((await ask({ 'cf-aig-authorization': value })).status).toBe(200);
    await test.manage('DELETE', `/tokens/${id}`);
    expect((await ask({ 'cf-aig-authorization': value })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${value}` })).status).toBe(401);

    const short = await mint({ expires_at: new Date(Date.now() + 700).toISOString() });
    expect((await ask({ 'cf-aig-authorization': short.value })).status).toBe(200);
    await sleep(800);
    expect((await ask({ 'cf-aig-authorization': short.value })).status).toBe(401);
  });
});

describe('an open gateway', () => {
  it('lets anyone in with a key of their own, and lends a stored key to nobody without a token', async () => {
    const own = await ask({ authorization: 'Bearer client-key' }, 'open');
    expect(own.status).toBe(200);
    expect(test.provider.requests.at(-1)!.header('authorization')).toBe('Bearer client-key');
    expect(await test.record(own, 'open')).toMatchObject({
      authentication: false,
      token_id: null,
      byok: false,
    });

    for (const headers of [
      {},
      { 'cf-aig-authorization': 'Bearer wrong' },
      { authorization: 'Bearer ' },
      { 'cf-aig-authorization': `Bearer ${(await mint({ permissions: ['read'] })).value}` },
      { authorization: `Bearer ${(await mint({ permissions: ['read'] })).value}` },
    ] as Fields[]) {
      const response = await ask(headers, 'open');
      // The provider's own 401, untouched.
      expect(response.status).toBe(401);
      expect(await response.json()).toHaveProperty('error.message');
      expect(sentHeaders()).not.toMatch(/stored-key|tg_/);
      expect(await test.record(response, 'open')).toMatchObject({ byok: false });
    }
    const alias = await ask({ 'cf-aig-byok-alias': 'default' }, 'open');
    expect(alias.status).toBe(400);
    const answer = (await alias.json()) as { message: string };
    expect(answer).toMatchObject({ internalCode: 2040 });
    expect(answer.message).toMatch(/need a gateway token/);

    const withToken = await ask({ 'cf-aig-authorization': ADMIN_TOKEN }, 'open');
    expect(withToken.status).toBe(200);
    expect(test.provider.requests.at(-1)!.header('authorization')).toBe('Bearer stored-key-openai');
  });
});

describe('gateways', () => {
  it('`default` is made by the first request that shows a token, also without a gateway in the path', async () => {
    const call = (base: string, headers: Fields): Promise<Response> =>
      fetch(base, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          provider: 'openai',
          endpoint: 'chat/completions',
          headers: { authorization: 'Bearer k' },
          query: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] },
        }),
      });
    const bare = `${test.gateway.baseUrl}/v1/local/`;
    expect((await call(bare, { authorization: 'Bearer no-token' })).status).toBe(401);
    await expect(test.manage('GET', '/gateways/default')).rejects.toThrow(/404/);
    const response = await call(bare, { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` });
    expect(response.status).toBe(200);
    expect(await test.manage('GET', '/gateways/default')).toMatchObject({
      is_default: true,
      authentication: true,
      cache_ttl: 0,
      collect_logs: true,
    });
    await test.manage('DELETE', '/gateways/default');
    expect((await call(bare, { 'cf-aig-authorization': ADMIN_TOKEN })).status).toBe(200);
  });

  it('that are unknown, or of an unknown account, are refused with 2001', async () => {
    for (const base of [
      `${test.gateway.baseUrl}/v1/local/nobody`,
      `${test.gateway.baseUrl}/v1/other/locked`,
    ]) {
      const response = await fetch(`${base}/openai/v1/models`, {
        headers: { 'cf-aig-authorization': ADMIN_TOKEN },
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 2001, name: 'AiGatewayError' });
    }
    expect(test.provider.requests).toHaveLength(0);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type CanaryListener, listenAsCanary } from './canary-listener.ts';
import { sendRaw } from './raw-http.ts';

const STORED = 'test-key-stored-for-one-origin';
let test: TestGateway;
let thief: CanaryListener;

beforeAll(async () => {
  thief = await listenAsCanary('127.0.0.1');
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  for (const provider of ['openai', 'anthropic', 'fal', 'replicate', 'google-ai-studio', 'huggingface']) {
    await test.manage('POST', '/gateways/g/provider_configs', {
      provider_slug: provider,
      alias: 'default',
      secret: STORED,
    });
  }
});
afterAll(async () => {
  await test.close();
  await thief.close();
});
beforeEach(() => test.provider.reset());

const evil = (): string => `127.0.0.1:${thief.port}`;

/** A request by hand, with the gateway token, so that the stored key is used. */
const raw = (
  target: string,
  fields: readonly string[],
  body = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}',
) =>
  sendRaw(
    test.gateway.port,
    `POST ${target} HTTP/1.1\r\n${[
      ...(fields.some((field) => /^host:/i.test(field)) ? [] : [`Host: 127.0.0.1:${test.gateway.port}`]),
      `cf-aig-authorization: Bearer ${ADMIN_TOKEN}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      ...fields,
    ].join('\r\n')}\r\n\r\n${body}`,
    3000,
  );

const CHAT = '/v1/local/g/openai/chat/completions';

/** The stored key went to the provider, and only there. */
const keptAtHome = (): void => {
  expect(thief.connections).toBe(0);
  for (const request of test.provider.requests)
    expect(request.header('host')).toBe(`127.0.0.1:${test.provider.port}`);
};

describe('5. a stored key and where it goes', () => {
  it('goes to its provider whatever the Host header says', async () => {
    const answer = await raw(CHAT, [`Host: ${evil()}`]);
    expect(answer.status).toBe(200);
    expect(test.provider.requests.map((request) => request.header('authorization'))).toEqual([
      `Bearer ${STORED}`,
    ]);
    keptAtHome();
  });

  it('goes to its provider whatever headers of the kind that proxies read say', async () => {
    const answer = await raw(CHAT, [
      `X-Forwarded-Host: ${evil()}`,
      'X-Forwarded-Proto: http',
      `X-Original-URL: http://${evil()}/x`,
      `X-Rewrite-URL: http://${evil()}/x`,
      `Forwarded: host=${evil()}`,
      `x-portkey-custom-host: http://${evil()}`,
      `x-custom-host: http://${evil()}`,
      `helicone-target-url: http://${evil()}`,
      `helicone-openai-api-base: http://${evil()}`,
      `x-base-url: http://${evil()}`,
      `cf-aig-base-url: http://${evil()}`,
      `cf-aig-provider-url: http://${evil()}`,
      `tidegate-base-url: http://${evil()}`,
      `x-fal-target-url: http://${evil()}/x`,
    ]);
    expect(answer.status).toBe(200);
    expect(test.provider.requests).toHaveLength(1);
    keptAtHome();
  });

  it('is not sent for a Fal target that is not Fal’s, nor for a spelling that looks like it', async () => {
    const targets = [
      `http://${evil()}/x`,
      `https://${evil()}/x`,
      'https://evil.example/x',
      'https://fal.run.evil.example/x',
      'https://evilfal.run/x',
      'https://fal.run@evil.example/x',
      'https://fal.run:443@evil.example/',
      'https://evil.example#.fal.run/',
      'https://evil.example?.fal.run',
      'https://evil.example\\.fal.run/',
      'https://evil.example%2f.fal.run/',
      'https://fal.run:8443/x',
      '//evil.example/x',
      'file:///etc/passwd',
      'https://fаl.run/x', // Cyrillic а
    ];
    for (const target of targets) {
      const answer = await raw('/v1/local/g/fal/fal-ai/flux', [`x-fal-target-url: ${target}`]);
      expect(answer.status, target).toBe(400);
      expect(answer.text, target).toContain('is not an address of Fal');
    }
    expect(test.provider.requests).toHaveLength(0);
    expect(thief.connections).toBe(0);
  });

  it('is not sent for a request target in absolute form, or with another host in it', async () => {
    const targets = [
      `http://${evil()}${CHAT}`,
      `https://${evil()}${CHAT}`,
      `//${evil()}${CHAT}`,
      `http://127.0.0.1:${test.gateway.port}@${evil()}${CHAT}`,
      `${evil()}`,
      '*',
    ];
    for (const target of targets) {
      const answer = await raw(target, []);
      expect([400, 404], target).toContain(answer.status);
      expect(answer.text, target).not.toContain(STORED);
    }
    expect(test.provider.requests).toHaveLength(0);
    expect(thief.connections).toBe(0);
  });

  it('stays at its provider’s origin for paths and queries with another address in them', async () => {
    const tails = [
      `http://${evil()}/x`,
      `https:%2F%2F${evil()}%2Fx`,
      `/${evil()}/x`,
      `//${evil()}/x`,
      `@${evil()}/x`,
      `:80@${evil()}/x`,
      `.${evil()}`,
      `chat/completions?base_url=http://${evil()}&api_base=http://${evil()}&url=http://${evil()}`,
      `chat/completions?@${evil()}`,
      `proxy?target=http://${evil()}`,
    ];
    for (const tail of tails) await raw(`/v1/local/g/openai/${tail}`, []);
    for (const request of test.provider.requests) expect(request.url).toMatch(/^\/openai\/v1\//);
    keptAtHome();
  });

  it('ignores addresses in the body, at the top and nested, and passes them on as data', async () => {
    const url = `http://${evil()}/v1`;
    const body = JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'hi', base_url: url }],
      api_base: url,
      base_url: url,
      baseURL: url,
      custom_llm_provider: 'openai',
      litellm_params: { api_base: url, api_key: null },
      extra_body: { api_base: url, nested: { base_url: url } },
      metadata: { api_base: url },
      fallbacks: [{ model: 'x', api_base: url }],
      user_config: { model_list: [{ litellm_params: { api_base: url } }] },
    });
    const answer = await raw(CHAT, [], body);
    expect(answer.status).toBe(200);
    expect(test.provider.requests[0]!.body.toString()).toBe(body);
    keptAtHome();
  });

  it('ignores addresses in the fields of a universal step', async () => {
    const url = `http://${evil()}/v1`;
    const answer = await raw(
      '/v1/local/g',
      [],
      JSON.stringify([
        {
          provider: 'openai',
          endpoint: 'chat/completions',
          base_url: url,
          url,
          config: { baseUrl: url, base_url: url, provider_url: url },
          headers: { 'x-forwarded-host': evil(), host: evil(), 'x-base-url': url },
          query: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], base_url: url },
        },
      ]),
    );
    expect(answer.status).toBe(200);
    expect(test.provider.requests[0]!.header('authorization')).toBe(`Bearer ${STORED}`);
    keptAtHome();
    const outside = await raw(
      '/v1/local/g',
      [],
      JSON.stringify({ provider: url, endpoint: 'chat/completions', query: {} }),
    );
    expect(outside.status).toBe(400);
    const endpoints = [url, `//${evil()}/x`, `/\\${evil()}/x`, `../../${evil()}`, `@${evil()}/`];
    for (const endpoint of endpoints) {
      await raw('/v1/local/g', [], JSON.stringify({ provider: 'openai', endpoint, query: {} }));
    }
    for (const request of test.provider.requests) expect(request.url).toMatch(/^\/openai\/v1\//);
    keptAtHome();
  });

  it('cannot be turned to another origin by those who may edit: the address is bound while the key is there', async () => {
    const gateway = (await test.manage('GET', '/gateways/g')) as Record<string, unknown>;
    await expect(
      test.manage('PUT', '/gateways/g', {
        ...gatewayBody(),
        ...gateway,
        provider_urls: { openai: `http://${evil()}/v1` },
      }),
    ).rejects.toThrow(/provider keys are stored for this address/);
    await raw(CHAT, []);
    keptAtHome();
  });

  it('is not sent with a key of another gateway, nor lent to a caller without a token', async () => {
    await test.manage('POST', '/gateways', gatewayBody({ id: 'open', authentication: false }));
    await test.manage('POST', '/gateways/open/provider_configs', {
      provider_slug: 'openai',
      alias: 'default',
      secret: STORED,
    });
    const anonymous = await fetch(`${test.base('open')}/openai/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}',
    });
    expect(anonymous.status).toBe(401);
    expect(test.provider.requests.map((request) => request.header('authorization'))).toEqual([null]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/core/provider.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { fieldOf } from './wire-raw.ts';
import { type Arrived, replyBytes, startUpstream, type Upstream } from './wire-upstream.ts';

let test: TestGateway;
let upstream: Upstream;
const ids = [...new Set([...PROVIDERS.values()].map(({ id }) => id))];
beforeAll(async () => {
  test = await startTestGateway();
  upstream = await startUpstream();
  // Over the process's own override, which leads to the scripted provider.
  const provider_urls = Object.fromEntries(ids.map((id) => [id, `${upstream.url}/${id}`]));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'stored', provider_urls }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'own', provider_urls }));
  for (const id of ids) {
    await test.manage('POST', '/gateways/stored/provider_configs', {
      provider_slug: id,
      secret: `stored-key-${id}`,
    });
  }
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});

/** slug, what a client writes after it, what the upstream is asked for below the base URL that is set for it. */
const PATHS: readonly (readonly [slug: string, endpoint: string, path?: string])[] = [
  ['openai', 'chat/completions'],
  ['openai', 'v1/chat/completions'],
  ['anthropic', 'v1/messages?beta=true'],
  ['google-ai-studio', 'v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse'],
  ['google', 'v1/models/gemini-2.5-flash:generateContent'],
  ['google-vertex-ai', 'v1/projects/p/locations/us-central1/publishers/google/models/m:generateContent'],
  [
    'aws-bedrock',
    'bedrock-runtime/us-east-1/model/amazon.nova%3A0/converse',
    'model/amazon.nova%3A0/converse',
  ],
  ['aws-bedrock', 'bedrock-mantle/us-east-1/anthropic/v1/messages', 'anthropic/v1/messages'],
  [
    'azure-openai',
    'res/dep/chat/completions?api-version=1',
    'openai/deployments/dep/chat/completions?api-version=1',
  ],
  ['azure-openai', 'res/openai/deployments/dep/embeddings', 'openai/deployments/dep/embeddings'],
  ['azure', 'res/anthropic/v1/messages', 'anthropic/v1/messages'],
  ['groq', 'chat/completions'],
  ['mistral', 'v1/chat/completions'],
  ['cohere', 'v2/chat'],
  ['cohere', 'v1/chat'],
  ['perplexity-ai', 'chat/completions'],
  ['deepseek', 'chat/completions'],
  ['grok', 'v1/chat/completions'],
  ['xai', 'v1/responses'],
  ['cerebras', 'chat/completions'],
  ['openrouter', 'v1/chat/completions'],
  ['fireworks', 'chat/completions'],
  ['huggingface', 'bigcode/starcoder'],
  ['replicate', 'predictions'],
  ['baseten', 'v1/chat/completions'],
  ['baseten', 'model/abcd1234'],
  ['cartesia', 'tts/bytes'],
  ['elevenlabs', 'v1/text-to-speech/voice?output_format=mp3_44100_128'],
  ['deepgram', 'v1/listen?model=nova-3'],
  ['fal', 'fal-ai/fast-sdxl'],
  ['ideogram', 'v1/ideogram-v3/generate'],
  ['parallel', 'v1/tasks/runs'],
  ['workers-ai', '@cf/meta/llama-3.1-8b-instruct'],
  ['workers-ai', 'run/@cf/meta/llama-3.1-8b-instruct'],
  ['workers-ai', 'v1/chat/completions'],
];

/** Header and value in which the stored key goes out, where the path decides. */
function expectedCredential(provider: Provider, endpoint: string, key: string): [string, string] {
  if (endpoint.startsWith('bedrock-mantle')) return ['x-api-key', key];
  return [provider.credential.header, provider.credential.prefix + key];
}

async function ask(
  gateway: string,
  slug: string,
  endpoint: string,
  headers: Record<string, string>,
): Promise<{ arrived: Arrived; response: Response }> {
  upstream.answer(replyBytes(200, ['content-type', 'application/json'], Buffer.from('{"ok":true}')));
  const response = await fetch(`${test.base(gateway)}/${slug}/${endpoint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"model":"m"}',
  });
  expect(await response.text()).toBe('{"ok":true}');
  return { arrived: upstream.arrived.at(-1)!, response };
}

describe('every provider', () => {
  for (const [slug, endpoint, path] of PATHS) {
    const provider = PROVIDERS.get(slug)!;
    const url = `/${provider.id}/${path ?? endpoint}`;

    it(`${slug}/${endpoint}: asked at its path with the stored key in its own header`, async () => {
      const [header, value] = expectedCredential(provider, endpoint, `stored-key-${provider.id}`);
      // In `cf-aig-authorization`, and in place of the provider's key.
      for (const given of [
        { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` },
        { [provider.credential.header]: provider.credential.prefix + ADMIN_TOKEN },
      ]) {
        const { arrived, response } = await ask('stored', slug, endpoint, given);
        expect(arrived.url).toBe(url);
        expect(fieldOf(arrived.rawHeaders, header)).toBe(value);
        const all = JSON.stringify(arrived.rawHeaders);
        expect(all.split('stored-key')).toHaveLength(2);
        expect(all).not.toContain(ADMIN_TOKEN);
        const record = await test.record(response, 'stored');
        expect(record).toMatchObject({ provider: provider.id, byok: true, success: true });
      }
    });

    it(`${slug}/${endpoint}: asked with the client's own key, as the client wrote it`, async () => {
      for (const gateway of ['own', 'stored']) {
        const { arrived, response } = await ask(gateway, slug, endpoint, {
          'cf-aig-authorization': ADMIN_TOKEN,
          [provider.credential.header]: `${provider.credential.prefix}client-key`,
        });
        expect(arrived.url).toBe(url);
        const [header, value] = expectedCredential(provider, endpoint, 'client-key');
        expect(fieldOf(arrived.rawHeaders, header)).toBe(value);
        expect(JSON.stringify(arrived.rawHeaders)).not.toMatch(/stored-key|test-admin/);
        expect(await test.record(response, gateway)).toMatchObject({ byok: false });
      }
    });
  }

  it('has a line in this table', () => {
    const listed = new Set(PATHS.map(([slug]) => slug));
    expect([...PROVIDERS.keys()].filter((slug) => !listed.has(slug))).toEqual([]);
  });

  it('is read for what its answers say in their headers alone, in whatever case', async () => {
    const headers = ['content-type', 'audio/mpeg', 'Character-Cost', '42'];
    upstream.answer(replyBytes(200, headers, Buffer.from([0xff, 0xf3, 0])));
    const response = await fetch(`${test.base('stored')}/elevenlabs/v1/text-to-speech/voice`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cf-aig-authorization': ADMIN_TOKEN },
      body: '{"text":"Hi"}',
    });
    await response.arrayBuffer();
    expect(await test.record(response, 'stored')).toMatchObject({
      usage_metadata: { input_tokens: null, units: { characters: 42 } },
    });
  });

  it('is found through the process setting where the gateway has none', async () => {
    await test.manage('POST', '/gateways', gatewayBody({ id: 'plain' }));
    const before = upstream.arrived.length;
    await fetch(`${test.base('plain')}/groq/chat/completions`, {
      method: 'POST',
      headers: { 'cf-aig-authorization': ADMIN_TOKEN, authorization: 'Bearer test-key' },
      body: JSON.stringify({ model: 'llama', messages: [{ role: 'user', content: 'Hi' }] }),
    }).then((response) => response.text());
    expect(test.provider.requests.at(-1)!.url).toBe('/groq/chat/completions');
    expect(upstream.arrived).toHaveLength(before);
  });

  it('is configured under either of its names', async () => {
    await test.manage(
      'POST',
      '/gateways',
      gatewayBody({ id: 'named', provider_urls: { xai: `${upstream.url}/elsewhere` } }),
    );
    await test.manage('POST', '/gateways/named/provider_configs', {
      provider_slug: 'xai',
      secret: 'stored-key-by-alias',
    });
    for (const slug of ['xai', 'grok']) {
      const { arrived } = await ask('named', slug, 'v1/chat/completions', {
        'cf-aig-authorization': ADMIN_TOKEN,
      });
      expect(arrived.url).toBe('/elsewhere/v1/chat/completions');
      expect(fieldOf(arrived.rawHeaders, 'authorization')).toBe('Bearer stored-key-by-alias');
    }
  });
});

describe('a custom provider', () => {
  it('is reached under custom-{slug} once it is enabled, at its base URL with everything after', async () => {
    const made = (await test.manage('POST', '/custom-providers', {
      name: 'Tide models',
      slug: 'tide',
      base_url: `${upstream.url}/fixed/prefix/`,
      headers: JSON.stringify({ 'x-team': 'blue' }),
    })) as { id: string };
    const path = `${test.base('own')}/custom-tide/v1/v1/chat/completions?x=%2F`;
    const send = (): Promise<Response> =>
      fetch(path, {
        method: 'POST',
        headers: { 'cf-aig-authorization': ADMIN_TOKEN, authorization: 'Bearer client-key' },
        body: '{"model":"tide-1"}',
      });
    const refused = await send();
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ internalCode: 2008 });

    await test.manage('PATCH', `/custom-providers/${made.id}`, { enable: true });
    const answer = JSON.stringify({
      model: 'tide-1',
      choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
    upstream.answer(replyBytes(200, ['content-type', 'application/json'], Buffer.from(answer)));
    const response = await send();
    expect(await response.text()).toBe(answer);
    const arrived = upstream.arrived.at(-1)!;
    expect(arrived.url).toBe('/fixed/prefix/v1/v1/chat/completions?x=%2F');
    expect(fieldOf(arrived.rawHeaders, 'authorization')).toBe('Bearer client-key');
    expect(fieldOf(arrived.rawHeaders, 'x-team')).toBe('blue');
    expect(await test.record(response, 'own')).toMatchObject({
      provider: 'custom-tide',
      model: 'tide-1',
      tokens_in: 3,
      tokens_out: 4,
      cost: null,
    });

    await test.manage('POST', '/gateways/own/provider_configs', {
      provider_slug: 'custom-tide',
      secret: 'stored-key-tide',
    });
    await fetch(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      body: '{}',
    }).then((reply) => reply.text());
    expect(fieldOf(upstream.arrived.at(-1)!.rawHeaders, 'authorization')).toBe('Bearer stored-key-tide');

    // Its key goes to the address that it was stored for, and to no other.
    await expect(
      test.manage('PATCH', `/custom-providers/${made.id}`, { base_url: 'https://elsewhere.example' }),
    ).rejects.toThrow(/409|keys are stored/);

    await test.manage('DELETE', `/custom-providers/${made.id}`);
    expect((await send()).status).toBe(400);
  });
});

describe('what is no provider', () => {
  it('is refused with 2008, before any upstream is asked', async () => {
    const before = [upstream.arrived.length, test.provider.requests.length];
    for (const slug of [
      'nobody',
      'OpenAI',
      'custom-',
      'custom-nobody',
      '__proto__',
      'constructor',
      'openai%2Fv1',
    ]) {
      const response = await fetch(`${test.base('own')}/${slug}/chat/completions`, {
        method: 'POST',
        headers: { 'cf-aig-authorization': ADMIN_TOKEN },
        body: '{}',
      });
      expect(response.status, slug).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 2008, name: 'AiGatewayError' });
      expect(await test.record(response, 'own')).toMatchObject({
        error_type: 'invalid-provider',
        status_code: 400,
        attempts: [],
      });
    }
    expect([upstream.arrived.length, test.provider.requests.length]).toEqual(before);
  });
});

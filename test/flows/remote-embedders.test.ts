import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InsideCall } from '../../src/core/inside-call.ts';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { callThrough, cosine, type Models, modelsOver, tokenOf } from './embedder-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';

let test: TestGateway;
let models: Models;
const calls: InsideCall[] = [];

const KEYS: Readonly<Record<string, string>> = {
  openai: 'key-of-openai',
  'azure-openai': 'key-of-azure',
  mistral: 'key-of-mistral',
  cohere: 'key-of-cohere',
  'google-ai-studio': 'key-of-google',
  'workers-ai': 'key-of-workers',
  groq: 'key-of-groq',
};

beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
  for (const [provider_slug, secret] of Object.entries(KEYS))
    await test.manage('POST', '/gateways/g/provider_configs', { provider_slug, alias: 'default', secret });
  models = modelsOver(callThrough(test, calls));
});
afterAll(async () => {
  await models.close();
  await nothingOpen(test);
  await test.close();
});
beforeEach(() => {
  calls.length = 0;
  test.provider.reset();
});

const ASKED = 'How do I cancel my subscription?';
const ALIKE = 'How can I cancel my subscription?';
const OTHER = 'Which rivers cross Vienna?';

describe.each([
  ['openai/text-embedding-3-small', 1536, '/openai/v1/embeddings', 'authorization', 'Bearer key-of-openai'],
  ['groq/some-embedder', 1536, '/groq/embeddings', 'authorization', 'Bearer key-of-groq'],
  [
    'azure-openai/my-resource/my-deployment',
    1536,
    '/azure-openai/openai/deployments/my-deployment/embeddings?api-version=2024-10-21',
    'api-key',
    'key-of-azure',
  ],
  ['mistral/mistral-embed', 1024, '/mistral/v1/embeddings', 'authorization', 'Bearer key-of-mistral'],
  ['cohere/embed-v4.0', 1024, '/cohere/v2/embed', 'authorization', 'Bearer key-of-cohere'],
  [
    'google-ai-studio/gemini-embedding-001',
    768,
    '/google-ai-studio/v1beta/models/gemini-embedding-001:batchEmbedContents',
    'x-goog-api-key',
    'key-of-google',
  ],
  [
    'workers-ai/@cf/baai/bge-base-en-v1.5',
    768,
    '/workers-ai/run/@cf/baai/bge-base-en-v1.5',
    'authorization',
    'Bearer key-of-workers',
  ],
])('%s', (name, dimensions, url, header, credential) => {
  it('gives vectors of length 1 in the order of the texts, with the stored key', async () => {
    const embedder = await models.open(name);
    expect(embedder).toMatchObject({ id: `${name}/${dimensions}`, dimensions });
    const [asked, alike, other] = await embedder.embed([ASKED, ALIKE, OTHER], null);
    for (const vector of [asked!, alike!, other!]) {
      expect(vector).toHaveLength(dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    expect(cosine(asked!, alike!)).toBeGreaterThan(cosine(asked!, other!) + 0.3);
    const request = test.provider.requests.at(-1)!;
    expect(request).toMatchObject({ url, status: 200 });
    expect(request.header(header)).toBe(credential);
    expect(request.body.toString()).toContain(ASKED);
  });

  it('names a wrong key, and says nothing of the text', async () => {
    test.provider.script(['status=401']);
    const refused = (await models.open(name)).embed(['a secret question'], null);
    await expect(refused).rejects.toMatchObject({ name: 'ModelError', kind: 'failed' });
    await expect(refused).rejects.toThrow(`${name} answered with status 401`);
  });
});

it.each([
  ['openai/text-embedding-3-large', '"dimensions":256'],
  ['mistral/codestral-embed', '"output_dimension":256'],
  ['cohere/embed-v4.0', '"output_dimension":256'],
  ['google-ai-studio/gemini-embedding-001', '"outputDimensionality":256'],
])('%s is asked for fewer dimensions', async (name, field) => {
  const embedder = await models.open(name, { dimensions: 256 });
  expect(embedder).toMatchObject({ id: `${name}/256`, dimensions: 256 });
  await embedder.embed([ASKED], null);
  expect(test.provider.requests.at(-1)!.body.toString()).toContain(field);
});

it('what only one size has cannot be shortened, and says so before anything is sent', async () => {
  await expect(models.open('workers-ai/@cf/baai/bge-m3', { dimensions: 256 })).rejects.toThrow('one size');
  await expect(models.open('anthropic/claude')).rejects.toThrow('no embeddings that the gateway knows');
  await expect(models.open('nobody/model')).rejects.toThrow('there is no provider nobody');
  await expect(models.open('azure-openai/deployment-alone')).rejects.toThrow('{resource}/{deployment}');
  expect(calls).toEqual([]);
});

it('a text that the provider would cut without a word is refused before it is sent', async () => {
  const embedder = await models.open('workers-ai/@cf/baai/bge-small-en-v1.5');
  calls.length = 0;
  await expect(embedder.embed(['ä'.repeat(256)], null)).rejects.toMatchObject({ kind: 'too-long' });
  expect(calls).toEqual([]);
});

it('a provider without a stored key is not asked', async () => {
  await expect(models.open('openrouter/some-embedder')).rejects.toMatchObject({ kind: 'failed' });
  expect(test.provider.requests).toEqual([]);
});

it('calls carry no credential, keep no body, and want no cache but the exact one', async () => {
  const embedder = await models.open('openai/text-embedding-3-small');
  await embedder.embed(['once more'], null);
  const { headers, origin, purpose } = calls.at(-1)!;
  expect({ origin, purpose }).toEqual({ origin: 'embedding', purpose: null });
  const fields = Object.fromEntries(
    headers.flatMap((_, i) => (i % 2 === 0 ? [[headers[i], headers[i + 1]]] : [])),
  );
  expect(fields).toEqual({
    'content-type': 'application/json',
    accept: 'application/json',
    'tidegate-semantic-cache': 'off',
    'tidegate-share-in-flight': 'false',
    'cf-aig-max-attempts': '1',
    'cf-aig-request-timeout': '20000',
    'cf-aig-collect-log-payload': 'false',
    'cf-aig-no-wholesale': 'true',
  });
});

it('a text is asked for once by each token; without a token nothing is remembered', async () => {
  const open = (id: string | null) =>
    models.open('openai/text-embedding-3-small', { token: id === null ? null : tokenOf(id) });
  const ask = async (id: string | null): Promise<number> => {
    const before = calls.length;
    await (await open(id)).embed(['a text of its own', 'another'], null);
    return calls.length - before;
  };
  expect([await ask('a'), await ask('a'), await ask('b'), await ask(null), await ask(null)]).toEqual([
    1, 0, 1, 1, 1,
  ]);
  const embedder = await open('a');
  const [first] = await embedder.embed(['another'], null);
  first!.fill(0);
  const [second] = await embedder.embed(['another'], null);
  expect(Math.hypot(...second!)).toBeCloseTo(1, 5);
});

it('many first requests at once find out the size by one call', async () => {
  const fresh = modelsOver(callThrough(test, calls));
  const gone = new AbortController();
  const left = fresh.open('openai/text-embedding-3-small', { signal: gone.signal });
  const opened = Promise.all(Array.from({ length: 10 }, () => fresh.open('openai/text-embedding-3-small')));
  gone.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  expect(new Set((await opened).map(({ id }) => id))).toEqual(
    new Set(['openai/text-embedding-3-small/1536']),
  );
  expect(calls).toHaveLength(1);
  await fresh.close();
});

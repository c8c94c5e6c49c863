import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';
import { callThrough, gatewayOf, type Models, modelsOver, settingsOf } from './embedder-calls.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

let test: TestGateway;
let upstream: Upstream;
let models: Models;
/** What the provider answers, made of the texts it was asked for; null leaves the request without an answer. */
let answer: (texts: readonly string[]) => { status?: number; body: string } | null;
let open = 0;

const NAME = 'openai/embedder';
const SECRET_TEXT = 'the text that nobody must repeat';

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.handle = (request, response) => {
    const chunks: Buffer[] = [];
    open++;
    response.once('close', () => open--);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] };
      const given = answer(input);
      if (given === null) return;
      response.writeHead(given.status ?? 200, { 'content-type': 'application/json' });
      response.end(given.body);
    });
  };
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g', provider_urls: { openai: upstream.url } }));
  await test.manage('POST', '/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: 'default',
    secret: 'stored-key',
  });
});
afterAll(async () => {
  await models.close();
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});
beforeEach(async () => {
  await models?.close();
  models = modelsOver(callThrough(test));
  answer = good;
});

const vectorOf = (text: string, width = 3): number[] =>
  Array.from({ length: width }, (_, i) => text.length + i);
const list = (vectors: readonly unknown[]) => ({
  body: JSON.stringify({ object: 'list', data: vectors.map((embedding, index) => ({ index, embedding })) }),
});
const good = (texts: readonly string[]) => list(texts.map((text) => vectorOf(text)));
const unit = (vector: readonly number[]): number[] => vector.map((value) => value / Math.hypot(...vector));
const closeTo = (vector: readonly number[]) => unit(vector).map((value) => expect.closeTo(value, 5));

describe('answers that are taken', () => {
  it('in any order, by their index', async () => {
    const embedder = await models.open(NAME);
    answer = (texts) => ({
      body: JSON.stringify({
        data: texts.map((text, index) => ({ index, embedding: vectorOf(text) })).reverse(),
      }),
    });
    const found = await embedder.embed(['a', 'bbb'], null);
    expect(found.map((vector) => [...vector])).toEqual([closeTo(vectorOf('a')), closeTo(vectorOf('bbb'))]);
  });

  it('without an index, and in base64', async () => {
    const embedder = await models.open(NAME);
    answer = (texts) => ({
      body: JSON.stringify({
        data: texts.map((text) => ({
          embedding: Buffer.from(Float32Array.from(vectorOf(text)).buffer).toString('base64'),
        })),
      }),
    });
    const found = await embedder.embed(['a', 'bbb'], null);
    expect(found.map((vector) => [...vector])).toEqual([closeTo(vectorOf('a')), closeTo(vectorOf('bbb'))]);
  });
});

it.each<[string, (texts: readonly string[]) => { status?: number; body: string }, string]>([
  ['too few vectors', (texts) => list(texts.slice(1).map((text) => vectorOf(text))), '1 vectors for 2 texts'],
  [
    'too many vectors',
    (texts) => list([...texts, ''].map((text) => vectorOf(text))),
    '3 vectors for 2 texts',
  ],
  [
    'vectors of several sizes',
    (texts) => list(texts.map((text, i) => vectorOf(text, 3 + i))),
    'several sizes',
  ],
  [
    'vectors of another size than before',
    (texts) => list(texts.map((text) => vectorOf(text, 5))),
    '5 dimensions where 3',
  ],
  ['words for numbers', (texts) => list(texts.map(() => ['1', '2', '3'])), 'does not consist of numbers'],
  ['nothing for numbers', (texts) => list(texts.map(() => [1, null, 3])), 'does not consist of numbers'],
  ['vectors of no length', (texts) => list(texts.map(() => [0, 0, 0])), 'without a length'],
  ['numbers beyond all bounds', (texts) => list(texts.map(() => [1e300, 1, 1])), 'without a length'],
  ['empty vectors', (texts) => list(texts.map(() => [])), 'no vector'],
  ['objects for vectors', (texts) => list(texts.map(() => ({}))), 'no vector'],
  [
    'one index twice',
    () => ({ body: JSON.stringify({ data: [0, 0].map((index) => ({ index, embedding: [1, 2, 3] })) }) }),
    'without vectors',
  ],
  [
    'an index out of bounds',
    () => ({ body: JSON.stringify({ data: [0, 7e9].map((index) => ({ index, embedding: [1, 2, 3] })) }) }),
    'without vectors',
  ],
  ['no vectors at all', () => ({ body: '{"data":{}}' }), 'without vectors'],
  ['null', () => ({ body: 'null' }), 'without vectors'],
  ['something that is no JSON', (texts) => ({ body: `<p>${texts[0]}` }), 'no JSON'],
  [
    'an error that repeats the text',
    (texts) => ({ status: 500, body: JSON.stringify({ error: { message: texts[0] } }) }),
    'status 500',
  ],
  [
    'a refusal',
    (texts) => ({ status: 400, body: JSON.stringify({ error: { message: texts[0] } }) }),
    'status 400',
  ],
  ['a limit', () => ({ status: 429, body: '{}' }), 'status 429'],
])('%s are refused with a reason that holds nothing of the text', async (_, wrong, reason) => {
  const embedder = await models.open(NAME);
  answer = wrong;
  const refused = await embedder.embed([SECRET_TEXT, 'x'], null).catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'ModelError', kind: 'failed' });
  expect(String(refused)).toContain(reason);
  expect(String(refused)).not.toContain('nobody must repeat');
});

it('a text that is too large for the provider is too long, and stops nobody else', async () => {
  const embedder = await models.open(NAME);
  answer = () => ({ status: 413, body: '{}' });
  await expect(embedder.embed(['x'], null)).rejects.toMatchObject({ kind: 'too-long' });
  expect(stateOf().state).toBe('ready');
});

const stateOf = () => models.stateOf(settingsOf(NAME), gatewayOf());

it('what one text or a caller without a key brings about does not count against the embedder', async () => {
  expect(stateOf()).toEqual({ state: 'unused', problem: null });
  answer = () => ({ status: 500, body: '{}' });
  await expect(models.open(NAME, { token: null })).rejects.toThrow('status 500');
  expect(stateOf().state).toBe('unused');
  answer = good;
  const embedder = await models.open(NAME);
  expect(models.embedderIdOf(settingsOf(NAME), gatewayOf())).toBe(`${NAME}/3`);
  answer = () => ({ status: 400, body: '{}' });
  await expect(embedder.embed(['x'], null)).rejects.toThrow('status 400');
  expect(stateOf().state).toBe('ready');
  answer = () => ({ status: 503, body: '{}' });
  await expect(embedder.embed(['x'], null)).rejects.toThrow('status 503');
  expect(stateOf()).toEqual({ state: 'failed', problem: `${NAME} answered with status 503` });
  answer = good;
  await embedder.embed(['x'], null);
  expect(stateOf().state).toBe('ready');
});

it('another size is another embedder, once it was noticed', async () => {
  const before = await models.open(NAME);
  answer = (texts) => list(texts.map((text) => vectorOf(text, 5)));
  await expect(before.embed(['x'], null)).rejects.toThrow('5 dimensions where 3');
  await expect(before.embed(['x'], null)).rejects.toThrow('another size now');
  const after = await models.open(NAME);
  expect([before.id, after.id]).toEqual([`${NAME}/3`, `${NAME}/5`]);
  expect(await after.embed(['x'], null)).toHaveLength(1);
});

it('a size that was asked for and not given is an error', async () => {
  await expect(models.open(NAME, { dimensions: 8 })).rejects.toThrow('3 dimensions where 8');
});

it('another address of a provider is another embedder', async () => {
  const here = await models.open(NAME);
  const there = await models.open(NAME, {
    gateway: { providerUrls: { openai: 'https://elsewhere.example' } },
  });
  expect(there.id).toMatch(/^openai@[0-9a-f]{8}\/embedder\/3$/);
  expect(there.id).not.toBe(here.id);
});

it('a provider that does not answer in time has failed, and is left', async () => {
  const embedder = await models.open(NAME);
  await models.close();
  answer = () => null;
  models = modelsOver(callThrough(test), undefined, 300);
  await expect(models.open(NAME)).rejects.toThrow(`${NAME} did not answer within 300 ms`);
  expect(stateOf().state).toBe('failed');
  await eventually(() => open === 0, 'the provider is still asked', 30_000);
  // Whoever does not wait any more gets the own reason, and the embedder no blame.
  const gone = new AbortController();
  const left = embedder.embed(['y'], gone.signal);
  await eventually(() => open === 1, 'the provider was not asked', 30_000);
  gone.abort(new Error('nobody waits'));
  await expect(left).rejects.toThrow('nobody waits');
  await eventually(() => open === 0, 'the provider is still asked', 30_000);
});

it('a custom provider is asked as OpenAI is, and its revision is part of the name', async () => {
  const made = (await test.manage('POST', '/custom-providers', {
    name: 'Mine',
    slug: 'mine',
    base_url: `${upstream.url}/v1`,
    enable: true,
  })) as { id: string };
  const embedder = await models.open('custom-mine/nomic-embed-text');
  expect(embedder.id).toMatch(/^custom-mine@[0-9a-f]{8}\/nomic-embed-text\/3$/);
  expect(await embedder.embed(['a'], null)).toHaveLength(1);
  await test.manage('DELETE', `/custom-providers/${made.id}`);
  await expect(embedder.embed(['b'], null)).rejects.toMatchObject({ kind: 'failed' });
});

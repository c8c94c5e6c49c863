import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { header, outcomeOf, type SemanticGateway, startSemantic } from './semantic-calls.ts';

const ASKED = 'How tall is Mount Everest?';
const AGAIN = 'how tall is mount everest';

let semantic: SemanticGateway;
beforeAll(async () => {
  semantic = await startSemantic();
}, 120_000);
afterAll(() => semantic.close());
beforeEach(() => semantic.test.provider.reset());

interface Form {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  body(text: string): unknown;
}
const messages = (text: string): object => ({ messages: [{ role: 'user', content: text }] });
const contents = (text: string): object => ({ contents: [{ role: 'user', parts: [{ text }] }] });
const claude = { model: 'claude-sonnet-4-5', max_tokens: 500 };
const FORMS: Readonly<Record<string, Form>> = {
  'OpenAI chat': {
    path: 'openai/chat/completions',
    body: (text) => ({ model: 'gpt-4o', ...messages(text) }),
  },
  'OpenAI chat, streamed': {
    path: 'openai/chat/completions',
    body: (text) => ({ model: 'gpt-4o', stream: true, ...messages(text) }),
  },
  'OpenAI responses': { path: 'openai/responses', body: (text) => ({ model: 'gpt-4o', input: text }) },
  'OpenAI responses, streamed': {
    path: 'openai/responses',
    body: (text) => ({ model: 'gpt-4o', stream: true, input: [{ role: 'user', content: text }] }),
  },
  Anthropic: { path: 'anthropic/v1/messages', body: (text) => ({ ...claude, ...messages(text) }) },
  'Anthropic, streamed': {
    path: 'anthropic/v1/messages',
    body: (text) => ({ ...claude, stream: true, ...messages(text) }),
  },
  Google: { path: 'google-ai-studio/v1beta/models/gemini-2.5-flash:generateContent', body: contents },
  'Google, streamed as events': {
    path: 'google-ai-studio/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    body: contents,
  },
  'Google, streamed as JSON': {
    path: 'google-ai-studio/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    body: contents,
  },
  Mistral: {
    path: 'mistral/v1/chat/completions',
    body: (text) => ({ model: 'mistral-small-latest', ...messages(text) }),
  },
  Cohere: { path: 'cohere/v2/chat', body: (text) => ({ model: 'command-a-03-2025', ...messages(text) }) },
  'compressed OpenAI chat': {
    path: 'openai/chat/completions',
    headers: { 'accept-encoding': 'gzip', 'x-scripted-fault': 'gzip' },
    body: (text) => ({ model: 'gpt-4o', ...messages(text) }),
  },
};
const KEYS = {
  authorization: 'Bearer test-key-openai',
  'x-api-key': 'test-key-anthropic',
  'x-goog-api-key': 'test-key-google',
  'anthropic-version': '2023-06-01',
};

describe('a similar answer is given in the form that was asked for, byte by byte', () => {
  it.each(Object.entries(FORMS))('%s', async (_, { path, body, headers }) => {
    const gateway = await semantic.make();
    const first = await semantic.send(gateway, path, body(ASKED), { ...KEYS, ...headers });
    expect([first.status, outcomeOf(first)]).toEqual([200, 'no-neighbour']);
    await semantic.kept(gateway, 1);
    const hit = await semantic.send(gateway, path, body(AGAIN), { ...KEYS, ...headers });
    expect([hit.status, outcomeOf(hit)]).toEqual([200, 'semantic']);
    expect(hit.body.equals(first.body)).toBe(true);
    for (const name of ['content-type', 'content-encoding'])
      expect(header(hit, name)).toBe(header(first, name));
    expect(header(hit, 'x-request-id')).toBeUndefined();
    expect(semantic.test.provider.requests).toHaveLength(1);
    const record = await semantic.test.record(hit.fields, gateway);
    expect(record).toMatchObject({ cache_kind: 'semantic', cost: 0, cached: true });
  });
});

it('a stream is not given to who wants JSON, nor JSON to who wants a stream', async () => {
  const gateway = await semantic.make();
  await semantic.chat(gateway, ASKED);
  await semantic.kept(gateway, 1);
  expect(outcomeOf(await semantic.chat(gateway, AGAIN, { stream: true }))).toBe('no-neighbour');
  await semantic.kept(gateway, 2);
  const json = await semantic.chat(gateway, AGAIN);
  const stream = await semantic.chat(gateway, ASKED, { stream: true });
  expect(
    [json, stream].map((reply) => [outcomeOf(reply), header(reply, 'content-type')?.split(';')[0]]),
  ).toEqual([
    ['semantic', 'application/json'],
    ['semantic', 'text/event-stream'],
  ]);
});

it('the openai SDK reads a similar answer, whole and streamed', async () => {
  const gateway = await semantic.make();
  const client = new OpenAI({
    apiKey: 'test-key-openai',
    baseURL: `${semantic.test.base(gateway)}/openai`,
    maxRetries: 0,
    defaultHeaders: { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` },
  });
  const whole = async (content: string): Promise<[string | null, string | null]> => {
    const { data, response } = await client.chat.completions
      .create({ model: 'gpt-4o', messages: [{ role: 'user', content }] })
      .withResponse();
    return [data.choices[0]!.message.content, response.headers.get('tidegate-cache-kind')];
  };
  const streamed = async (content: string): Promise<[string, string | null]> => {
    const { data, response } = await client.chat.completions
      .create({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content }] })
      .withResponse();
    let text = '';
    for await (const event of data) text += event.choices[0]?.delta.content ?? '';
    return [text, response.headers.get('tidegate-cache-kind')];
  };
  const [text] = await whole(ASKED);
  const [streamedText] = await streamed(ASKED);
  expect(text).toBeTruthy();
  expect(streamedText).toBeTruthy();
  await semantic.kept(gateway, 2);
  expect(await whole(AGAIN)).toEqual([text, 'semantic']);
  expect(await streamed(AGAIN)).toEqual([streamedText, 'semantic']);
  expect(semantic.test.provider.requests).toHaveLength(2);
});

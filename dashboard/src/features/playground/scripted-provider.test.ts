import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from '../../../../src/demo/provider/server.ts';
import { answerText } from './answer.ts';
import { AnswerStream } from './answer-stream.ts';
import { continueWith } from './continue.ts';
import { type Draft, emptyDraft, message, sentMessages } from './draft.ts';
import { formatOf } from './formats/formats.ts';
import type { Parameters } from './parameters.ts';
import { readTools } from './tools.ts';

let provider: ScriptedProvider;
beforeAll(async () => {
  provider = await startScriptedProvider({});
});
afterAll(() => provider.close());

interface Way {
  readonly dialect: string;
  readonly provider: string;
  readonly model: string;
  readonly path: string;
  readonly streamPath?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const bearer = { authorization: 'Bearer key' };
const WAYS: readonly Way[] = [
  {
    dialect: 'openai',
    provider: 'openai',
    model: 'gpt-4o-mini',
    path: 'v1/chat/completions',
    headers: bearer,
  },
  {
    dialect: 'openai',
    provider: 'mistral',
    model: 'mistral-small-latest',
    path: 'v1/chat/completions',
    headers: bearer,
  },
  {
    dialect: 'anthropic',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    path: 'v1/messages',
    headers: { 'x-api-key': 'key' },
  },
  {
    dialect: 'google',
    provider: 'google-ai-studio',
    model: 'gemini-2.5-flash',
    path: 'v1beta/models/gemini-2.5-flash:generateContent',
    streamPath: 'v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    headers: { 'x-goog-api-key': 'key' },
  },
  { dialect: 'cohere', provider: 'cohere', model: 'command-a-03-2025', path: 'v2/chat', headers: bearer },
];

const TOOLS = readTools(
  JSON.stringify([
    {
      name: 'get_weather',
      description: 'The weather of a place',
      parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
    },
  ]),
).tools;

async function ask(way: Way, draft: Draft, isStreamed: boolean, tools = TOOLS, parameters: Parameters = {}) {
  const format = formatOf(way.dialect)!;
  const body = format.write({
    provider: way.provider,
    model: way.model,
    system: draft.system,
    messages: sentMessages(draft),
    tools,
    parameters,
    isStreamed,
  });
  const path = isStreamed ? (way.streamPath ?? way.path) : way.path;
  const response = await fetch(`${provider.url}/${way.provider}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...way.headers, ...format.headers },
    body: JSON.stringify(body),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(response.status, new TextDecoder().decode(bytes)).toBe(200);
  const type = response.headers.get('content-type');
  const read = (size: number) => {
    const stream = new AnswerStream(format, type);
    for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
    return stream.end();
  };
  const answer = read(bytes.length);
  for (const size of [1, 3, 7]) expect(answerText(read(size))).toBe(answerText(answer));
  return answer;
}

const say = (text: string): Draft => ({
  ...emptyDraft(),
  system: 'Be brief.',
  messages: [message('user', { text })],
});

describe('a provider as it answers', () => {
  for (const way of WAYS) {
    for (const isStreamed of [true, false]) {
      it(`is asked and read as ${way.provider}, ${isStreamed ? 'streamed' : 'whole'}, cut anywhere`, async () => {
        const answer = await ask(way, say('How are you today?'), isStreamed, [], { temperature: 0.5 });
        expect(answerText(answer)).toMatch(/\w/);
        expect(answer.usage.tokensIn).toBeGreaterThan(0);
        expect(answer.usage.tokensOut).toBeGreaterThan(0);
        expect(answer.finishReason).toMatch(/\w/);
        expect(answer.error).toBeNull();
      });

      it(`calls a tool as ${way.provider}, ${isStreamed ? 'streamed' : 'whole'}, and takes its result`, async () => {
        const draft = say('What is the weather in Kiel? Use the tool get_weather.');
        const called = await ask(way, draft, isStreamed);
        const call = called.parts.find((part) => part.type === 'tool-call');
        expect(call).toMatchObject({ name: 'get_weather', id: expect.stringMatching(/./) });
        const next = continueWith(draft, called);
        const result = next.messages.at(-1)!;
        expect(result.role).toBe('tool');
        const messages = next.messages.map((one) => (one === result ? { ...one, text: 'rain' } : one));
        expect(answerText(await ask(way, { ...next, messages }, isStreamed))).toMatch(/\w/);
      });
    }
  }
});

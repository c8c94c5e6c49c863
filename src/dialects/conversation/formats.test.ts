import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs } from '../../../test/support/conversation.ts';
import { type ScriptedProvider, startScriptedProvider } from '../../demo/provider/server.ts';

let provider: ScriptedProvider;
beforeAll(async () => {
  provider = await startScriptedProvider();
});
afterAll(() => provider.close());

/** Asks the scripted provider and reads what was sent and what came back. */
async function converse(path: string, body: unknown) {
  const response = await fetch(`${provider.url}/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer test-key',
      'x-api-key': 'test-key',
      'x-goog-api-key': 'test-key',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify(body),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.status, bytes.toString('utf8', 0, 300)).toBe(200);
  const place = { path, responseType: response.headers.get('content-type') ?? '' };
  return readAs(place, body, bytes);
}

const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const question = 'What is the weather in Lisbon?';

describe('a conversation with every wire format of the scripted provider', () => {
  const openAiTools = [{ type: 'function', function: { name: 'get_weather', parameters: weather } }];
  const user = [{ role: 'user', content: question }];
  const forms: [string, string, (stream: boolean) => unknown][] = [
    [
      'openai-chat',
      'openai/v1/chat/completions',
      (stream) => ({ model: 'gpt-4o-mini', stream, messages: user }),
    ],
    ['openai-responses', 'openai/v1/responses', (stream) => ({ model: 'gpt-5', stream, input: question })],
    [
      'anthropic',
      'anthropic/v1/messages',
      (stream) => ({ model: 'claude-sonnet-4-5', max_tokens: 500, stream, messages: user }),
    ],
    [
      'openai-chat',
      'mistral/v1/chat/completions',
      (stream) => ({ model: 'mistral-small-latest', stream, messages: user }),
    ],
    ['openai-chat', 'cohere/v2/chat', (stream) => ({ model: 'command-a-03-2025', stream, messages: user })],
  ];

  it.each(forms.flatMap((form) => [false, true].map((stream) => [...form, stream] as const)))(
    '%s at %s',
    async (dialect, path, body, stream) => {
      const read = await converse(path, body(stream));
      expect(read).toMatchObject({
        dialect,
        messages: [{ role: 'user', parts: [{ type: 'text', text: question }] }],
        requestTruncated: false,
        responseTruncated: false,
        problem: null,
      });
      const texts = read.answer?.parts.filter(({ type }) => type === 'text') ?? [];
      expect(texts).toHaveLength(1);
      expect(read.answer?.finishReason).not.toBeNull();
    },
  );

  it.each([false, true])('google, streamed: %s', async (stream) => {
    const path = `google/v1beta/models/gemini-2.5-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
    const read = await converse(path, {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: question }] }],
      generationConfig: { temperature: 0.5 },
    });
    expect(read).toMatchObject({
      dialect: 'google',
      system: [{ text: 'Be brief.' }],
      messages: [{ role: 'user', parts: [{ text: question }] }],
      parameters: { generationConfig: { temperature: 0.5 } },
    });
    expect(read.answer?.parts.filter(({ type }) => type === 'text')).toHaveLength(1);
  });

  it.each([
    [
      'openai/v1/chat/completions',
      { model: 'gpt-4o-mini', messages: user, tools: openAiTools, tool_choice: 'required' },
    ],
    [
      'anthropic/v1/messages',
      {
        model: 'claude-sonnet-4-5',
        max_tokens: 500,
        messages: user,
        tools: [{ name: 'get_weather', input_schema: weather }],
        tool_choice: { type: 'any' },
      },
    ],
    [
      'openai/v1/responses',
      {
        model: 'gpt-5',
        input: question,
        tools: [{ type: 'function', name: 'get_weather', parameters: weather }],
        tool_choice: 'required',
      },
    ],
  ])('%s calls a tool, the same whole and streamed', async (path, body) => {
    const [whole, streamed] = await Promise.all([
      converse(path, { ...body, stream: false }),
      converse(path, { ...body, stream: true }),
    ]);
    expect(whole.tools).toMatchObject([{ name: 'get_weather', schema: weather }]);
    const calls = (read: typeof whole) =>
      read.answer?.parts.flatMap((part) =>
        part.type === 'tool-call' ? [{ name: part.name, fields: Object.keys(part.arguments as object) }] : [],
      );
    expect(calls(whole)).toEqual([{ name: 'get_weather', fields: ['city'] }]);
    expect(calls(streamed)).toEqual(calls(whole));
  });
});

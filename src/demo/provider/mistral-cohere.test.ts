import { Mistral } from '@mistralai/mistralai';
import { CohereClientV2 } from 'cohere-ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';
import { countTokens } from './tokens.ts';

let provider: ScriptedProvider;

beforeAll(async () => {
  provider = await startScriptedProvider();
});
afterAll(() => provider.close());
beforeEach(() => provider.reset());

const tool = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Tells the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('Mistral', () => {
  const open = () => new Mistral({ apiKey: 'test-key-mistral', serverURL: `${provider.url}/mistral` });

  it('answers whole and streamed, with the usage in the last chunk', async () => {
    const request = {
      model: 'mistral-small-latest',
      messages: [{ role: 'user' as const, content: 'Hello' }],
    };
    const whole = await open().chat.complete(request);
    const text = String(whole.choices[0]!.message!.content);
    expect(whole.usage.completionTokens).toBe(countTokens(text));
    let streamed = '';
    let usage: number | undefined;
    for await (const event of await open().chat.stream(request)) {
      streamed += String(event.data.choices[0]!.delta.content ?? '');
      usage = event.data.usage?.completionTokens ?? usage;
    }
    expect(streamed.length).toBeGreaterThan(10);
    expect(usage).toBe(countTokens(streamed));
  });

  it('calls tools, embeds, and answers errors in its own shape', async () => {
    const whole = await open().chat.complete({
      model: 'mistral-large-latest',
      messages: [{ role: 'user', content: 'Weather in Vienna?' }],
      tools: [tool],
    });
    expect(whole.choices[0]!.finishReason).toBe('tool_calls');
    expect(whole.choices[0]!.message!.toolCalls![0]!.function.arguments).toBe('{"city":"Vienna"}');
    const embedded = await open().embeddings.create({ model: 'mistral-embed', inputs: ['tide'] });
    expect(embedded.data[0]!.embedding).toHaveLength(1024);
    const bare = await fetch(`${provider.url}/mistral/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect([bare.status, await bare.json()]).toEqual([401, { detail: 'Unauthorized' }]);
  });

  it('is known by its models where the path does not say it', async () => {
    const reply = await fetch(`${provider.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-key' },
      body: JSON.stringify({ model: 'codestral-latest', messages: [{ role: 'user', content: 'Hi' }] }),
    });
    expect(reply.headers.get('mistral-correlation-id')).not.toBeNull();
  });
});

describe('Cohere', () => {
  const open = () => new CohereClientV2({ token: 'test-key-cohere', environment: provider.url });
  const model = 'command-a-03-2025';

  it('answers whole and streamed with typed events', async () => {
    const request = { model, messages: [{ role: 'user' as const, content: 'Hello' }] };
    const whole = await open().chat(request);
    const part = whole.message.content![0]!;
    expect(whole.usage!.tokens!.outputTokens).toBe(countTokens(part.type === 'text' ? part.text : ''));
    const types: string[] = [];
    let text = '';
    for await (const event of await open().chatStream(request)) {
      types.push(event.type);
      if (event.type === 'content-delta') text += event.delta?.message?.content?.text ?? '';
      if (event.type === 'message-end')
        expect(event.delta?.usage?.tokens?.outputTokens).toBe(countTokens(text));
    }
    expect(types[0]).toBe('message-start');
    expect(types.at(-1)).toBe('message-end');
  });

  it('calls tools, streamed and not, embeds, and answers errors in its own shape', async () => {
    const request = {
      model,
      messages: [{ role: 'user' as const, content: 'Weather in Prague?' }],
      tools: [tool],
    };
    const whole = await open().chat(request);
    expect(whole.finishReason).toBe('TOOL_CALL');
    expect(whole.message.toolCalls![0]!.function!.arguments).toBe('{"city":"Prague"}');
    let given = '';
    for await (const event of await open().chatStream(request)) {
      if (event.type === 'tool-call-delta')
        given += event.delta?.message?.toolCalls?.function?.arguments ?? '';
    }
    expect(given).toBe('{"city":"Prague"}');
    const embedded = await open().embed({
      model: 'embed-v4.0',
      texts: ['tide'],
      inputType: 'search_query',
      embeddingTypes: ['float'],
    });
    expect(embedded.embeddings.float![0]!.length).toBe(1024);
    await expect(open().chat({ ...request, model: 'no-such' }, { maxRetries: 0 })).rejects.toMatchObject({
      statusCode: 404,
      body: { message: expect.stringContaining("model 'no-such' not found") },
    });
  });
});

import { FunctionCallingConfigMode, GoogleGenAI, Type } from '@google/genai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';
import { countTokens } from './tokens.ts';

let provider: ScriptedProvider;
let client: GoogleGenAI;

beforeAll(async () => {
  provider = await startScriptedProvider();
  client = new GoogleGenAI({ apiKey: 'test-key-google', httpOptions: { baseUrl: provider.url } });
});
afterAll(() => provider.close());
beforeEach(() => provider.reset());

const tools = [
  {
    functionDeclarations: [
      {
        name: 'get_weather',
        parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
      },
    ],
  },
];

describe('Google generateContent', () => {
  it('answers with text, and counts it as countTokens said', async () => {
    const model = 'gemini-2.0-flash';
    const reply = await client.models.generateContent({ model, contents: 'Hello there' });
    expect(reply.text!.length).toBeGreaterThan(10);
    const counted = await client.models.countTokens({ model, contents: 'Hello there' });
    expect(reply.usageMetadata!.promptTokenCount).toBe(counted.totalTokens);
    expect(reply.usageMetadata!.candidatesTokenCount).toBe(countTokens(reply.text!));
    expect(reply.candidates![0]!.finishReason).toBe('STOP');
  });

  it('streams thoughts and text with a growing usage', async () => {
    const stream = await client.models.generateContentStream({
      model: 'gemini-2.5-flash',
      contents: 'Hello there',
      config: { thinkingConfig: { includeThoughts: true } },
    });
    let text = '';
    let thoughts = '';
    let last: { candidatesTokenCount?: number; thoughtsTokenCount?: number } | undefined;
    for await (const chunk of stream) {
      for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
        if (part.thought) thoughts += part.text;
        else text += part.text ?? '';
      }
      last = chunk.usageMetadata;
    }
    expect(thoughts.length).toBeGreaterThan(10);
    expect(last).toMatchObject({ candidatesTokenCount: countTokens(text), thoughtsTokenCount: 24 });
  });

  it('streams one JSON array when server-sent events are not asked for', async () => {
    const reply = await fetch(
      `${provider.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?key=test-key`,
      {
        method: 'POST',
        body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
      },
    );
    const chunks = (await reply.json()) as { candidates: { finishReason?: string }[] }[];
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.at(-1)!.candidates[0]!.finishReason).toBe('STOP');
  });

  it('calls functions, streamed and not', async () => {
    const request = { model: 'gemini-2.5-pro', contents: 'Weather in Tokyo and Rome?', config: { tools } };
    const whole = await client.models.generateContent(request);
    expect(whole.functionCalls!.map((call) => call.args)).toEqual([{ city: 'Tokyo' }, { city: 'Rome' }]);
    const calls = [];
    for await (const chunk of await client.models.generateContentStream(request)) {
      calls.push(...(chunk.functionCalls ?? []));
    }
    expect(calls.map((call) => call.args)).toEqual([{ city: 'Tokyo' }, { city: 'Rome' }]);
    const forced = await client.models.generateContent({
      ...request,
      contents: 'Hello',
      config: { tools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } } },
    });
    expect(forced.functionCalls).toHaveLength(1);
  });

  it('reports cached tokens for a prefix seen before', async () => {
    const systemInstruction = 'You keep the gate and write down the tides, day by day. '.repeat(8);
    const ask = (contents: string) =>
      client.models.generateContent({ model: 'gemini-2.5-flash', contents, config: { systemInstruction } });
    expect((await ask('One?')).usageMetadata!.cachedContentTokenCount).toBeUndefined();
    expect((await ask('Two?')).usageMetadata!.cachedContentTokenCount).toBe(
      3 + countTokens(systemInstruction),
    );
  });

  it('embeds, and lists models', async () => {
    const reply = await client.models.embedContent({
      model: 'gemini-embedding-001',
      contents: ['tide', 'gate'],
      config: { outputDimensionality: 16 },
    });
    expect(reply.embeddings!.map((embedding) => embedding.values!.length)).toEqual([16, 16]);
    const names = [];
    for await (const model of await client.models.list()) names.push(model.name);
    expect(names).toContain('models/gemini-2.5-flash');
  });

  it('answers each wrong request in its own words', async () => {
    const path = `${provider.url}/v1beta/models/gemini-2.5-flash:generateContent`;
    const bare = await fetch(path, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(403);
    expect(await bare.json()).toMatchObject({ error: { status: 'PERMISSION_DENIED' } });
    const limited = await fetch(path, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'test-key', 'x-scripted-fault': 'status=429' },
      body: '{}',
    });
    expect(limited.status).toBe(429);
    expect(await limited.json()).toMatchObject({
      error: { status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '3s' }] },
    });
    await expect(client.models.generateContent({ model: 'no-such', contents: 'Hi' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

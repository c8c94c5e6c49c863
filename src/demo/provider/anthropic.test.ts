import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from './server.ts';
import { countTokens } from './tokens.ts';

let provider: ScriptedProvider;
let client: Anthropic;

beforeAll(async () => {
  provider = await startScriptedProvider();
  client = new Anthropic({ apiKey: 'test-key-anthropic', baseURL: provider.url, maxRetries: 0 });
});
afterAll(() => provider.close());
beforeEach(() => provider.reset());

const model = 'claude-sonnet-4-6';
const weather = {
  name: 'get_weather',
  input_schema: {
    type: 'object' as const,
    properties: { location: { type: 'string' } },
    required: ['location'],
  },
};
const long = 'The keeper of the gate writes down every tide, and has done so since spring. '.repeat(6);

describe('Anthropic messages', () => {
  it('answers with text, and counts it as count_tokens said', async () => {
    const messages = [{ role: 'user' as const, content: 'Hello there' }];
    const reply = await client.messages.create({ model, max_tokens: 200, messages });
    const counted = await client.messages.countTokens({ model, messages });
    expect(reply.usage.input_tokens).toBe(counted.input_tokens);
    const text = reply.content[0]!.type === 'text' ? reply.content[0].text : '';
    expect(reply.usage.output_tokens).toBe(countTokens(text));
    expect(reply.stop_reason).toBe('end_turn');
  });

  it('streams thinking with a signature, then text, with a ping and the final usage', async () => {
    const stream = client.messages.stream({
      model,
      max_tokens: 2000,
      thinking: { type: 'adaptive' },
      messages: [{ role: 'user', content: 'Hello there' }],
    });
    const types: string[] = [];
    stream.on('streamEvent', (event) => types.push(event.type));
    const final = await stream.finalMessage();
    expect(final.content.map((block) => block.type)).toEqual(['thinking', 'text']);
    expect(final.content.map((block) => (block.type === 'thinking' ? block.signature : ''))[0]).toMatch(
      /^Eo/,
    );
    expect(final.usage.output_tokens).toBeGreaterThan(24);
    expect(types[0]).toBe('message_start');
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
    expect(provider.requests[0]!.sent.toString()).toContain('event: ping\ndata: {"type":"ping"}\n\n');
  });

  it('calls tools, streamed and not, and reads their results', async () => {
    const messages = [{ role: 'user' as const, content: 'Weather in Lisbon?' }];
    const request = { model, max_tokens: 200, tools: [weather], messages };
    const streamed = await client.messages.stream(request).finalMessage();
    const whole = await client.messages.create(request);
    for (const reply of [streamed, whole]) {
      expect(reply.stop_reason).toBe('tool_use');
      expect(reply.content[0]).toMatchObject({ type: 'tool_use', input: { location: 'Lisbon' } });
    }
    const call = whole.content[0]!;
    if (call.type !== 'tool_use') throw new Error('no tool call');
    const after = await client.messages.create({
      ...request,
      messages: [
        ...messages,
        { role: 'assistant', content: whole.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sunny' }] },
      ],
    });
    expect(after.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('sunny') });
  });

  it('writes marked prefixes to its cache the first time and reads them after, split by how long they live', async () => {
    const ask = (question: string) =>
      client.messages.create({
        model,
        max_tokens: 100,
        system: [
          { type: 'text', text: long, cache_control: { type: 'ephemeral', ttl: '1h' } },
          { type: 'text', text: `${long} Again.`, cache_control: { type: 'ephemeral' } },
        ],
        messages: [{ role: 'user', content: question }],
      });
    const [hour, minutes] = [countTokens(long), countTokens(`${long} Again.`)];
    const first = (await ask('One?')).usage;
    expect(first.cache_creation).toEqual({
      ephemeral_1h_input_tokens: hour,
      ephemeral_5m_input_tokens: minutes,
    });
    expect(first.cache_creation_input_tokens).toBe(hour + minutes);
    expect(first.cache_read_input_tokens).toBe(0);
    const second = (await ask('Two?')).usage;
    expect(second.cache_creation_input_tokens).toBe(0);
    expect(second.cache_read_input_tokens).toBe(hour + minutes);
    expect(second.input_tokens).toBe(3 + 3 + countTokens('Two?'));
  });

  it('lists models and answers HEAD', async () => {
    const models = await client.models.list();
    expect(models.data.length).toBeGreaterThan(0);
    expect((await fetch(provider.url, { method: 'HEAD' })).status).toBe(200);
  });

  it('answers each wrong request in its own words', async () => {
    const request = { model, max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hi' }] };
    await expect(client.messages.create({ ...request, model: 'no-such-model' })).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
    const headers = { 'x-scripted-fault': 'status=529' };
    await expect(client.messages.create(request, { headers })).rejects.toMatchObject({
      status: 529,
      error: {
        error: { type: 'overloaded_error', message: 'Overloaded' },
        request_id: expect.stringMatching(/^req_/),
      },
    });
    const bare = await fetch(`${provider.url}/v1/messages`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
    expect(await bare.json()).toMatchObject({ error: { type: 'authentication_error' } });
  });
});

import { describe, expect, it } from 'vitest';
import { message } from '../draft.ts';
import type { ChatRequest } from './format.ts';
import { formatOf } from './formats.ts';

const call = { id: 'call_1', name: 'get_weather', argumentsText: '{"location":"Kiel"}', signature: null };
const image = { mediaType: 'image/png', data: 'iVBORw==', name: 'a.png' };
const tool = { name: 'get_weather', description: 'Weather', schema: { type: 'object', properties: {} } };

const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  provider: 'custom-own',
  model: 'm',
  system: 'Be brief.',
  messages: [
    message('user', { text: 'Look', images: [image] }),
    message('assistant', { text: 'One moment.', calls: [call, { ...call, id: 'call_2' }] }),
    message('tool', { text: '{"degrees":7}', callId: 'call_1' }),
    message('tool', { text: 'storm', callId: 'call_2' }),
    message('user', { text: 'And now?' }),
  ],
  tools: [tool],
  parameters: { temperature: 0, max_tokens: 50, top_p: 0.9, stop: ['END'] },
  isStreamed: true,
  ...more,
});
const write = (dialect: string, more?: Partial<ChatRequest>) => formatOf(dialect)!.write(request(more));

describe('a conversation as a request', () => {
  it('is written as OpenAI takes it', () => {
    expect(write('openai')).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
          ],
        },
        {
          role: 'assistant',
          content: 'One moment.',
          tool_calls: ['call_1', 'call_2'].map((id) => ({
            id,
            type: 'function',
            function: { name: 'get_weather', arguments: '{"location":"Kiel"}' },
          })),
        },
        { role: 'tool', tool_call_id: 'call_1', content: '{"degrees":7}' },
        { role: 'tool', tool_call_id: 'call_2', content: 'storm' },
        { role: 'user', content: 'And now?' },
      ],
      temperature: 0,
      max_tokens: 50,
      top_p: 0.9,
      stop: ['END'],
      tools: [
        {
          type: 'function',
          function: { name: 'get_weather', description: 'Weather', parameters: tool.schema },
        },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('keeps to what single providers of the OpenAI format take', () => {
    expect(write('openai', { provider: 'openai' })).toMatchObject({ max_completion_tokens: 50 });
    expect(write('openai', { provider: 'openai' })).not.toHaveProperty('max_tokens');
    const mistral = write('openai', { provider: 'mistral', parameters: { seed: 7 } });
    expect(mistral).not.toHaveProperty('stream_options');
    expect(mistral).toMatchObject({ stream: true, random_seed: 7 });
  });

  it('is written as Anthropic takes it, with all results of a turn in one message', () => {
    const body = write('anthropic');
    expect(body).toMatchObject({ model: 'm', max_tokens: 50, system: 'Be brief.', stop_sequences: ['END'] });
    expect(body.tools).toEqual([{ name: 'get_weather', description: 'Weather', input_schema: tool.schema }]);
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw==' } },
          { type: 'text', text: 'Look' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'One moment.' },
          { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { location: 'Kiel' } },
          { type: 'tool_use', id: 'call_2', name: 'get_weather', input: { location: 'Kiel' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: '{"degrees":7}' },
          { type: 'tool_result', tool_use_id: 'call_2', content: 'storm' },
          { type: 'text', text: 'And now?' },
        ],
      },
    ]);
  });

  it('has room for thinking and the answer when Anthropic is to think, and gives signed thoughts back', () => {
    const thoughts = [{ text: 'hm', signature: 'sig' }];
    const body = write('anthropic', {
      messages: [message('user', { text: 'a' }), message('assistant', { text: 'b', thoughts })],
      parameters: { thinking: 1024 },
    });
    expect(body.max_tokens).toBeGreaterThan(1024);
    expect(body.thinking).toEqual({ type: 'enabled', budget_tokens: 1024 });
    expect(body.messages).toContainEqual({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'sig' },
        { type: 'text', text: 'b' },
      ],
    });
  });

  it('is written as Google takes it, with results under the name of their tool', () => {
    const body = write('google', { parameters: { max_tokens: 50, thinking: 128, stop: ['END'] } });
    expect(body).not.toHaveProperty('model');
    expect(body.generationConfig).toEqual({
      maxOutputTokens: 50,
      stopSequences: ['END'],
      thinkingConfig: { thinkingBudget: 128, includeThoughts: true },
    });
    expect(body.contents).toEqual([
      {
        role: 'user',
        parts: [{ text: 'Look' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw==' } }],
      },
      {
        role: 'model',
        parts: [
          { text: 'One moment.' },
          { functionCall: { name: 'get_weather', args: { location: 'Kiel' } } },
          { functionCall: { name: 'get_weather', args: { location: 'Kiel' } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'get_weather', response: { degrees: 7 } } },
          { functionResponse: { name: 'get_weather', response: { result: 'storm' } } },
        ],
      },
      { role: 'user', parts: [{ text: 'And now?' }] },
    ]);
  });

  it('is written as Cohere takes it', () => {
    const body = write('cohere', {
      messages: [message('user', { text: 'a' }), message('assistant', { calls: [call] })],
      parameters: { top_p: 0.5, top_k: 3, stop: ['END'] },
    });
    expect(body).toMatchObject({ p: 0.5, k: 3, stop_sequences: ['END'], stream: true });
    expect((body.messages as unknown[]).at(-1)).not.toHaveProperty('content');
  });

  it('is written as Bedrock takes it, whole and with turns that alternate', () => {
    const body = write('bedrock');
    expect(body).not.toHaveProperty('stream');
    expect(body.inferenceConfig).toEqual({
      maxTokens: 50,
      temperature: 0,
      topP: 0.9,
      stopSequences: ['END'],
    });
    expect((body.messages as { role: string }[]).map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
    ]);
  });

  it('leaves out what is not set', () => {
    const bare = { system: ' ', tools: [], parameters: {}, isStreamed: false } as const;
    const messages = [message('user', { text: 'Hi' })];
    expect(write('openai', { ...bare, messages })).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(write('google', { ...bare, messages })).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    });
    expect(write('anthropic', { ...bare, messages })).toEqual({
      model: 'm',
      max_tokens: 4096,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(write('bedrock', { ...bare, messages })).toEqual({
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    });
  });
});

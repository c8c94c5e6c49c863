import { describe, expect, it } from 'vitest';
import { readAs } from '../../../test/support/conversation.ts';

const messages = { path: 'v1/messages' };

describe('an Anthropic request', () => {
  it('is read with system blocks, cache markers, calls, results and thinking', () => {
    const read = readAs(messages, {
      model: 'claude-sonnet-4-5',
      max_tokens: 100,
      system: [
        { type: 'text', text: 'You are a helper.' },
        { type: 'text', text: 'Long manual.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [
        { role: 'user', content: 'Find it' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Where?', signature: 's' },
            { type: 'tool_use', id: 'toolu_1', name: 'grep', input: { pattern: 'x' } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              is_error: true,
              content: [{ type: 'text', text: 'no match' }],
              cache_control: { type: 'ephemeral', ttl: '1h' },
            },
          ],
        },
      ],
      tools: [{ name: 'grep', description: 'Searches', input_schema: { type: 'object' } }],
    });
    expect(read).toMatchObject({
      dialect: 'anthropic',
      model: 'claude-sonnet-4-5',
      system: [{ text: 'You are a helper.' }, { text: 'Long manual.', cacheMarker: true }],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Find it' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'thinking', text: 'Where?' },
            { type: 'tool-call', id: 'toolu_1', name: 'grep', arguments: { pattern: 'x' } },
          ],
        },
        {
          role: 'user',
          parts: [{ type: 'tool-result', callId: 'toolu_1', isError: true, cacheMarker: true }],
        },
      ],
      tools: [{ name: 'grep', description: 'Searches', schema: { type: 'object' } }],
      parameters: { max_tokens: 100 },
    });
    expect(read.system[0]).not.toHaveProperty('cacheMarker');
  });

  it('shows pictures and documents, and other blocks as they are', () => {
    const { messages: read } = readAs(messages, {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: 'AAAA' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'document', title: 'Plan', source: { type: 'file', file_id: 'file_1' } },
            { type: 'redacted_thinking', data: 'zzz' },
            { type: 'web_search_tool_result', tool_use_id: 's1', content: [{ url: 'https://example.com' }] },
          ],
        },
      ],
    });
    expect(read[0]!.parts).toMatchObject([
      { type: 'image', dataUrl: 'data:image/webp;base64,AAAA', bytes: 3 },
      { type: 'image', url: 'https://example.com/a.png' },
      { type: 'file', name: 'Plan', dataUrl: null },
      { type: 'other', json: { type: 'redacted_thinking', data: 'zzz' } },
      { type: 'tool-result', callId: 's1', parts: [{ type: 'other' }] },
    ]);
  });
});

describe('what is new in a request of a session', () => {
  const turn = (role: string, content: unknown) => ({ role, content });
  const first = [turn('user', 'one')];
  const second = [...first, turn('assistant', 'two'), turn('user', 'three')];

  it('begins where the request before it ended', () => {
    expect(readAs(messages, { messages: second }, null, [{ messages: first }]).newFrom).toBe(1);
  });

  it('is not known without one before it', () => {
    expect(readAs(messages, { messages: second }).newFrom).toBeNull();
  });

  it('does not count cache markers, which agents move along', () => {
    const block = { type: 'text', text: 'one' };
    const before = [turn('user', [{ ...block, cache_control: { type: 'ephemeral' } }])];
    const after = [turn('user', [block]), turn('user', 'two')];
    expect(readAs(messages, { messages: after }, null, [{ messages: before }]).newFrom).toBe(1);
  });

  it('is told from the conversation that goes on, where a session has several', () => {
    const other = [turn('user', 'Write a title')];
    expect(
      readAs(messages, { messages: second }, null, [{ messages: other }, { messages: first }]).newFrom,
    ).toBe(1);
    expect(readAs(messages, { messages: other }, null, [{ messages: second }]).newFrom).toBe(0);
  });
});

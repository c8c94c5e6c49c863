import { describe, expect, it } from 'vitest';
import { readAs } from '../../../test/support/conversation.ts';

const chat = { path: 'chat/completions' };
const responses = { path: 'responses' };

describe('an OpenAI chat request', () => {
  it('is read with system, roles, tools and parameters in their places', () => {
    const read = readAs(chat, {
      model: 'gpt-5',
      temperature: 0.2,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather in Paris?' },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'I need the weather.',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
        { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'Looks up', parameters: { type: 'object' } },
        },
      ],
    });
    expect(read).toMatchObject({
      dialect: 'openai-chat',
      model: 'gpt-5',
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Weather in Paris?' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'thinking', text: 'I need the weather.' },
            { type: 'tool-call', id: 'call_1', name: 'weather', arguments: { city: 'Paris' } },
          ],
        },
        {
          role: 'tool',
          parts: [
            {
              type: 'tool-result',
              callId: 'call_1',
              isError: false,
              parts: [{ type: 'text', text: 'sunny' }],
            },
          ],
        },
        { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
      ],
      tools: [{ name: 'weather', description: 'Looks up', schema: { type: 'object' } }],
      parameters: { temperature: 0.2 },
      requestTruncated: false,
      problem: null,
    });
  });

  it('shows images and sound that came along, and only addresses of those that did not', () => {
    const pixel = Buffer.from('not really a picture').toString('base64');
    const { messages } = readAs(chat, {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
            { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
            { type: 'image_url', image_url: { url: `data:image/svg+xml;base64,${pixel}` } },
            { type: 'image_url', image_url: { url: 'javascript:alert(1)' } },
            { type: 'input_audio', input_audio: { data: pixel, format: 'mp3' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pixel}` } },
          ],
        },
      ],
    });
    expect(messages[0]!.parts).toMatchObject([
      { type: 'image', dataUrl: `data:image/png;base64,${pixel}`, mediaType: 'image/png', bytes: 20 },
      { type: 'image', dataUrl: null, url: 'https://example.com/cat.png', bytes: null },
      { type: 'image', dataUrl: null, url: null, mediaType: 'image/svg+xml' },
      { type: 'image', dataUrl: null, url: null },
      { type: 'audio', dataUrl: `data:audio/mp3;base64,${pixel}` },
      { type: 'file', dataUrl: null, name: 'a.pdf', mediaType: 'application/pdf', bytes: 20 },
    ]);
  });

  it('that was cut gives every message that is whole, and the last one as far as it goes', () => {
    const text = JSON.stringify({
      model: 'm',
      messages: [
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'second' },
        { role: 'user', content: 'a third that is long' },
      ],
    });
    const read = readAs(chat, Buffer.from(text.slice(0, text.indexOf('that is long'))));
    expect(read.requestTruncated).toBe(true);
    expect(read.messages.map(({ parts }) => parts)).toEqual([
      [{ type: 'text', text: 'first' }],
      [{ type: 'text', text: 'second' }],
      [{ type: 'text', text: 'a third ' }],
    ]);
  });
});

describe('an OpenAI chat answer', () => {
  it('keeps reasoning, text, refusal and calls apart', () => {
    const { answer, model } = readAs(
      chat,
      {},
      {
        model: 'gpt-5-2025',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              reasoning_content: 'hm',
              content: 'Hello',
              tool_calls: [{ id: 'c', function: { name: 'f', arguments: 'no json' } }],
            },
            finish_reason: 'tool_calls',
          },
          { index: 1, message: { content: 'Hi' }, finish_reason: 'stop' },
        ],
      },
    );
    expect(model).toBe('gpt-5-2025');
    expect(answer).toEqual({
      role: 'assistant',
      finishReason: 'tool_calls',
      parts: [
        { type: 'thinking', text: 'hm' },
        { type: 'text', text: 'Hello' },
        { type: 'tool-call', id: 'c', name: 'f', arguments: 'no json' },
        { type: 'other', json: { choice: 1 } },
        { type: 'text', text: 'Hi' },
      ],
    });
  });

  it('that streamed is merged: argument pieces of several calls, and text around them', () => {
    const chunk = (delta: unknown, finish: string | null = null) =>
      `data: ${JSON.stringify({ model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    const call = (index: number, name: string | undefined, piece: string) => ({
      tool_calls: [{ index, ...(name && { id: `id_${index}` }), function: { name, arguments: piece } }],
    });
    const stream = [
      chunk({ role: 'assistant', content: 'One ' }),
      chunk({ content: 'moment.' }),
      chunk(call(0, 'a', '{"x":')),
      chunk(call(1, 'b', '')),
      chunk(call(0, undefined, '1}')),
      chunk(call(1, undefined, '{"y":[2]}')),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ].join('');
    expect(readAs(chat, {}, Buffer.from(stream)).answer).toEqual({
      role: 'assistant',
      finishReason: 'tool_calls',
      parts: [
        { type: 'text', text: 'One moment.' },
        { type: 'tool-call', id: 'id_0', name: 'a', arguments: { x: 1 } },
        { type: 'tool-call', id: 'id_1', name: 'b', arguments: { y: [2] } },
      ],
    });
  });
});

describe('the responses API', () => {
  it('shows instructions as system, and calls, results and reasoning as turns', () => {
    const read = readAs(responses, {
      model: 'gpt-5',
      instructions: 'You are a coder.',
      input: [
        { role: 'developer', content: 'House rules.' },
        { role: 'user', content: [{ type: 'input_text', text: 'List files' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Need ls.' }], encrypted_content: 'x' },
        { type: 'function_call', call_id: 'c1', name: 'shell', arguments: '{"command":["ls"]}' },
        { type: 'function_call_output', call_id: 'c1', output: 'a.txt' },
      ],
      tools: [{ type: 'function', name: 'shell', parameters: {} }, { type: 'web_search' }],
      reasoning: { effort: 'high' },
    });
    expect(read).toMatchObject({
      dialect: 'openai-responses',
      system: [{ text: 'You are a coder.' }, { text: 'House rules.' }],
      messages: [
        { role: 'user', parts: [{ text: 'List files' }] },
        { role: 'assistant', parts: [{ type: 'thinking', text: 'Need ls.' }] },
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', arguments: { command: ['ls'] } }] },
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'c1', parts: [{ text: 'a.txt' }] }] },
      ],
      tools: [{ name: 'shell' }, { name: 'web_search' }],
      parameters: { reasoning: { effort: 'high' } },
    });
  });

  it('takes a plain text for the message of the user', () => {
    expect(readAs(responses, { input: 'Hello' }).messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    ]);
  });

  it('reads a stream without its last event from the pieces', () => {
    const event = (fields: object) => `event: x\ndata: ${JSON.stringify(fields)}\n\n`;
    const stream = [
      event({ type: 'response.created', response: { model: 'gpt-5', output: [], status: 'in_progress' } }),
      event({
        type: 'response.reasoning_summary_text.delta',
        output_index: 0,
        summary_index: 0,
        delta: 'Hm',
      }),
      event({ type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hel' }),
      event({ type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'lo' }),
      event({
        type: 'response.output_item.added',
        output_index: 2,
        item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
      }),
      event({ type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"a":' }),
      event({ type: 'response.function_call_arguments.delta', output_index: 2, delta: '1}' }),
    ].join('');
    const { answer, model } = readAs(responses, { input: 'x' }, Buffer.from(stream));
    expect(model).toBe('gpt-5');
    expect(answer?.parts).toEqual([
      { type: 'thinking', text: 'Hm' },
      { type: 'text', text: 'Hello' },
      { type: 'tool-call', id: 'c', name: 'f', arguments: { a: 1 } },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { AnswerText } from './answer-stream.ts';

const sse = 'text/event-stream; charset=utf-8';

function read(contentType: string | null, body: string, size = body.length): string {
  const answer = new AnswerText(contentType);
  const bytes = new TextEncoder().encode(body);
  for (let at = 0; at < bytes.length; at += size) answer.push(bytes.subarray(at, at + size));
  return answer.end();
}

const events = (...values: unknown[]): string =>
  values
    .map((value) => `event: x\ndata: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`)
    .join('');

describe('the text of an answer that streams', () => {
  const STREAMS: Readonly<Record<string, string>> = {
    'OpenAI chat': events(
      { choices: [{ delta: { role: 'assistant', content: '' } }] },
      { choices: [{ delta: { content: 'Häl' } }] },
      { choices: [{ delta: { content: 'lo 😀' } }] },
      { choices: [], usage: {} },
      '[DONE]',
    ),
    'OpenAI responses': events(
      { type: 'response.created', response: { output: [] } },
      { type: 'response.output_text.delta', delta: 'Häl' },
      { type: 'response.output_text.delta', delta: 'lo 😀' },
      { type: 'response.output_text.done', text: 'Hällo 😀' },
      { type: 'response.completed', response: { output: [{ content: [{ text: 'Hällo 😀' }] }] } },
    ),
    Anthropic: events(
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hällo' } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: ' 😀' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    ),
    Google: events(
      { candidates: [{ content: { parts: [{ text: 'secret', thought: true }, { text: 'Häl' }] } }] },
      { candidates: [{ content: { parts: [{ text: 'lo 😀' }] } }] },
    ),
    Cohere: events(
      { type: 'content-start', delta: { message: { content: { type: 'text', text: '' } } } },
      { type: 'content-delta', delta: { message: { content: { text: 'Hällo 😀' } } } },
    ),
  };

  for (const [name, body] of Object.entries(STREAMS)) {
    it(`is read from ${name}, however it is cut`, () => {
      for (const size of [1, 3, 7, body.length]) expect(read(sse, body, size)).toBe('Hällo 😀');
    });
  }

  it('is read from whole answers', () => {
    const answers = [
      { choices: [{ message: { content: 'hello' } }] },
      { type: 'message', content: [{ type: 'text', text: 'hello' }] },
      { candidates: [{ content: { parts: [{ text: 'hello' }] } }] },
      {
        object: 'response',
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'hello' }] }],
      },
      { output: { message: { content: [{ text: 'hello' }] } } },
    ];
    for (const answer of answers) expect(read('application/json', JSON.stringify(answer))).toBe('hello');
  });

  it('shows what it cannot read as it is', () => {
    expect(read('application/json', '{"error":{"message":"no"}}')).toBe('{"error":{"message":"no"}}');
    expect(read('text/html', '<h1>bad gateway</h1>')).toBe('<h1>bad gateway</h1>');
  });

  it('survives events of any shape', () => {
    expect(
      read(sse, events('null', '[]', '7', '{"choices":7}', '{"delta":null}', '{"candidates":[null]}')),
    ).toBe('');
  });
});

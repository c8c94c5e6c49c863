import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, answerText } from './answer.ts';
import { AnswerStream } from './answer-stream.ts';
import { formatOf } from './formats/formats.ts';

const FIXTURES = join(import.meta.dirname, '../../../../test/fixtures/answers');
const SSE = 'text/event-stream; charset=utf-8';
const GREETING = 'Hello there, how can I help you today?';

function read(dialect: string, type: string, bytes: Uint8Array, size = bytes.length): Answer {
  const stream = new AnswerStream(formatOf(dialect)!, type);
  for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
  return stream.end();
}

/** As it is, and cut anywhere: the same comes out. */
function readCut(dialect: string, file: string): Answer {
  const bytes = readFileSync(join(FIXTURES, dialect, file));
  const type = file.endsWith('.txt') ? SSE : 'application/json';
  const whole = read(dialect, type, bytes);
  for (const size of [1, 3, 7])
    expect(withoutIds(read(dialect, type, bytes, size))).toEqual(withoutIds(whole));
  return whole;
}

/** Google gives calls no ids; those made up here count on. */
const withoutIds = (answer: Answer) => ({
  ...answer,
  parts: answer.parts.map((part) => (part.type === 'tool-call' ? { ...part, id: '' } : part)),
});

const callOf = (answer: Answer) => answer.parts.find((part) => part.type === 'tool-call');

describe('an answer as it arrives', () => {
  const ANSWERS: readonly (readonly [dialect: string, file: string, text: string, finish: string])[] = [
    ['openai', 'chat-stream-usage.txt', GREETING, 'stop'],
    ['openai', 'mistral-stream.txt', GREETING, 'length'],
    ['openai', 'groq-stream.txt', GREETING, 'stop'],
    ['openai', 'openrouter-byok-stream.txt', GREETING, 'stop'],
    ['anthropic', 'stream.txt', GREETING, 'end_turn'],
    ['google', 'stream.txt', GREETING, 'STOP'],
    ['cohere', 'chat-v2-stream.txt', GREETING, 'COMPLETE'],
    ['openai', 'chat.json', 'Hello there, how can I help?', 'stop'],
    ['anthropic', 'message.json', 'Hi! My name is Claude.', 'end_turn'],
    ['google', 'generate.json', 'Hello there', 'STOP'],
    ['google', 'stream-array.json', GREETING, 'STOP'],
    ['cohere', 'chat-v2.json', 'Hi', 'COMPLETE'],
    ['bedrock', 'converse.json', 'Hello', 'end_turn'],
  ];
  for (const [dialect, file, text, finish] of ANSWERS) {
    it(`is read from ${dialect}/${file}, however it is cut`, () => {
      const answer = readCut(dialect, file);
      expect(answerText(answer)).toBe(text);
      expect(answer.finishReason).toBe(finish);
      expect(answer.error).toBeNull();
      expect(answer.usage.tokensIn).toBeGreaterThan(0);
      expect(answer.usage.tokensOut).toBeGreaterThan(0);
    });
  }

  it('may come without usage, with other ends of lines, or with events before the first piece', () => {
    for (const file of ['chat-stream.txt', 'chat-stream-crlf.txt', 'chat-stream-azure.txt']) {
      const answer = readCut('openai', file);
      expect(answerText(answer), file).toBe(GREETING);
    }
  });

  it('holds calls of tools with their arguments', () => {
    for (const [dialect, file] of [
      ['openai', 'chat-stream-tools.txt'],
      ['anthropic', 'stream-tool.txt'],
      ['anthropic', 'message-tool.json'],
    ] as const) {
      const call = callOf(readCut(dialect, file));
      expect(call, file).toMatchObject({
        name: expect.stringMatching(/^(?:get_weather|bill)/),
        id: expect.stringMatching(/./),
      });
      expect(typeof JSON.parse(call?.type === 'tool-call' ? call.argumentsText : ''), file).toBe('object');
    }
  });

  it('keeps what was thought apart from what was said', () => {
    const answer = readCut('openai', 'deepseek-stream.txt');
    expect(answer.parts.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(answerText(answer)).not.toBe('');
  });

  it('keeps the signature of a thought, without which it cannot be given back', () => {
    const events = [
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Yes' } },
    ];
    const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
    expect(read('anthropic', SSE, Buffer.from(body)).parts).toEqual([
      { type: 'thinking', text: 'hm', signature: 'sig' },
      { type: 'text', text: 'Yes', signature: null },
    ]);
  });

  it('says that it broke off, and keeps what had come', () => {
    for (const [dialect, file] of [
      ['openai', 'chat-stream-error.txt'],
      ['openai', 'chat-stream-openrouter-error.txt'],
      ['anthropic', 'stream-error.txt'],
      ['google', 'stream-error.txt'],
    ] as const) {
      const answer = readCut(dialect, file);
      expect(answer.error, file).toMatch(/\w/);
      expect(answerText(answer), file).toMatch(/^Hel/);
    }
  });

  it('shows refusals', () => {
    expect(readCut('openai', 'chat-stream-refusal.txt').parts).toMatchObject([{ type: 'refusal' }]);
    expect(readCut('google', 'generate-blocked.json').parts).toMatchObject([{ type: 'refusal' }]);
    expect(readCut('google', 'stream-blocked.txt')).toMatchObject({
      parts: [{ type: 'text', text: 'I will' }],
      finishReason: 'PROHIBITED_CONTENT',
    });
  });

  it('survives events of any shape', () => {
    const odd = ['null', '[]', '7', '"x"', '{}', '{"choices":7}', '{"choices":[null]}', '{"candidates":[7]}'];
    const more = ['{"delta":null}', '{"message":{"content":[null]}}', '{"error":true}', '{"type":"error"}'];
    const body = [...odd, ...more].map((one) => `data: ${one}\n\n`).join('');
    for (const dialect of ['openai', 'anthropic', 'google', 'cohere', 'bedrock'])
      expect(answerText(read(dialect, SSE, Buffer.from(body)))).toBe('');
  });
});

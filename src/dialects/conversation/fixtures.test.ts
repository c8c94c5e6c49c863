import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAs } from '../../../test/support/conversation.ts';
import type { Conversation, Part } from '../../core/conversation.ts';

const FIXTURES = new URL('../../../test/fixtures/answers/', import.meta.url);

interface Fixture {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const fixtures: Fixture[] = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\/.+\.(json|ndjson|txt|bin)$/.test(name))
  .map((name) => ({ name, type: typeOf(name), bytes: readFileSync(new URL(name, FIXTURES)) }));
// The last event of the written responses says something else than the pieces before it.
const streams = fixtures.filter(({ name }) => /stream/.test(name) && !/responses-stream(-\w+)?\./.test(name));

function typeOf(name: string): string {
  if (name.endsWith('.txt')) return 'text/event-stream';
  if (name.endsWith('.bin'))
    return /bedrock/.test(name) ? 'application/vnd.amazon.eventstream' : 'audio/mpeg';
  return 'application/json';
}

const read = ({ type }: Fixture, bytes: Buffer): Conversation =>
  readAs({ path: 'any', responseType: type }, null, bytes);

/** Everything that is text in an answer. */
function said({ answer }: Conversation): string {
  const text = (part: Part): string =>
    part.type === 'text' || part.type === 'thinking' || part.type === 'refusal' ? part.text : '';
  return (answer?.parts ?? []).map(text).join('');
}

const GREETING = 'Hello there, how can I help you today?';

describe('answers as they come over the wire', () => {
  it.each(streams.map((fixture) => [fixture.name, fixture] as const))(
    '%s, cut anywhere, is the beginning of what it is whole',
    (_, fixture) => {
      const whole = said(read(fixture, fixture.bytes));
      for (let length = 0; length < fixture.bytes.length; length += 7) {
        expect(whole.startsWith(said(read(fixture, fixture.bytes.subarray(0, length))))).toBe(true);
      }
    },
  );

  it.each([
    'anthropic/stream.txt',
    'bedrock/converse-stream.bin',
    'bedrock/invoke-stream-anthropic.bin',
    'bedrock/invoke-stream-llama.bin',
    'bedrock/invoke-stream-mistral.bin',
    'bedrock/invoke-stream-nova.bin',
    'cohere/chat-v1-stream.ndjson',
    'cohere/chat-v2-stream.txt',
    'google/stream-array.json',
    'google/stream.txt',
    'huggingface/generate-stream.txt',
    'openai/chat-stream-crlf.txt',
    'openai/chat-stream.txt',
    'openai/mistral-stream.txt',
    'openai/transcription-stream.txt',
    'workers-ai/stream.txt',
  ])('%s is merged into one text', (name) => {
    const fixture = fixtures.find((candidate) => candidate.name === name)!;
    const conversation = read(fixture, fixture.bytes);
    expect(said(conversation)).toBe(GREETING);
    expect(conversation.answer?.parts).toHaveLength(1);
    expect(conversation.responseTruncated).toBe(false);
  });

  it.each([
    ['openai/chat-stream-tools.txt', { name: 'get_weather', arguments: { city: 'Paris' } }],
    [
      'anthropic/stream-tool.txt',
      { id: 'toolu_1', name: 'get_weather', arguments: { location: 'San Francisco' } },
    ],
    ['anthropic/message-tool.json', { id: 'toolu_1', name: 'bill' }],
  ])('%s has its call put together', (name, call) => {
    const fixture = fixtures.find((candidate) => candidate.name === name)!;
    const { answer } = read(fixture, fixture.bytes);
    expect(answer?.parts.find(({ type }) => type === 'tool-call')).toMatchObject(call);
  });

  it('a sound is shown as one, with its size', () => {
    const fixture = fixtures.find(({ name }) => name === 'openai/speech.bin')!;
    expect(read(fixture, fixture.bytes).answer?.parts).toMatchObject([
      { type: 'audio', mediaType: 'audio/mpeg', bytes: fixture.bytes.length },
    ]);
  });

  it('an error is no answer', () => {
    for (const name of [
      'anthropic/error-overloaded.json',
      'google/error-429.json',
      'openai/error-401.json',
    ]) {
      const fixture = fixtures.find((candidate) => candidate.name === name)!;
      expect(read(fixture, fixture.bytes).answer).toBeNull();
    }
  });
});

const PATHS = [
  'chat/completions',
  'v1/messages',
  'responses',
  'v1beta/models/x:generateContent',
  'model/x/converse',
  'model/x/invoke',
  'v2/chat',
  'v1/chat',
  'embeddings',
];
const KEYS = [
  'messages',
  'role',
  'content',
  'type',
  'text',
  'parts',
  'contents',
  'input',
  'tool_calls',
  'function',
  'choices',
  'message',
  'delta',
  'output',
  'system',
  'tools',
  'image_url',
  'source',
  'candidates',
  'toolUse',
  '__proto__',
];
const TYPES = [
  'text',
  'tool_use',
  'tool_result',
  'image',
  'thinking',
  'function_call',
  'message',
  'image_url',
  'file',
];

/** JSON of the words that readers look for, in places where nobody expects them. */
const mixedUp = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(null, true, 0, -1, '', 'x', ...TYPES),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('hostile bodies', () => {
  it('never throw, whatever stands where', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), mixedUp, mixedUp, (path, request, response) => {
        const conversation = readAs({ path }, request ?? {}, response ?? {}, [request ?? {}]);
        expect(conversation.problem ?? '').not.toContain('could not be read');
        expect(() => JSON.stringify(conversation)).not.toThrow();
        expect(() => structuredClone(conversation)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('of any bytes never throw', () => {
    const types = [
      null,
      'application/json',
      'text/event-stream',
      'application/vnd.amazon.eventstream',
      'multipart/form-data; boundary=x',
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...types), (bytes, type) => {
        const place = { path: 'chat/completions', ...(type && { requestType: type, responseType: type }) };
        const { problem } = readAs(place, Buffer.from(bytes), Buffer.from(bytes));
        expect(problem ?? '').not.toContain('could not be read');
      }),
    );
  });

  it('of endless depth are read as far as they are read', () => {
    const deep = Buffer.from(`{"messages":[{"role":"user","content":${'['.repeat(200_000)}`);
    expect(readAs({ path: 'chat/completions' }, deep, deep).requestTruncated).toBe(true);
    let nested: unknown = 'x';
    for (let depth = 0; depth < 500; depth++) nested = { type: 'tool_result', content: [nested] };
    const shown = readAs({ path: 'v1/messages' }, { messages: [{ role: 'user', content: [nested] }] });
    expect(JSON.stringify(shown).length).toBeLessThan(10_000);
  });

  it('of endless length come back bounded, with the true length of what was cut', () => {
    const text = 'x'.repeat(3_000_000);
    const shown = readAs(
      { path: 'chat/completions' },
      { messages: Array.from({ length: 4 }, () => ({ role: 'user', content: text })) },
    );
    expect(shown.messages[0]!.parts[0]).toMatchObject({ length: 3_000_000 });
    expect(JSON.stringify(shown).length).toBeLessThan(5_000_000);
    const many = readAs(
      { path: 'chat/completions' },
      {
        messages: Array.from({ length: 5000 }, (_, index) => ({ role: 'user', content: `number ${index}` })),
      },
    );
    expect(many.messages).toHaveLength(2000);
    expect(many.omittedMessages).toBe(3000);
    expect(many.messages.at(-1)!.parts).toEqual([{ type: 'text', text: 'number 4999' }]);
  });

  it('of many parts are bounded in number', () => {
    const part = { type: 'text', text: 'x' };
    const message = { role: 'user', content: Array.from({ length: 1000 }, () => part) };
    const shown = readAs({ path: 'v1/messages' }, { messages: Array.from({ length: 100 }, () => message) });
    const count = shown.messages.reduce((sum, { parts }) => sum + parts.length, 0);
    expect(count).toBeLessThanOrEqual(20_000);
    expect(shown.messages.at(-1)!.parts).toHaveLength(500);
  });
});

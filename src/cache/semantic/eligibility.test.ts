import { describe, expect, it } from 'vitest';
import { type EligibilityOptions, findEligible } from './eligibility.ts';

const OPENAI: EligibilityOptions = {
  dialect: 'openai',
  kind: 'chat',
  model: 'gpt-4o-mini',
  maxTemperature: 1,
  ttlSeconds: 86_400,
};
const ASKED = 'What is the capital of France?';
const user = (content: unknown): object => ({ role: 'user', content });

function find(body: unknown, options: Partial<EligibilityOptions> = {}): string | null {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const found = findEligible(bytes, { ...OPENAI, ...options });
  return typeof found === 'string' ? `! ${found}` : found.place.text;
}
const chat = (fields: object = {}, content: unknown = ASKED): object => ({
  model: 'm',
  messages: [{ role: 'system', content: 'Be brief.' }, user(content)],
  ...fields,
});
const asked = (text: string): string | null => find(chat({}, text));

describe('finds the last text of the user in', () => {
  const google = { dialect: 'google', kind: 'generate' } as const;
  it.each<[string, object, Partial<EligibilityOptions>]>([
    ['chat completions', chat(), {}],
    ['chat completions with one part', chat({}, [{ type: 'text', text: ASKED }]), {}],
    ['the responses API', { input: ASKED }, { kind: 'responses' }],
    ['its items', { input: [user([{ type: 'input_text', text: ASKED }])] }, { kind: 'responses' }],
    ['legacy completions', { prompt: ASKED }, { kind: 'completion' }],
    ['Anthropic messages', chat({ max_tokens: 9 }), { dialect: 'anthropic', kind: 'messages' }],
    ['generateContent', { contents: [{ role: 'user', parts: [{ text: ASKED }] }] }, google],
    ['generateContent without a role', { contents: [{ parts: [{ text: ASKED }] }] }, google],
    ['Cohere', chat(), { dialect: 'cohere' }],
    ['Workers AI', chat(), { dialect: 'workers-ai', kind: null }],
    ['Workers AI with a prompt', { prompt: ASKED }, { dialect: 'workers-ai', kind: null }],
    ['a server of one’s own', chat({ options: { temperature: 0.2 } }), { kind: null }],
  ])('%s', (_, body, options) => {
    expect(find(body, options)).toBe(ASKED);
  });
});

describe('refuses', () => {
  const image = { type: 'image_url', image_url: { url: 'data:' } };
  it.each<[string, unknown, string, Partial<EligibilityOptions>?]>([
    ['what is no JSON', '{"messages":', 'format'],
    [
      'a key that stands twice',
      `{"messages":[],"messages":[{"role":"user","content":"${ASKED}"}]}`,
      'format',
    ],
    ['a key in two letter cases', `{"Messages":[],"messages":[{"role":"user","content":"hi"}]}`, 'format'],
    ['an escaped key that stands twice', '{"n":1,"\\u006e":1,"messages":[]}', 'format'],
    [
      'a number that a double cannot hold',
      `{"seed":12345678901234567891,"messages":[{"role":"user","content":"${ASKED}"}]}`,
      'format',
    ],
    ['another wire', chat(), 'format', { dialect: 'bedrock' }],
    ['embeddings', { input: ASKED }, 'format', { kind: 'embeddings' }],
    ['images', { prompt: ASKED }, 'format', { kind: 'image' }],
    [
      'a conversation kept at the provider',
      { input: ASKED, previous_response_id: 'r' },
      'format',
      { kind: 'responses' },
    ],
    [
      'cached content',
      { cachedContent: 'c', contents: [{ parts: [{ text: ASKED }] }] },
      'format',
      { dialect: 'google', kind: 'generate' },
    ],
    ['several choices', chat({ n: 2 }), 'format'],
    ['several candidates', chat({ generationConfig: { candidateCount: 3 } }), 'format'],
    ['a body over 64 KiB', chat({ user: 'u'.repeat(70_000) }), 'too-long'],
    ['an assistant’s prefill', { messages: [user(ASKED), { role: 'assistant', content: 'Par' }] }, 'no-text'],
    ['a system prompt alone', { messages: [{ role: 'system', content: ASKED }] }, 'no-text'],
    ['no messages', { messages: [] }, 'no-text'],
    [
      'two texts in one message',
      chat({}, [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ]),
      'no-text',
    ],
    ['an image', chat({}, [{ type: 'text', text: ASKED }, image]), 'attachments'],
    ['an image of Ollama', { messages: [{ ...user(ASKED), images: ['x'] }] }, 'attachments'],
    ['an answer that is spoken', chat({ modalities: ['text', 'audio'] }), 'attachments'],
    ['tools', chat({ tools: [{ type: 'function' }] }), 'tools'],
    ['functions', chat({ functions: [{}] }), 'tools'],
    ['a choice of tool', chat({ tool_choice: 'auto' }), 'tools'],
    ['a search of the web', chat({ web_search_options: {} }), 'tools'],
    ['plugins', chat({ plugins: [{ id: 'web' }] }), 'tools'],
    ['MCP servers', chat({ mcp_servers: [{}] }), 'tools'],
    ['documents', chat({ documents: ['d'] }), 'tools'],
    ['a tool’s result in the history', { messages: [{ role: 'tool', content: 'x' }, user(ASKED)] }, 'tools'],
    [
      'a tool’s call in the history',
      { messages: [{ role: 'assistant', tool_calls: [{}] }, user(ASKED)] },
      'tools',
    ],
    [
      'a tool’s use in Anthropic’s history',
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use' }] }, user(ASKED)] },
      'tools',
    ],
    [
      'a call in the items',
      { input: [{ type: 'function_call_output' }, user(ASKED)] },
      'tools',
      { kind: 'responses' },
    ],
    ['a model that searches', chat(), 'tools', { model: 'openai/gpt-4o:online' }],
    ['a high temperature', chat({ temperature: 1.1 }), 'temperature'],
    ['one among the settings of a generation', chat({ generationConfig: { temperature: 2 } }), 'temperature'],
    ['a temperature that is none', chat({ temperature: '0' }), 'temperature'],
  ])('%s', (_, body, reason, options) => {
    expect(find(body, options)).toBe(`! ${reason}`);
  });

  it('bytes that are no UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify(chat({}, 'What is caf\u00e9 au lait?')), 'latin1');
    expect(findEligible(bytes, OPENAI)).toBe('format');
  });
});

it('takes nothing in the place of tools for nothing', () => {
  expect(find(chat({ tools: [], functions: null, web_search: false, temperature: 1, n: 1 }))).toBe(ASKED);
});

describe('reads of a text', () => {
  it.each([
    'What is the weather in Oslo?',
    'Who is the president now?',
    'What are the latest iPhone models?',
    'What happened yesterday?',
    'Which films came out this week?',
    'What time is it in Lima?',
    'What is the current price of gold?',
    'Who won the match 2 days ago?',
  ])('that it speaks of the present: %s', (text) => {
    expect(asked(text)).toBe('! time-words');
    expect(find(chat({}, text), { ttlSeconds: 300 })).toBe(text);
  });

  it.each([
    'Wie hoch ist der Eiffelturm und wann wurde er gebaut?',
    '¿Cuál es la capital de Francia?',
    'Quelle est la capitale de la France ?',
    'Каков столица Франции?',
    '法国的首都是什么？',
    'Was ist die Hauptstadt von Frankreich und wie viele Menschen leben dort?',
    '12345',
    'What is\u200b the capital of France?',
    'Why does `x => x.map(f)` fail?',
    'function add(a, b) { return a + b; }',
    'SELECT name FROM users WHERE id = 1;',
    'What does <div class="a"> mean?',
  ])('that it is not plain English: %s', (text) => {
    expect(asked(text)).toBe('! language');
  });

  it.each([
    'What is the capital of France?',
    'capital of France',
    'How long does a tortoise live?',
    'Do dreams actually come true?',
    'What Hindi song(s) do you like?',
    "What have I got if I've got MIT in mind?",
    'What day did the war end?',
    'best pizza Naples',
    'Who was São Paulo named after?',
    'How do I know whether a café is open?',
    'How do I convert 5 kg to pounds?',
    'Is C++ faster than Java?',
    'What is the difference between a noun and a verb?',
  ])('that it is: %s', (text) => {
    expect(asked(text)).toBe(text);
  });

  it('that it is too long for the models, or empty', () => {
    expect(asked(`What is ${'the meaning of '.repeat(30)}this?`)).toBe('! too-long');
    expect(asked(' \n ')).toBe('! no-text');
  });
});

import { describe, expect, it } from 'vitest';
import type { Provider } from '../../api/providers.ts';
import { EMPTY_ANSWER } from './answer.ts';
import { callOf, isCall } from './call.ts';
import { type Column, decodeColumn, decodeColumns, encodeColumn, newColumn } from './columns.ts';
import { continueWith } from './continue.ts';
import { type Draft, emptyDraft, message, moveMessage, removeMessage, sentMessages } from './draft.ts';
import { isParameter, parametersOf, stopSequences, stopText } from './parameters.ts';
import { problemTexts } from './problem-text.ts';
import { firstProvider, providersWithKey } from './providers.ts';
import { readDraft } from './stored-draft.ts';
import { readTools, toolsText } from './tools.ts';

const provider = (id: string, endpoint: string, dialect: string, streamed = endpoint): Provider => ({
  id,
  slugs: [id],
  name: id,
  custom: false,
  base_url: null,
  credential: { header: 'authorization', prefix: 'Bearer ' },
  example: null,
  chat: { endpoint, stream_endpoint: streamed, dialect },
  key_test: true,
  models: ['a', 'b'],
});

const google = provider(
  'google-ai-studio',
  'v1beta/models/{model}:generateContent',
  'google',
  'v1beta/models/{model}:streamGenerateContent?alt=sse',
);
const azure = provider('azure-openai', '{resource}/{deployment}/chat/completions?api-version=1', 'openai');
const openai = provider('openai', 'chat/completions', 'openai');

const draftOf = (...texts: string[]): Draft => ({
  ...emptyDraft(),
  messages: texts.map((text, index) => message(index % 2 === 0 ? 'user' : 'assistant', { text })),
});

describe('a model and its parameters in the address', () => {
  const column: Column = {
    provider: 'azure-openai',
    model: 'ft:gpt|4o%20/x',
    parameters: { temperature: '0.2', stop: 'END\n|%' },
    isStreamed: false,
    places: { resource: 'my|res', deployment: 'd' },
  };

  it('comes back as it was', () => {
    expect(decodeColumn(encodeColumn(column))).toEqual(column);
    expect(encodeColumn(newColumn('openai', 'gpt-4o-mini'))).toBe('openai/gpt-4o-mini');
  });

  it('is left out when it is none, and there are at most four', () => {
    expect(decodeColumns(['', '/x', 'x', 'openai/'])).toEqual([newColumn('openai', '')]);
    expect(decodeColumns(Array.from({ length: 9 }, () => 'openai/m'))).toHaveLength(4);
    expect(decodeColumn('openai/m|evil:1|@__proto__:1|temperature|top_p:%E0')).toEqual({
      ...newColumn('openai', 'm'),
      parameters: { top_p: '%E0' },
    });
  });
});

describe('parameters', () => {
  it('are checked for what no provider takes', () => {
    expect(isParameter('temperature', '')).toBe(true);
    expect(isParameter('temperature', '2')).toBe(true);
    for (const text of ['-1', '2.1', 'warm', 'NaN', '1e999'])
      expect(isParameter('temperature', text)).toBe(false);
    expect(isParameter('max_tokens', '1.5')).toBe(false);
    expect(isParameter('max_tokens', '0')).toBe(false);
  });

  it('are sent when they are set and the format has them', () => {
    expect(
      parametersOf({ temperature: ' 0.5 ', top_k: '4', stop: 'A\n\n\\n\\n' }, ['temperature', 'stop']),
    ).toEqual({ temperature: 0.5, stop: ['A', '\n\n'] });
    expect(stopSequences(stopText(['END', '\n\nHuman:']))).toEqual(['END', '\n\nHuman:']);
  });
});

describe('messages', () => {
  it('move, are taken away, and there is always one to write in', () => {
    const draft = draftOf('a', 'b', 'c');
    const texts = (one: Draft): string[] => one.messages.map(({ text }) => text);
    const [first, , last] = draft.messages;
    expect(texts(moveMessage(draft, last!.key, -1))).toEqual(['a', 'c', 'b']);
    expect(moveMessage(draft, first!.key, -1)).toBe(draft);
    expect(texts(removeMessage(draft, first!.key))).toEqual(['b', 'c']);
    expect(texts(removeMessage(draftOf('a'), 'none'))).toEqual(['a']);
    const only = draftOf('a');
    expect(texts(removeMessage(only, only.messages[0]!.key))).toEqual(['']);
  });

  it('that are empty are not sent, but for results of tools', () => {
    const draft = { ...emptyDraft(), messages: [message('user', { text: ' ' }), message('tool')] };
    expect(sentMessages(draft)).toHaveLength(1);
  });

  it('go on with an answer, and with a place for each call that it made', () => {
    const call = { type: 'tool-call', id: 'c1', name: 'f', argumentsText: '{}', signature: 'sig' } as const;
    const answer = {
      ...EMPTY_ANSWER,
      parts: [
        { type: 'thinking', text: 'hm', signature: 's' },
        { type: 'text', text: 'Yes', signature: null },
        call,
        { ...call, id: '' },
      ] as const,
    };
    const { messages } = continueWith(draftOf('a', ''), answer);
    expect(messages.map(({ role, text, callId }) => [role, text, callId])).toEqual([
      ['user', 'a', null],
      ['assistant', 'Yes', null],
      ['tool', '', 'c1'],
      ['tool', '', 'call_4'],
    ]);
    expect(messages[1]).toMatchObject({
      thoughts: [{ text: 'hm', signature: 's' }],
      calls: [{ signature: 'sig' }, {}],
    });
  });

  it('survive the way through the storage; what is no draft there is an empty one', () => {
    const draft = {
      ...draftOf('a', 'b'),
      system: 's',
      from: 'id',
      messages: [message('user', { images: [{ mediaType: 'image/png', data: 'aGk=', name: null }] })],
    };
    const read = readDraft(JSON.stringify(draft));
    expect({ ...read, messages: read.messages.map(({ key, ...one }) => one) }).toEqual({
      ...draft,
      messages: draft.messages.map(({ key, ...one }) => one),
    });
    for (const text of ['', 'x', 'null', '[]', '{"messages":[7,{"role":"admin"}],"system":{}}'])
      expect(readDraft(text)).toMatchObject({ system: '', messages: [{ role: 'user', text: '' }] });
    const svg = {
      role: 'user',
      images: [{ mediaType: 'image/svg+xml', data: 'aGk=' }, { data: '"onerror=' }],
    };
    expect(readDraft(JSON.stringify({ messages: [svg] })).messages[0]?.images).toEqual([]);
  });
});

describe('a call', () => {
  const call = (column: Column, of: Provider | undefined, draft = draftOf('Hi')) => callOf(column, of, draft);

  it('goes where the provider answers in the form that is wanted', () => {
    const column = newColumn('google-ai-studio', 'models/x y');
    expect(call(column, google)).toMatchObject({
      path: 'v1beta/models/models%2Fx%20y:streamGenerateContent',
      query: '?alt=sse',
    });
    expect(call({ ...column, isStreamed: false }, google)).toMatchObject({
      path: 'v1beta/models/models%2Fx%20y:generateContent',
      query: '',
    });
  });

  it('cannot leave its place by what was typed', () => {
    const column = { ...newColumn('azure-openai', 'm'), places: { resource: '../../x?', deployment: 'd' } };
    expect(call(column, azure)).toMatchObject({ path: '..%2F..%2Fx%3F/d/chat/completions' });
  });

  it('says what is missing', () => {
    const column = newColumn('openai', 'm');
    const kind = (value: ReturnType<typeof callOf>) => (isCall(value) ? 'call' : value);
    expect(kind(call(column, undefined))).toEqual({ kind: 'no-provider' });
    expect(kind(call(column, { ...openai, chat: null }))).toEqual({ kind: 'no-chat' });
    expect(kind(call({ ...column, model: ' ' }, openai))).toEqual({ kind: 'no-model' });
    expect(kind(call(newColumn('azure-openai', 'm'), azure))).toEqual({ kind: 'place', name: 'resource' });
    expect(kind(call({ ...column, parameters: { seed: 'x' } }, openai))).toEqual({
      kind: 'parameter',
      name: 'seed',
    });
    expect(kind(call(column, openai, emptyDraft()))).toEqual({ kind: 'no-message' });
    expect(kind(call(column, openai, { ...draftOf('Hi'), toolsText: '[' }))).toEqual({ kind: 'tools' });
    expect(kind(call(column, openai))).toBe('call');
  });
});

describe('what keeps models from being asked', () => {
  it('is said once, with the model where it is not the same for all', () => {
    const wrong = { ...newColumn('openai', 'b'), parameters: { temperature: '9' } };
    const columns = [newColumn('openai', 'a'), wrong, { ...wrong, model: '' }];
    const texts = (draft: Draft) =>
      problemTexts(
        columns,
        columns.map((column) => callOf(column, openai, draft)),
      );
    expect(texts(draftOf('Hi'))).toEqual(['b: Temperature cannot be sent like this.', 'Name a model.']);
    expect(problemTexts(columns.slice(0, 1), [{ kind: 'no-message' }])).toEqual(['Write a message first.']);
  });
});

describe('tools', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

  it('are read in the form of any provider', () => {
    const tool = { name: 'f', description: 'd', schema };
    const forms = [
      [{ name: 'f', description: 'd', parameters: schema }],
      [{ type: 'function', function: { name: 'f', description: 'd', parameters: schema } }],
      [{ name: 'f', description: 'd', input_schema: schema }],
      [{ functionDeclarations: [{ name: 'f', description: 'd', parametersJsonSchema: schema }] }],
      { tools: [{ toolSpec: { name: 'f', description: 'd', inputSchema: { json: schema } } }] },
      { name: 'f', description: 'd', parameters: schema },
    ];
    for (const form of forms)
      expect(readTools(JSON.stringify(form))).toEqual({ tools: [tool], problem: null });
    expect(readTools(toolsText([tool])).tools).toEqual([tool]);
    expect(readTools('')).toEqual({ tools: [], problem: null });
  });

  it('are refused where a typing error shows', () => {
    const problem = (value: unknown) =>
      readTools(typeof value === 'string' ? value : JSON.stringify(value)).problem;
    expect(problem('[{')).toEqual({ kind: 'not-json' });
    expect(problem('7')).toEqual({ kind: 'not-a-list' });
    expect(problem([{}])).toEqual({ kind: 'name', tool: '1' });
    expect(problem([{ name: 'no spaces' }])).toEqual({ kind: 'name', tool: 'no spaces' });
    expect(problem([{ name: 'f' }, { name: 'f' }])).toEqual({ kind: 'twice', tool: 'f' });
    for (const bad of [
      [],
      'x',
      { type: 'array' },
      { properties: [] },
      { properties: { a: 1 } },
      { required: 'a' },
    ])
      expect(problem([{ name: 'f', parameters: bad }])).toEqual({ kind: 'schema', tool: 'f' });
    expect(problem(Array.from({ length: 129 }, (_, index) => ({ name: `f${index}` })))).toEqual({
      kind: 'too-many',
    });
  });
});

describe('the provider to begin with', () => {
  it('is the best known of those with a key, else the best known', () => {
    const zebra = provider('zebra', 'chat/completions', 'openai');
    const all = [azure, openai, zebra];
    expect(firstProvider(all, new Set(['zebra', 'openai']))).toBe(openai);
    expect(firstProvider(all, new Set(['zebra']))).toBe(zebra);
    expect(firstProvider(all, new Set())).toBe(openai);
    expect(firstProvider([], new Set())).toBeUndefined();
  });

  it('has a key under whatever name it was stored', () => {
    const named = { ...google, slugs: ['google-ai-studio', 'gemini'] };
    const keys = [{ provider_slug: 'gemini' }];
    expect(providersWithKey(keys, [named, openai])).toEqual(new Set(['google-ai-studio']));
  });
});

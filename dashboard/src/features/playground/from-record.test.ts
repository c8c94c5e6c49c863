import { describe, expect, it } from 'vitest';
import type { ConversationObject } from '../../../../src/api/contract/conversation.ts';
import type { Provider } from '../../api/providers.ts';
import { loadRecord, parametersFrom } from './from-record.ts';
import { noticeOf } from './load-notice.ts';

const conversation = (more: Partial<ConversationObject>): ConversationObject => ({
  dialect: 'anthropic',
  model: 'm',
  system: [],
  messages: [],
  omitted_messages: 0,
  answer: null,
  tools: [],
  parameters: {},
  new_from: null,
  request_truncated: false,
  response_truncated: false,
  problem: null,
  ...more,
});
const log = {
  id: 'log-1',
  provider: 'azure-openai',
  model: 'served',
  model_requested: 'asked',
  path: '/my-res/dep%20loy/chat/completions',
  streamed: false,
};
const azure: Provider = {
  id: 'azure-openai',
  slugs: ['azure-openai'],
  name: 'Azure',
  custom: false,
  base_url: null,
  credential: { header: 'api-key', prefix: '' },
  example: null,
  chat: {
    endpoint: '{resource}/{deployment}/chat/completions?api-version=1',
    stream_endpoint: '{resource}/{deployment}/chat/completions?api-version=1',
    dialect: 'openai',
  },
  key_test: false,
  models: [],
};

describe('a record in the playground', () => {
  it('brings its conversation, tools, model, parameters and place', () => {
    const { draft, column, leftOut, isCut } = loadRecord(
      conversation({
        system: [
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: 'Be kind.', cache_marker: true },
        ],
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'Look' },
              {
                type: 'image',
                media_type: 'image/png',
                data_url: 'data:image/png;base64,aGk=',
                url: null,
                bytes: 2,
                name: null,
              },
            ],
          },
          {
            role: 'assistant',
            parts: [
              { type: 'tool-call', id: 'c1', name: 'f', arguments: { a: 1 } },
              { type: 'tool-call', id: 'c2', name: 'g', arguments: '{' },
            ],
          },
          {
            role: 'user',
            parts: [
              { type: 'tool-result', call_id: 'c1', is_error: false, parts: [{ type: 'text', text: 'one' }] },
              { type: 'tool-result', call_id: 'c2', is_error: false, parts: [] },
              { type: 'text', text: 'Go on' },
            ],
          },
        ],
        tools: [{ name: 'f', description: null, schema: { type: 'object' } }],
        parameters: { temperature: 0.5, max_completion_tokens: 9, stop: 'END', stream: true },
      }),
      log,
      [azure],
    );
    expect(draft.system).toBe('Be brief.\n\nBe kind.');
    expect(draft.from).toBe('log-1');
    expect(draft.messages.map(({ role, text, callId }) => [role, text, callId])).toEqual([
      ['user', 'Look', null],
      ['assistant', '', null],
      ['tool', 'one', 'c1'],
      ['tool', '', 'c2'],
      ['user', 'Go on', null],
    ]);
    expect(draft.messages[0]?.images).toEqual([{ mediaType: 'image/png', data: 'aGk=', name: null }]);
    expect(draft.messages[1]?.calls).toMatchObject([{ argumentsText: '{"a":1}' }, { argumentsText: '{' }]);
    expect(JSON.parse(draft.toolsText)).toEqual([
      { name: 'f', description: '', parameters: { type: 'object' } },
    ]);
    expect(column).toEqual({
      provider: 'azure-openai',
      model: 'asked',
      parameters: { temperature: '0.5', max_tokens: '9', stop: 'END' },
      isStreamed: false,
      places: { resource: 'my-res', deployment: 'dep loy' },
    });
    expect([leftOut, isCut]).toEqual([0, false]);
  });

  it('says what could not be taken over', () => {
    const image = { type: 'image', media_type: null, bytes: null, name: null } as const;
    const loaded = loadRecord(
      conversation({
        omitted_messages: 3,
        messages: [
          { role: 'assistant', parts: [{ type: 'thinking', text: 'hm' }] },
          {
            role: 'user',
            parts: [
              { ...image, data_url: null, url: 'https://elsewhere.example/a.png' },
              { ...image, data_url: 'data:image/svg+xml;base64,aGk=', url: null },
              { type: 'text', text: 'a', length: 9_000_000 },
            ],
          },
        ],
      }),
      { ...log, provider: 'gone' },
      [azure],
    );
    expect(loaded).toMatchObject({ leftOut: 3, isCut: true, column: null });
    expect(loaded.draft.messages).toMatchObject([{ role: 'user', text: 'a', images: [] }]);
    expect(noticeOf(loaded, 'gone')).toHaveLength(3);
  });

  it('reads the parameters of every format', () => {
    const google = {
      generationConfig: { temperature: 1, topP: 0.1, maxOutputTokens: 5, stopSequences: ['\n'] },
    };
    expect(parametersFrom(google)).toEqual({ temperature: '1', top_p: '0.1', max_tokens: '5', stop: '\\n' });
    expect(parametersFrom({ max_tokens: 5, thinking: { type: 'enabled', budget_tokens: 7 } })).toEqual({
      max_tokens: '5',
      thinking: '7',
    });
    expect(parametersFrom({ inferenceConfig: { maxTokens: 5 }, temperature: 'hot', stop: null })).toEqual({
      max_tokens: '5',
    });
    expect(parametersFrom({ reasoning_effort: 'low', k: 3 })).toEqual({ effort: 'low', top_k: '3' });
  });
});

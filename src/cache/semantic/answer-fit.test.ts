import { expect, it } from 'vitest';
import { type AnswerToKeep, unfitReason } from './answer-fit.ts';

const answer = (change: Partial<AnswerToKeep> & { json?: unknown }): string | null => {
  const { json = { choices: [{ message: { content: 'Paris.' } }] }, ...rest } = change;
  return unfitReason({
    dialect: 'openai',
    finishReason: 'stop',
    contentType: 'application/json; charset=utf-8',
    streamAsked: false,
    body: Buffer.from(JSON.stringify(json)),
    ...rest,
  });
};
const sse = (...events: object[]): Buffer =>
  Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));

it('takes answers that ended as their model meant them to', () => {
  for (const finishReason of ['stop', 'completed', 'end_turn', 'STOP', 'COMPLETE'])
    expect(answer({ finishReason })).toBeNull();
  expect(answer({ dialect: 'workers-ai', finishReason: null })).toBeNull();
  expect(answer({ streamAsked: true, contentType: 'text/event-stream', body: sse({ a: 1 }) })).toBeNull();
  const tools = 'Use {"tool_calls": [{"type":"tool_use"}]} for it.';
  expect(answer({ json: { choices: [{ message: { content: tools, tool_calls: null } }] } })).toBeNull();
  expect(answer({ json: { message: { content: 'x', tool_calls: [], function_call: null } } })).toBeNull();
});

it.each<[string, Partial<AnswerToKeep> & { json?: unknown }]>([
  ['an end that nobody states', { finishReason: null }],
  ['an end by length', { finishReason: 'length' }],
  ['a call of tools by its end', { finishReason: 'tool_calls' }],
  ['a turn that pauses', { finishReason: 'pause_turn' }],
  ['a call that says stop', { json: { message: { tool_calls: [{ id: 'c' }] } } }],
  ['a call in an old form', { json: { message: { function_call: { name: 'f' } } } }],
  ['a use of Anthropic’s tools', { json: { content: [{ type: 'tool_use', id: 'c' }] } }],
  ['a search by Anthropic', { json: { content: [{ type: 'server_tool_use' }] } }],
  ['a call in the responses API', { json: { output: [{ type: 'function_call', name: 'f' }] } }],
  ['a search of OpenAI’s', { json: { output: [{ type: 'web_search_call' }] } }],
  [
    'a call of Google’s',
    { json: { candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }] } }] } },
  ],
  [
    'a call in a stream',
    {
      streamAsked: true,
      contentType: 'text/event-stream',
      body: sse({ delta: { tool_calls: [{ index: 0 }] } }),
    },
  ],
  ['a page', { contentType: 'text/html' }],
  ['an image', { contentType: 'image/png' }],
  ['no type', { contentType: '' }],
  ['a stream that nobody asked for', { contentType: 'text/event-stream' }],
  ['nothing', { body: Buffer.alloc(0) }],
])('does not take %s', (_, change) => {
  expect(answer(change)).not.toBeNull();
});

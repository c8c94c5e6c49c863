import { describe, expect, it } from 'vitest';
import type { ConversationObject, ConversationPart } from '../../../../src/api/contract/conversation.ts';
import { countInTurns, countMatches, matchingTurns, viewConversation } from './conversation-view.ts';

const text = (value: string): ConversationPart => ({ type: 'text', text: value });
const call = (id: string | null, name = 'read_file'): ConversationPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: { path: 'a.txt' },
});
const result = (id: string | null, value = 'content'): ConversationPart => ({
  type: 'tool-result',
  call_id: id,
  parts: [text(value)],
  is_error: false,
});

function conversation(patch: Partial<ConversationObject>): ConversationObject {
  return {
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
    ...patch,
  };
}

const AGENT = [
  { role: 'user', parts: [text('do it')] },
  { role: 'assistant', parts: [text('I look'), call('c1')] },
  { role: 'user', parts: [result('c1')] },
  { role: 'assistant', parts: [call('c2', 'bash')] },
  { role: 'user', parts: [result('c2', 'done'), text('go on')] },
];

describe('the view of a conversation', () => {
  it('shows all of it when the session had no request before', () => {
    const view = viewConversation(
      conversation({
        messages: AGENT,
        answer: { role: 'assistant', parts: [text('ok')], finish_reason: 'end' },
      }),
    );
    expect(view.before).toEqual([]);
    expect(view.sameMessages).toBe(0);
    expect(view.now.map(({ key, isAnswer }) => [key, isAnswer])).toEqual([
      ['m0', false],
      ['m1', false],
      ['m3', false],
      ['m4', false],
      ['answer', true],
    ]);
  });

  it('joins a result to its call and leaves out a message that holds nothing else', () => {
    const { now } = viewConversation(conversation({ messages: AGENT }));
    expect(now[1]?.parts[1]?.result).toMatchObject({ call_id: 'c1' });
    expect(now[3]?.parts.map(({ part }) => part.type)).toEqual(['text']);
  });

  it('keeps a new result in sight when its call is folded, with the name of the tool', () => {
    const { before, now, sameMessages } = viewConversation(conversation({ messages: AGENT, new_from: 4 }));
    expect(sameMessages).toBe(4);
    expect(before.at(-1)?.parts[0]?.result).toBeNull();
    expect(now[0]?.parts.map(({ part, toolName }) => [part.type, toolName])).toEqual([
      ['tool-result', 'bash'],
      ['text', null],
    ]);
  });

  it('counts messages that were left out among those that are the same', () => {
    const view = viewConversation(conversation({ messages: AGENT, omitted_messages: 100, new_from: 104 }));
    expect(view.sameMessages).toBe(104);
    expect(view.now.map(({ key }) => key)).toEqual(['m104']);
  });

  it('shows everything as new when what is new begins before what is there', () => {
    const view = viewConversation(conversation({ messages: AGENT, omitted_messages: 100, new_from: 3 }));
    expect(view.before).toEqual([]);
    expect(view.now).toHaveLength(4);
  });

  it('survives ids that are missing, used twice, or answered before they were asked', () => {
    const { now } = viewConversation(
      conversation({
        messages: [
          { role: 'user', parts: [result('late')] },
          { role: 'assistant', parts: [call(null), call('x'), call('x'), call('late')] },
          { role: 'user', parts: [result(null), result('x', 'one'), result('x', 'two')] },
          { role: 'assistant', parts: [] },
        ],
      }),
    );
    expect(
      now.map(({ parts }) => parts.map(({ part, result: joined }) => [part.type, joined === null])),
    ).toEqual([
      [['tool-result', true]],
      [
        ['tool-call', true],
        ['tool-call', false],
        ['tool-call', true],
        ['tool-call', true],
      ],
      [
        ['tool-result', true],
        ['tool-result', true],
      ],
      [],
    ]);
  });

  it('takes ids that are names of objects for what they are', () => {
    const { now } = viewConversation(
      conversation({
        messages: [
          { role: 'assistant', parts: [call('__proto__'), call('constructor')] },
          { role: 'user', parts: [result('constructor')] },
        ],
      }),
    );
    expect(now[0]?.parts.map(({ result: joined }) => joined?.call_id ?? null)).toEqual([null, 'constructor']);
  });
});

describe('searching a conversation', () => {
  it('looks into texts, calls and joined results, whatever the case', () => {
    const { now } = viewConversation(conversation({ messages: AGENT }));
    expect(countInTurns(now, 'A.TXT')).toBe(2);
    expect(countInTurns(now, 'content')).toBe(1);
    expect(matchingTurns(now, 'go on').map(({ key }) => key)).toEqual(['m4']);
    expect(matchingTurns(now, '')).toBe(now);
  });

  it('takes what is typed as text, not as a pattern, and finds nothing for nothing', () => {
    expect(countMatches('a.*b a.*b', '.*')).toBe(2);
    expect(countMatches('aaa', '')).toBe(0);
  });
});

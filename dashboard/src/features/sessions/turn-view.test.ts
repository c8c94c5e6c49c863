import { describe, expect, it } from 'vitest';
import type {
  ConversationMessage,
  ConversationObject,
  ConversationPart,
} from '../../../../src/api/contract/conversation.ts';
import { viewTurn } from './turn-view.ts';

const text = (value: string): ConversationPart => ({ type: 'text', text: value });
const call = (id: string): ConversationPart => ({ type: 'tool-call', id, name: 'bash', arguments: {} });
const result = (id: string): ConversationPart => ({
  type: 'tool-result',
  call_id: id,
  parts: [text(`result of ${id}`)],
  is_error: false,
});
const said = (role: string, ...parts: ConversationPart[]): ConversationMessage => ({ role, parts });

function conversation(
  messages: ConversationMessage[],
  answer: ConversationPart[],
  newFrom: number | null,
): ConversationObject {
  return {
    messages,
    answer: { role: 'assistant', parts: answer, finish_reason: null },
    new_from: newFrom,
    omitted_messages: 0,
  } as unknown as ConversationObject;
}

const QUESTION = said('user', text('do it'));
const FIRST = conversation([QUESTION], [text('I look'), call('c1')], null);
const SECOND = conversation(
  [QUESTION, said('assistant', text('I look'), call('c1')), said('user', result('c1'))],
  [text('done')],
  1,
);
const THIRD = conversation(
  [...SECOND.messages, said('assistant', text('done')), said('user', text('and now?'))],
  [text('this')],
  3,
);
const kinds = (parts: readonly { part: ConversationPart }[]) => parts.map(({ part }) => part.type);

describe('a request of a session', () => {
  it('begins with the question, and has the results of its calls in their cards', () => {
    const turn = viewTurn(FIRST, { previous: null, next: SECOND });
    expect(kinds(turn.input)).toEqual(['text']);
    expect(turn.answer[1]?.result).toMatchObject({ call_id: 'c1' });
  });

  it('shows neither the answer before nor its results a second time', () => {
    const turn = viewTurn(SECOND, { previous: FIRST, next: THIRD });
    expect(turn.input).toEqual([]);
    expect(turn.isRepeated).toBe(false);
    expect(kinds(viewTurn(THIRD, { previous: SECOND, next: null }).input)).toEqual(['text']);
  });

  it('shows a result whose call is not the one before, with its tool', () => {
    const turn = viewTurn(SECOND, { previous: THIRD, next: null });
    expect(turn.input.map(({ part, toolName }) => [part.type, toolName])).toEqual([['tool-result', 'bash']]);
  });

  it('says when the same conversation was sent again', () => {
    const again = { ...SECOND, new_from: SECOND.messages.length };
    expect(viewTurn(again, { previous: SECOND, next: null })).toMatchObject({ input: [], isRepeated: true });
    expect(viewTurn({ ...FIRST, messages: [] }, { previous: null, next: null }).isRepeated).toBe(false);
  });

  it('shows what follows the last word of the model when there is nothing to compare with', () => {
    const turn = viewTurn({ ...THIRD, new_from: null }, { previous: undefined, next: undefined });
    expect(turn.input.map(({ part }) => part)).toEqual([text('and now?')]);
  });
});

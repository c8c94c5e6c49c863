import { describe, expect, it } from 'vitest';
import type { ConversationObject } from '../../../../src/api/contract/conversation.ts';
import type { LogObject } from '../../../../src/api/contract.ts';
import { compareFields, sameMessages } from './compare-records.ts';

const log = (patch: object) =>
  ({
    status_code: 200,
    provider: 'p',
    path: 'x',
    attempts: [],
    cost: null,
    ...patch,
  }) as unknown as LogObject;
const message = (text: string, marker?: true) => ({
  role: 'user',
  parts: [{ type: 'text' as const, text, ...(marker && { cache_marker: marker }) }],
});
const conversation = (patch: object) =>
  ({ system: [], messages: [], parameters: {}, ...patch }) as unknown as ConversationObject;

describe('two records side by side', () => {
  it('differ where they do, in the record and in the parameters', () => {
    const fields = compareFields(log({ model: 'a', cost: 0.5 }), log({ model: 'b', cost: 0.5 }), [
      conversation({ parameters: { temperature: 0, top_p: 1 } }),
      conversation({ parameters: { temperature: 1, top_p: 1, __proto__: null } }),
    ]);
    expect(
      fields.filter(({ differs }) => differs).map(({ name, left, right }) => [name, left, right]),
    ).toEqual([
      ['model', 'a', 'b'],
      ['temperature', '0', '1'],
    ]);
  });

  it('show what is unknown as unknown', () => {
    const cost = compareFields(log({}), log({}), [undefined, undefined]).find(({ name }) => name === 'cost');
    expect(cost).toEqual({ name: 'cost', left: '—', right: '—', differs: false });
  });

  it('have the same beginning up to the first message that differs; markers do not count', () => {
    const left = conversation({ messages: [message('a'), message('b', true), message('c')] });
    const right = conversation({ messages: [message('a', true), message('b'), message('x')] });
    expect(sameMessages(left, right)).toBe(2);
    expect(sameMessages(left, left)).toBe(3);
    expect(sameMessages(left, conversation({ ...right, system: [{ type: 'text', text: 's' }] }))).toBeNull();
  });
});

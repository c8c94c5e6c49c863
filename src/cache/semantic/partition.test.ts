import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chatOf, eligible, SOME_PARTS } from '../../../test/support/partition-parts.ts';
import type { Eligible } from './eligibility.ts';
import { type PartitionParts, partitionOf, scopeOf } from './partition.ts';

const token = scopeOf('token', {
  tokenId: 't1',
  credential: ['client', 'authorization', 'a'],
  userId: null,
})!;
const base: PartitionParts = { ...SOME_PARTS, scope: token, request: chatOf('What is a cat?') };

it('is the same for whatever is asked, and however the JSON is written', () => {
  const other = { ...base, request: chatOf('What is a dog?') };
  expect(partitionOf(other)).toBe(partitionOf(base));
  const bytes = Buffer.from(
    '{ "messages": [{"content":"Be brief.","role":"system"}, {"content":"A \\u0063at?", "role":"user"}], "model":"\\u006d"}',
  );
  const written = eligible(bytes);
  expect(partitionOf({ ...base, request: written })).toBe(partitionOf(base));
  expect(written.place.text).toBe('A cat?');
  expect(written.place.holder.content).toBe('A cat?');
});

it.each<[string, Partial<PartitionParts>]>([
  ['account', { account: 'other' }],
  ['gateway', { gateway: 'h' }],
  ['gateway of another time', { gatewayCreatedAt: 2 }],
  ['purge', { epoch: 1 }],
  ['scope', { scope: ['gateway', 'client'] }],
  ['model', { model: 'n' }],
  ['no model', { model: null }],
  ['provider', { provider: 'openai 2' }],
  ['base', { base: 'https://eu.example.com' }],
  ['upstream', { upstream: 'https://api.openai.com/v2/chat/completions' }],
  ['endpoint', { endpoint: 'v1/chat/completions' }],
  ['method', { method: 'PUT' }],
  ['stream', { stream: true }],
  ['headers', { behaviourHeaders: ['accept: */*', 'openai-organization: o'] }],
  ['embedder', { embedder: 'local/2/384' }],
  ['key of the caller', { customKey: 'k' }],
  ['form of the question', { request: chatOf([{ type: 'text', text: 'What is a cat?' }]) }],
  ['setting', { request: chatOf('What is a cat?', { temperature: 0 }) }],
  [
    'message before',
    {
      request: eligible({
        model: 'm',
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'user', content: 'What is a cat?' },
        ],
      }),
    },
  ],
])('changes with another %s', (_, change) => {
  expect(partitionOf({ ...base, ...change })).not.toBe(partitionOf(base));
});

it('takes no text for the place of the question', () => {
  const one = chatOf('\u0000question\u0000'.replaceAll('\u0000', ' '));
  const history = (text: string): Eligible =>
    eligible({
      model: 'm',
      messages: [
        { role: 'system', content: text },
        { role: 'user', content: 'Why is it?' },
      ],
    });
  expect(partitionOf({ ...base, request: one })).toBe(partitionOf(base));
  expect(partitionOf({ ...base, request: history('\u0000question\u0000') })).not.toBe(
    partitionOf({ ...base, request: history('Why is it?') }),
  );
});

it('never runs two different lists of parts together', () => {
  const text = fc.string({ maxLength: 5 });
  const tuple = fc.tuple(
    text,
    text,
    fc.array(text, { maxLength: 3 }),
    fc.array(text, { maxLength: 3 }),
    fc.option(text),
  );
  fc.assert(
    fc.property(tuple, tuple, (one, two) => {
      const key = ([account, model, scope, behaviourHeaders, customKey]: typeof one): string =>
        partitionOf({ ...base, account, model, scope, behaviourHeaders, customKey });
      expect(key(one) === key(two)).toBe(JSON.stringify(one) === JSON.stringify(two));
    }),
  );
});

it('tells callers apart as the scope says, and shares nothing where it cannot', () => {
  const caller = { tokenId: 't1', credential: ['stored', 'k1'], userId: 'u1' };
  const none = { tokenId: null, credential: ['none'], userId: 'u1' };
  expect(scopeOf('token', none)).toBeNull();
  expect(scopeOf('user', none)).toBeNull();
  expect(scopeOf('user', { ...caller, userId: null })).toBeNull();
  for (const scope of ['token', 'user'] as const) {
    expect(scopeOf(scope, caller)).not.toEqual(scopeOf(scope, { ...caller, tokenId: 't2' }));
    expect(scopeOf(scope, caller)).not.toEqual(scopeOf(scope, { ...caller, credential: ['stored', 'k2'] }));
  }
  expect(scopeOf('user', caller)).not.toEqual(scopeOf('user', { ...caller, userId: 'u2' }));
  expect(scopeOf('token', caller)).toEqual(scopeOf('token', { ...caller, userId: 'u2' }));
  const client = { tokenId: 't2', credential: ['client', 'authorization', 'secret'], userId: null };
  expect(scopeOf('gateway', caller)).toEqual(
    scopeOf('gateway', { ...caller, tokenId: 't2', credential: ['stored', 'k2'] }),
  );
  expect(scopeOf('gateway', client)).toEqual(['gateway', 'client']);
  expect(scopeOf('token', { ...client, tokenId: null })).not.toBeNull();
});

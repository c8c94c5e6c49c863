import { afterAll, expect, test } from 'vitest';
import { TextChecker } from './text-checker.ts';

const checker = new TextChecker();
afterAll(() => checker.close());

const regex = (pattern: string, text: string, flags = '', negate = false) =>
  checker.check({ kind: 'regex', pattern, flags, negate }, text);
const schema = (given: object | boolean, text: string) =>
  checker.check({ kind: 'json-schema', schema: given }, text);

test('a pattern passes where it matches, and where it must not match, where it does not', async () => {
  expect(await regex('^yes\\b', 'yes, of course')).toEqual({
    kind: 'verdict',
    verdict: { passed: true, explanation: 'matches at 0: "yes"' },
  });
  expect(await regex('^YES', 'yes', 'i')).toMatchObject({ verdict: { passed: true } });
  expect(await regex('^no', 'yes')).toMatchObject({ verdict: { passed: false } });
  expect(await regex('sorry', 'I am sorry', '', true)).toMatchObject({ verdict: { passed: false } });
  expect(await regex('sorry', 'Here it is', '', true)).toMatchObject({ verdict: { passed: true } });
});

const PERSON = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, friend: { $ref: '#' } },
  additionalProperties: false,
};

test('a schema passes what is JSON and valid, and says where the rest is not', async () => {
  expect(await schema(PERSON, '{"name":"A","friend":{"name":"B"}}')).toMatchObject({
    verdict: { passed: true },
  });
  expect(await schema(PERSON, '{"name":"A","friend":{"name":7}}')).toMatchObject({
    verdict: { passed: false, explanation: expect.stringContaining('#/friend/name') },
  });
  expect(await schema(PERSON, 'Sure: {"name":"A"}')).toMatchObject({
    verdict: { passed: false, explanation: 'is not JSON' },
  });
  expect(await schema(true, '7')).toMatchObject({ verdict: { passed: true } });
});

test('what is no pattern or no schema is told from an answer that fails', async () => {
  expect(await regex('(', 'x')).toMatchObject({ kind: 'unusable' });
  expect(await schema({ $ref: '#/nowhere' }, '{}')).toMatchObject({ kind: 'unusable' });
});

test('a pattern that takes for ever is given up, wherever it stands, and the next check goes on', async () => {
  const slow = new TextChecker(300);
  try {
    const hostile = `${'a'.repeat(60)}!`;
    const check = { kind: 'regex', pattern: '^(a+)+$', flags: '', negate: false } as const;
    expect(await slow.check(check, hostile)).toMatchObject({ kind: 'too-much' });
    const nested = { type: 'string', pattern: '^(a+)+$' };
    expect(await slow.check({ kind: 'json-schema', schema: nested }, JSON.stringify(hostile))).toMatchObject({
      kind: 'too-much',
    });
  } finally {
    await slow.close();
  }
  expect(await regex('a', 'a')).toMatchObject({ verdict: { passed: true } });
});

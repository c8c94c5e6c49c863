import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffWords, ownWords } from './word-diff.ts';

const differing = (one: string, other: string) => {
  const found = diffWords(one, other);
  return [ownWords(found.one), ownWords(found.other)];
};

test.each([
  ['How do I enable 2FA?', 'How do I disable 2FA?', ['enable'], ['disable']],
  ['Flights to Oslo in May', 'Flights to Oslo in May', [], []],
  ['What costs 3.5 kg?', 'What costs 3.6 kg?', ['3.5'], ['3.6']],
  ['Reset my password', 'Reset my old password now', [], ['old', 'now']],
  ['a b c', 'x y', ['a b c'], ['x y']],
])('%s / %s', (one, other, left, right) => {
  expect(differing(one, other)).toEqual([left, right]);
});

test('case and the kind of space are no difference', () => {
  expect(differing('Reset  MY\npassword', 'reset my password')).toEqual([[], []]);
});

test('words that changed places are marked once, in each', () => {
  const [left, right] = differing('from Paris to Rome', 'from Rome to Paris');
  expect(left!.length + right!.length).toBeGreaterThanOrEqual(2);
});

test('very long texts are compared at both ends only', () => {
  const middle = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word}${index}`).join(' ');
  const { one } = diffWords(`same ${middle('a')} end`, `same ${middle('b')} end`);
  expect(one.map(({ isOwn }) => isOwn)).toEqual([false, true, false]);
});

test('nothing of a text is lost or added, whatever it is', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const found = diffWords(one, other);
      expect(found.one.map((piece) => piece.text).join('')).toBe(one);
      expect(found.other.map((piece) => piece.text).join('')).toBe(other);
      expect(ownWords(diffWords(one, one).one)).toEqual([]);
    }),
  );
});

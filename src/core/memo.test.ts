import { expect, test } from 'vitest';
import { memo } from './memo.ts';

test('what was asked just before is not worked out again, and what looks alike is', () => {
  const asked: string[] = [];
  const upper = memo((text) => {
    asked.push(text);
    return text.toUpperCase();
  });
  expect([upper('abc'), upper('abc'), upper('xbc'), upper('abc'), upper(''), upper('')]).toEqual([
    'ABC',
    'ABC',
    'XBC',
    'ABC',
    '',
    '',
  ]);
  // The same length, middle and end: they share a place.
  expect(asked).toEqual(['abc', 'xbc', 'abc', '']);
});

test('ten thousand texts, asked at random, each have their own result', () => {
  const marked = memo((text) => `${text}!`);
  let seed = 7;
  const wrong: string[] = [];
  for (let i = 0; i < 50_000; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const text = `t${seed % 10_000}`;
    if (marked(text) !== `${text}!`) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test('a null is remembered like any other result', () => {
  let calls = 0;
  const nothing = memo(() => {
    calls++;
    return null;
  });
  expect([nothing('a'), nothing('a')]).toEqual([null, null]);
  expect(calls).toBe(1);
});

test('nothing is kept of what throws, and of long texts', () => {
  let calls = 0;
  const strict = memo((text) => {
    calls++;
    if (text.startsWith('bad')) throw new RangeError(text);
    return text.length;
  });
  expect(() => strict('bad')).toThrow('bad');
  expect(() => strict('bad')).toThrow('bad');
  expect(strict('x'.repeat(513))).toBe(513);
  expect(strict('x'.repeat(513))).toBe(513);
  expect(calls).toBe(4);
});

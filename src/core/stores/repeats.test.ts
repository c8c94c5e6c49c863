import { expect, test } from 'vitest';
import { countRepeats, type RepeatState } from './repeats.ts';

const repeatsOf = (...sizes: number[]): number[] => {
  let state: RepeatState | null = null;
  return sizes.map((size) => {
    state = countRepeats(state, { shape: 'v1/messages claude', size });
    return state.repeats;
  });
};

test.each<[string, number[], number[]]>([
  ['the same request again and again', [900, 900, 900, 900], [1, 2, 3, 4]],
  ['the same turn added again and again', [900, 1500, 2102, 2700, 3301], [1, 1, 2, 3, 4]],
  ['turns of all lengths', [900, 1500, 1900, 5000, 5100], [1, 1, 1, 1, 1]],
  ['a conversation that begins anew', [900, 1500, 900, 1500], [1, 1, 1, 1]],
  ['requests without a body', [0, 0, 0], [1, 1, 1]],
  ['a loop that ends', [900, 900, 900, 4000], [1, 2, 3, 1]],
])('%s', (_name, sizes, expected) => {
  expect(repeatsOf(...sizes)).toEqual(expected);
});

test('another model or path begins anew', () => {
  const first = countRepeats(null, { shape: 'v1/messages a', size: 900 });
  expect(countRepeats(first, { shape: 'v1/messages b', size: 900 }).repeats).toBe(1);
});

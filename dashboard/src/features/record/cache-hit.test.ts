import { expect, test } from 'vitest';
import type { LogObject } from '../../../../src/api/contract.ts';
import { cacheHitOf, readSimilar } from './cache-hit.ts';

const log = (cache_kind: LogObject['cache_kind'], outcome: string, detail: string | null) => ({
  cache_kind,
  decisions: [
    { stage: 'cache', outcome: 'miss', rule: null, detail: 'x' },
    { stage: 'cache', outcome, rule: null, detail },
  ] as LogObject['decisions'],
});

test('of a similar answer it is told whose it is, and how near', () => {
  const detail = 'e-1, similarity 0.9531, probability 0.9912, stored 12 s ago by 0199-a';
  expect(cacheHitOf(log('semantic', 'similar answer', detail))).toEqual({
    kind: 'semantic',
    entry: 'e-1',
    paidBy: '0199-a',
    similarity: 0.9531,
    probability: 0.9912,
    ageSeconds: 12,
  });
});

test('of a shared call it is told who paid', () => {
  expect(cacheHitOf(log('shared', 'joined', 'the call of 0199-b'))).toEqual({
    kind: 'shared',
    paidBy: '0199-b',
  });
});

test('what a newer gateway writes in another form is unknown, and nothing breaks', () => {
  expect(cacheHitOf(log('shared', 'something', null))).toEqual({ kind: 'shared', paidBy: null });
  expect(readSimilar('')).toEqual({
    kind: 'semantic',
    entry: '',
    paidBy: null,
    similarity: null,
    probability: null,
    ageSeconds: null,
  });
  expect(cacheHitOf(log('exact', 'hit', null))).toBeNull();
  expect(cacheHitOf(log(null, 'miss', null))).toBeNull();
});

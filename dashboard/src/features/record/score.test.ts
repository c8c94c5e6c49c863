import { describe, expect, it } from 'vitest';
import { readScore, withComment } from './score.ts';

describe('a score', () => {
  it('is a number as people type it, nothing, or not one', () => {
    expect(['4.5', ' 4,5 ', '-1', '0'].map(readScore)).toEqual([4.5, 4.5, -1, 0]);
    expect(readScore('  ')).toBeNull();
    expect(['x', '1e10', 'Infinity', '1,2,3'].map(readScore)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a comment in the metadata', () => {
  it('is added, changed and taken away beside what is there', () => {
    expect(withComment({ user: 'a' }, 'good')).toEqual({ user: 'a', comment: 'good' });
    expect(withComment({ user: 'a', comment: 'good' }, '')).toEqual({ user: 'a' });
    expect(withComment({ comment: 'good' }, ' ')).toBeNull();
    expect(withComment(null, '')).toBeUndefined();
    expect(withComment({ comment: 'same' }, 'same ')).toBeUndefined();
  });

  it('is refused before the gateway refuses it', () => {
    const full = { a: 1, b: 2, c: 3, d: 4, e: 5 };
    expect(withComment(full, 'x')).toBe('tooMany');
    expect(withComment({ ...full, e: 5 }, '')).toBeUndefined();
    expect(withComment(null, 'x'.repeat(5000))).toBe('tooLong');
  });
});

import { describe, expect, it } from 'vitest';
import { typicalLongest } from './typical-longest.ts';

describe('what bars are measured by', () => {
  it('is not an exception', () => {
    expect(typicalLongest([...Array.from({ length: 99 }, () => 10), 3_600_000])).toBe(10);
  });

  it('is the longest of few, and nothing of none', () => {
    expect(typicalLongest([5, 1, 3])).toBe(5);
    expect(typicalLongest([])).toBe(0);
  });
});

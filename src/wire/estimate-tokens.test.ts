import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

describe('estimateTokens', () => {
  it('counts about a token per four Latin characters', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('a')).toBe(1);
    expect(estimateTokens('The quick brown fox jumps over the lazy dog.')).toBe(11);
  });

  it('counts denser scripts higher', () => {
    const chinese = estimateTokens('今天天气很好我们去公园吧');
    expect(chinese).toBeGreaterThanOrEqual(9);
    expect(chinese).toBeLessThanOrEqual(14);
    expect(estimateTokens('오늘은 날씨가 좋아요')).toBeGreaterThan(estimateTokens('the day is'));
    expect(estimateTokens('Сегодня хорошая погода')).toBeGreaterThan(
      estimateTokens('The weather is so good'),
    );
    expect(estimateTokens('🎉')).toBe(2);
  });

  it('is never negative, never NaN, and grows with the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const whole = estimateTokens(a + b);
        expect(Number.isSafeInteger(whole)).toBe(true);
        expect(whole).toBeGreaterThanOrEqual(estimateTokens(a));
        expect(whole).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { PromptCache, type PromptPart } from './prompt-cache.ts';

function part(text: string, tokens: number, breakpoint: '5m' | '1h' | null = null): PromptPart {
  return { text, tokens, breakpoint };
}

describe('the prompt cache', () => {
  const clock = { time: 1_000_000, now: () => clock.time, tick: () => clock.time };

  it('reads the longest prefix that was seen, for one caller', () => {
    const cache = new PromptCache(clock, 10);
    expect(cache.automatic('a', [part('system', 20), part('one', 5)])).toBe(0);
    expect(cache.automatic('a', [part('system', 20), part('one', 5), part('two', 5)])).toBe(25);
    expect(cache.automatic('a', [part('system', 20), part('other', 5)])).toBe(20);
    expect(cache.automatic('b', [part('system', 20)])).toBe(0);
  });

  it('leaves prompts alone that are too short', () => {
    const cache = new PromptCache(clock, 100);
    cache.automatic('a', [part('system', 99)]);
    expect(cache.automatic('a', [part('system', 99)])).toBe(0);
  });

  it('writes what follows the last prefix that it could read, and forgets after five minutes or an hour', () => {
    const cache = new PromptCache(clock, 1);
    const ask = () =>
      cache.marked('a', [part('tools', 10, '1h'), part('system', 20, '5m'), part('question', 3)]);
    expect(ask()).toEqual({ readTokens: 0, write5mTokens: 20, write1hTokens: 10 });
    expect(ask()).toEqual({ readTokens: 30, write5mTokens: 0, write1hTokens: 0 });
    clock.time += 6 * 60_000;
    expect(ask()).toEqual({ readTokens: 10, write5mTokens: 20, write1hTokens: 0 });
    clock.time += 61 * 60_000;
    expect(ask()).toEqual({ readTokens: 0, write5mTokens: 20, write1hTokens: 10 });
  });
});

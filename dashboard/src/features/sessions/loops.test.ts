import { describe, expect, it } from 'vitest';
import { countRepeats, type RepeatState } from '../../../../src/core/stores/repeats.ts';
import { findLoops, loopAt } from './loops.ts';

const log = (size: number, path = 'v1/messages', model = 'm') => ({
  path,
  model,
  model_requested: model,
  request_size: size,
});
const sizes = (...list: number[]) => list.map((size) => log(size));

describe('loops of a session', () => {
  it('are requests that are the same three times or more', () => {
    expect(findLoops(sizes(100, 250, 250, 250, 900))).toEqual([{ from: 1, to: 3 }]);
    expect(findLoops(sizes(100, 250, 250, 900))).toEqual([]);
  });

  it('are requests that grow by the same turn each time', () => {
    expect(findLoops(sizes(1000, 1700, 1900, 2101, 2300, 2500, 9000))).toEqual([{ from: 2, to: 5 }]);
  });

  it('are not the work of an agent that gets on', () => {
    expect(findLoops(sizes(1000, 1400, 2600, 2900, 5000, 5150))).toEqual([]);
    expect(findLoops([])).toEqual([]);
    expect(findLoops(sizes(0, 0, 0, 0))).toEqual([]);
  });

  it('do not go across kinds of requests', () => {
    expect(findLoops([log(5), log(5), log(5, 'v1/messages', 'other'), log(5), log(5)])).toEqual([]);
  });

  it('may be several, and every place knows its own', () => {
    const loops = findLoops(sizes(5, 5, 5, 40, 9, 9, 9, 9));
    expect(loops).toEqual([
      { from: 0, to: 2 },
      { from: 4, to: 7 },
    ]);
    expect([0, 3, 7].map((index) => loopAt(loops, index)?.from ?? null)).toEqual([0, null, 4]);
  });

  it('end where the gateway counts their end', () => {
    for (const list of [
      [5, 5, 5],
      [10, 20, 30, 40],
      [1, 2, 4, 8],
      [7, 7, 9, 11, 13, 13],
    ]) {
      let state: RepeatState | null = null;
      for (const size of list) state = countRepeats(state, { shape: 'v1/messages m', size });
      const last = findLoops(sizes(...list)).at(-1);
      const length = last !== undefined && last.to === list.length - 1 ? last.to - last.from + 1 : 0;
      expect(length).toBe(state!.repeats >= 3 ? state!.repeats : 0);
    }
  });
});

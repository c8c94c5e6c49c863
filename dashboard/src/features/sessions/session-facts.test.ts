import { describe, expect, it } from 'vitest';
import { countUnpriced, cumulativeCosts, findPeaks } from './session-facts.ts';

const log = (cost: number | null, duration = 10, success = true) => ({ cost, duration, success });

describe('places worth going to', () => {
  it('are the dearest, the slowest and the first that failed', () => {
    const logs = [log(1, 50), log(3, 10), log(null, 90, false), log(3, 5, false)];
    expect(findPeaks(logs)).toEqual({ mostExpensive: 1, slowest: 2, firstError: 2 });
  });

  it('are none where nothing stands out', () => {
    expect(findPeaks([log(null, 0), log(0, 0)])).toEqual({
      mostExpensive: null,
      slowest: null,
      firstError: null,
    });
    expect(findPeaks([])).toEqual({ mostExpensive: null, slowest: null, firstError: null });
  });
});

describe('the cost of a session', () => {
  it('adds up, and takes what is unknown for nothing', () => {
    expect(cumulativeCosts([log(0.5), log(null), log(0.25)])).toEqual([0.5, 0.5, 0.75]);
  });

  it('says how many have no price although they used tokens', () => {
    const usage = {} as never;
    expect(
      countUnpriced([
        { cost: null, usage_metadata: usage },
        { cost: null, usage_metadata: null },
        { cost: 0, usage_metadata: usage },
      ]),
    ).toBe(1);
  });
});

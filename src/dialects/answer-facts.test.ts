import { describe, expect, it } from 'vitest';
import { emptyUsage } from '../core/usage.ts';
import { usageOf } from './answer-facts.ts';

const { estimated, units, ...counts } = emptyUsage();

describe('usage from figures', () => {
  it.each([...Object.keys(counts).map((name) => ({ [name]: 0 })), { units: { pages: 0 } }])(
    'is there when only %o is stated, be it 0',
    (figures) => {
      expect(usageOf(figures)).toEqual({ ...emptyUsage(), ...figures });
    },
  );

  it('is not there when nothing is stated', () => {
    expect(usageOf({})).toBeNull();
    expect(usageOf({ ...counts, units, estimated: true })).toBeNull();
  });
});

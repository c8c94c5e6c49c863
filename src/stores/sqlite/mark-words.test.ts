import fc from 'fast-check';
import { expect, test } from 'vitest';
import { andMarks, andNotMarks, countMarks, orMarks } from './mark-words.ts';

test('four marks at once are as one after the other, wherever a slice begins and ends', () => {
  const marks = fc.array(fc.nat(1), { minLength: 24, maxLength: 24 });
  fc.assert(
    fc.property(marks, marks, fc.nat(24), fc.nat(24), (one, other, a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const within = (list: ArrayLike<number>): number[] => Array.from(list).slice(start, end);
      const made = (change: typeof andMarks): number[] => {
        const target = Uint8Array.from(one);
        change(target, Uint8Array.from(other), start, end);
        return within(target);
      };
      expect(made(andMarks)).toEqual(within(one.map((mark, at) => mark & other[at]!)));
      expect(made(andNotMarks)).toEqual(within(one.map((mark, at) => mark & (1 - other[at]!))));
      expect(made(orMarks)).toEqual(within(one.map((mark, at) => mark | other[at]!)));
      expect(countMarks(Uint8Array.from(one), start, end)).toBe(
        within(one).reduce((sum, mark) => sum + mark, 0),
      );
    }),
  );
});

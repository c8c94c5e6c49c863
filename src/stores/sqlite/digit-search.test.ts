import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigitSearch } from './digit-search.ts';

const number = fc.oneof(
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 0, max: 99_999_999 }),
  fc.maxSafeInteger().map(Math.abs),
);
const wanted = fc.oneof(
  fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '.'), maxLength: 5 }),
  fc.constantFrom('-', 'e', '42a', '12345678901234567', '0.0'),
);

/** Looked for in itself too, so that long texts are found at times. */
const part = fc.tuple(fc.nat(16), fc.nat(16));

function textOf(whole: number, rest: number, point: boolean): string {
  if (rest === 0) return point ? `${whole}.0` : String(whole);
  return `${whole}.${String(rest).padStart(3, '0').replace(/0+$/, '')}`;
}

test('digits are found in numbers as they are found in their texts', () => {
  fc.assert(
    fc.property(
      number,
      fc.nat(999),
      fc.boolean(),
      wanted,
      part,
      (whole, rest, point, text, [from, length]) => {
        const own = textOf(whole, rest, point);
        for (const one of [text, own.slice(from, from + length)]) {
          expect(new DigitSearch(one).holds(whole, rest, point), `${one} in ${own}`).toBe(own.includes(one));
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test('numbers of marked rows are found, and no others', () => {
  const codes = Uint32Array.from([0, 1, 42, 4200, 5001, 42]);
  const marks = Uint8Array.from([1, 1, 1, 1, 1, 0]);
  const [start, end] = [1, 6];
  const found = (base: number, scale: number) => {
    const into = new Uint8Array(6);
    const most = base + 5000;
    new DigitSearch('42').mark(into, marks, { codes, base, step: 1, scale, most, start, end }, false);
    return [...into];
  };
  // 0, 41, 4199, 5000
  expect(found(0, 1)).toEqual([0, 0, 0, 0, 0, 0]);
  // 1, 42, 4200, 5001, and the same in thousandths
  expect(found(1, 1)).toEqual([0, 0, 1, 1, 0, 0]);
  expect(found(1, 1000)).toEqual([0, 0, 1, 0, 0, 0]);
  // 42000000000 and more
  expect(found(42_000_000_000, 1)).toEqual([0, 1, 1, 1, 1, 0]);
  expect(found(42_000_000_000, 1000)).toEqual([0, 1, 1, 1, 1, 0]);
});

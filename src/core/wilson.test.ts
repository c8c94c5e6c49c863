import { expect, it } from 'vitest';
import { shareOf, wilsonInterval } from './wilson.ts';

// Newcombe (1998), Table I: intervals by method 3 (Wilson's score without correction), as printed.
it.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i', (wrong, judged, low, high) => {
  const share = shareOf(wrong, judged);
  expect(share.low).toBeCloseTo(low, 4);
  expect(share.high).toBeCloseTo(high, 4);
});

it('knows nothing without a sample', () => {
  expect(shareOf(0, 0)).toEqual({ wrong: 0, judged: 0, share: null, low: 0, high: 1 });
});

it('bounds one per cent after 381 good answers, and not after 380', () => {
  expect(wilsonInterval(0, 381).high).toBeLessThanOrEqual(0.01);
  expect(wilsonInterval(0, 380).high).toBeGreaterThan(0.01);
});

it('is the same from the other end', () => {
  const { low, high } = wilsonInterval(0.3, 40);
  const other = wilsonInterval(0.7, 40);
  expect(other.low).toBeCloseTo(1 - high, 12);
  expect(other.high).toBeCloseTo(1 - low, 12);
});

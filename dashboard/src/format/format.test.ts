import { describe, expect, test } from 'vitest';
import { formatAgo, formatDuration } from './durations.ts';
import { formatExactMoney, formatMoney, formatMoneyAxis } from './money.ts';
import { changeOf, formatBytes, formatCount, formatFineShare, formatShare, formatShort } from './numbers.ts';

describe('an unknown value is a dash and never 0', () => {
  test.each([
    ['count', formatCount],
    ['short count', formatShort],
    ['money', formatMoney],
    ['duration', formatDuration],
    ['bytes', formatBytes],
    ['share', formatShare],
  ] as const)('%s', (_, format) => {
    expect(format(null)).toBe('—');
    expect(format(undefined)).toBe('—');
  });

  test('and so is a share of nothing', () => expect(formatShare(0, 0)).toBe('—'));
});

test.each([
  [0, '0'],
  [1284, '1,284'],
  [12_900_000, '12,900,000'],
])('%d as a count is %s', (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [0, '0'],
  [0.25, '0.25'],
  [999, '999'],
  [999.9, '1 k'],
  [12_900, '12.9 k'],
  [1_000_000, '1 M'],
  [2_450_000_000, '2.45 G'],
])('%d on an axis is %s', (value, text) => expect(formatShort(value)).toBe(text));

test.each([
  [0, '$0'],
  [0.0042, '$0.0042'],
  [0.000031, '$0.000031'],
  [0.000000001, '$0.000000001'],
  [0.5, '$0.50'],
  [1.5, '$1.50'],
  [1234.5, '$1,234.50'],
  [98_765.4, '$98,765'],
  [-0.004, '-$0.0040'],
])('%d dollars are %s', (value, text) => expect(formatMoney(value)).toBe(text));

test('money that is less than the smallest unit is not shown as nothing', () => {
  expect(formatMoney(1e-10)).toBe('< $0.000000001');
});

test('the exact amount has every digit that is known, and two at least', () => {
  expect(formatExactMoney(0.004200001)).toBe('0.004200001 USD');
  expect(formatExactMoney(1.5)).toBe('1.50 USD');
  expect(formatExactMoney(null)).toBe('The price is not known');
});

test.each([
  [0, '$0'],
  [0.05, '$0.05'],
  [12_000, '$12 k'],
])('%d dollars on an axis are %s', (value, text) => expect(formatMoneyAxis(value)).toBe(text));

test.each([
  [0, '0 ms'],
  [0.4, '< 1 ms'],
  [840, '840 ms'],
  [999.6, '1.0 s'],
  [2_400, '2.4 s'],
  [9_960, '10 s'],
  [59_600, '1 min'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms last %s', (value, text) => expect(formatDuration(value)).toBe(text));

test.each([
  [0, 'just now'],
  [12_000, '12 seconds ago'],
  [60_000, '1 minute ago'],
  [3 * 86_400_000, '3 days ago'],
  [-5_000, 'just now'],
])('%d ms before now is %s', (ms, text) => expect(formatAgo(1e12 - ms, 1e12)).toBe(text));

test.each([
  [0, 100, '0 %'],
  [1, 10_000, '< 0.1 %'],
  [9_999, 10_000, '> 99.9 %'],
  [10_000, 10_000, '100 %'],
  [123, 10_000, '1.2 %'],
  [4_567, 10_000, '46 %'],
])('%d of %d is %s', (part, whole, text) => expect(formatShare(part, whole)).toBe(text));

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [2_000_000, '2 MB'],
])('%d bytes are %s', (value, text) => expect(formatBytes(value)).toBe(text));

describe('the change against the period before', () => {
  test.each([
    [112, 100, '12 % more than before', 'more'],
    [50, 100, '50 % less than before', 'less'],
    [100.2, 100, 'the same as before', 'same'],
    [1_200, 100, '12 times the figure before', 'more'],
  ] as const)('%d after %d is %s', (now, before, text, direction) => {
    expect(changeOf(now, before)).toEqual({ text, direction });
  });

  test('is not told when there was nothing before, or when nothing is known', () => {
    expect(changeOf(5, 0)).toBeNull();
    expect(changeOf(5, null)).toBeNull();
    expect(changeOf(undefined, 5)).toBeNull();
  });
});

test.each([
  [null, '—'],
  [0.0042, '0.4 %'],
  [0.5, '50 %'],
  [0.9, '90 %'],
  [0.987, '98.7 %'],
  [0.99853, '99.85 %'],
  [0.99999, '> 99.99 %'],
  [1, '100 %'],
])('%s as a share near to all is %s', (share, text) => expect(formatFineShare(share)).toBe(text));

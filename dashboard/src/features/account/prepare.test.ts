import { expect, test } from 'vitest';
import type { Price, ProcessSetting } from '../../api/process.ts';
import { formatRate, priceOfToday, settingText, tierFrom } from './prepare.ts';

const rate = (usd_per_million: number) => ({ usd_per_million, above: [] });
const price = (prices: Price['prices']): Price => ({
  provider: 'openai',
  model: 'o3',
  listed_under: 'openai/o3',
  prices,
  source: 'bundled',
  date: '2026-11-02',
});
const entry = (from: string | null, usd: number): Price['prices'][number] => ({
  from,
  daily: null,
  rates: { input: rate(usd) },
  units: {},
});
const now = Date.parse('2026-11-22T12:00:00Z');

test('the price of today is the last one whose day has come', () => {
  const all = price([entry(null, 10), entry('2025-06-10', 2), entry('2027-01-01', 1)]);
  expect(formatRate(priceOfToday(all, now), 'input')).toBe('2.00');
  expect(priceOfToday(price([]), now)).toBeNull();
});

test('prices keep the digits that mean something', () => {
  expect(formatRate(entry(null, 0.075), 'input')).toBe('0.075');
  expect(formatRate(entry(null, 0.00125), 'input')).toBe('0.0013');
  expect(formatRate(entry(null, 15), 'input')).toBe('15.00');
  expect(formatRate(entry(null, 15), 'output')).toBe('—');
});

test('a price that grows with the request says from where on', () => {
  const tiered = {
    ...entry(null, 3),
    rates: { input: { usd_per_million: 3, above: [{ input_tokens: 200_000, usd_per_million: 6 }] } },
  };
  expect(tierFrom(tiered)).toBe(200_000);
  expect(tierFrom(entry(null, 3))).toBeNull();
});

test('a secret is never told, and nothing is told from nothing', () => {
  const setting = { value: '[secret]', secret: true } as ProcessSetting;
  expect(settingText(setting)).toBe('set, not shown');
  expect(settingText({ ...setting, value: null })).toBe('not set');
  expect(settingText({ ...setting, secret: false, value: ['a'] })).toBe('["a"]');
});

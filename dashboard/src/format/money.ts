import { UNKNOWN } from './numbers.ts';

const cents = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
});

/** `$0.0042`: as many digits as carry meaning. */
export function formatMoney(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return UNKNOWN;
  const size = Math.abs(usd);
  if (size === 0) return '$0';
  if (size >= 10_000) return dollars.format(usd);
  if (size >= 1) return cents.format(usd);
  if (size < 1e-9) return '< $0.000000001';
  const digits = Math.min(9, 1 - Math.floor(Math.log10(size)));
  const text = Math.max(size, 0).toFixed(Math.max(2, digits));
  return `${usd < 0 ? '-' : ''}$${text}`;
}

/** Every digit that is known: nano-dollars are the unit underneath. For titles. */
export function formatExactMoney(usd: number | null | undefined): string {
  if (usd === null || usd === undefined) return 'The price is not known';
  return `${usd.toFixed(9).replace(/(\.\d{2}\d*?)0+$/, '$1')} USD`;
}

/** On axes: `$12 k`, `$0.05`. */
export function formatMoneyAxis(usd: number): string {
  if (usd >= 1000) return `$${Number((usd / 1000).toPrecision(3))} k`;
  return `$${Number(usd.toPrecision(3))}`;
}

/**
 * Money is whole numbers. Prices per unit are pico-dollars (1e-12 USD): the cheapest token prices in use
 * (fractions of a nano-dollar) are exact in it. Amounts are nano-dollars (1e-9 USD).
 */
export type PicoDollars = bigint;
export type NanoDollars = number;

const DECIMAL = /^([+-])?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a decimal number (`0.0000025`, `2.5e-6`) exactly into units of 10^-scale; null if it is no number or negative. */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = DECIMAL.exec(text.trim());
  if (!match || match[1] === '-') return null;
  const [, , whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const shift = scale + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + divisor / 2n) / divisor;
}

/** Pico-dollars to nano-dollars, half up. */
export function toNanos(picos: PicoDollars): NanoDollars {
  return Number((picos + 500n) / 1000n);
}

/** Nano-dollars as a JSON number in USD, as the management API shows cost. */
export function nanosToUsd(nanos: NanoDollars): number {
  return nanos / 1e9;
}

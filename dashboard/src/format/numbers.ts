/** What is shown for a value that nobody knows. The reason belongs into a title beside it. */
export const UNKNOWN = '—';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,284`: for everything but axes. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : whole.format(value);
}

const STEPS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** `12.9 k`: on axes and in places too narrow for the whole number, which then stands in the title. */
export function formatShort(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  const size = Math.abs(value);
  for (const [step, unit] of STEPS) {
    if (size >= step * 0.9995) return `${trim(value / step)} ${unit}`;
  }
  return size >= 100 || Number.isInteger(value) ? whole.format(value) : trim(value);
}

/** Three figures that carry meaning, without zeros at the end. */
function trim(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** A share of 0 to 1 as `12 %`; small ones keep a digit, and what is not nothing is never shown as `0 %`. */
export function formatShare(part: number | null | undefined, whole: number | null | undefined = 1): string {
  if (part === null || part === undefined || !whole) return UNKNOWN;
  const percent = (part / whole) * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9 && percent < 100) return '> 99.9 %';
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** A share that is near to all of it, where the last digits carry the meaning: `98.7 %`, `99.85 %`. */
export function formatFineShare(share: number | null | undefined): string {
  if (share === null || share === undefined || share < 0.9 || share >= 1) return formatShare(share);
  return share > 0.9999 ? '> 99.99 %' : `${Number((share * 100).toFixed(share < 0.99 ? 1 : 2))} %`;
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return UNKNOWN;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : trim(value)} ${BYTE_UNITS[unit]}`;
}

export interface Change {
  readonly text: string;
  readonly direction: 'more' | 'less' | 'same';
}

/** Against a figure before, in words: `12 % more than before`. Null where there is nothing to compare with. */
export function changeOf(now: number | null | undefined, before: number | null | undefined): Change | null {
  if (now === null || now === undefined || !before) return null;
  const change = (now - before) / before;
  if (Math.abs(change) < 0.005) return { text: 'the same as before', direction: 'same' };
  const direction = change > 0 ? 'more' : 'less';
  if (change >= 9)
    return { text: `${whole.format(Math.round(now / before))} times the figure before`, direction };
  return { text: `${formatShare(Math.abs(change))} ${direction} than before`, direction };
}

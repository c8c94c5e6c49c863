/** A range as it was meant: `-24h` stays relative, an instant stays an instant. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

export interface Instants {
  readonly fromMs: number;
  readonly toMs: number;
}

export const PRESETS = ['-15m', '-1h', '-6h', '-24h', '-7d', '-30d', '-90d'] as const;
export const DEFAULT_RANGE: TimeRange = { from: '-24h', to: 'now' };

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const RELATIVE = /^-(\d{1,6})([smhdw])$/;

/** Epoch ms of `now`, `-24h` or an RFC 3339 instant; null for what is none of them. */
export function instantOf(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs;
  const relative = RELATIVE.exec(text);
  if (relative) return nowMs - Number(relative[1]) * UNIT_MS[relative[2] as keyof typeof UNIT_MS];
  const instant = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? null : instant;
}

/** A range that is not one is the default one: an address is typed by people. */
export function readRange(from: string | undefined, to: string | undefined): TimeRange {
  const range = { from: from ?? DEFAULT_RANGE.from, to: to ?? DEFAULT_RANGE.to };
  const [start, end] = [instantOf(range.from, 0), instantOf(range.to, 0)];
  if (start === null || end === null) return DEFAULT_RANGE;
  const now = Date.now();
  return instantOf(range.from, now)! < instantOf(range.to, now)! ? range : DEFAULT_RANGE;
}

export function instantsOf(range: TimeRange, nowMs: number): Instants {
  return {
    fromMs: instantOf(range.from, nowMs) ?? nowMs - UNIT_MS.d,
    toMs: instantOf(range.to, nowMs) ?? nowMs,
  };
}

/** The period of the same length right before; relative where the range is, so that it moves along. */
export function rangeBefore(range: TimeRange, nowMs: number): TimeRange {
  const [, count, unit] = range.to === 'now' ? (RELATIVE.exec(range.from) ?? []) : [];
  if (count !== undefined) return { from: `-${Number(count) * 2}${unit}`, to: range.from };
  const { fromMs, toMs } = instantsOf(range, nowMs);
  return { from: new Date(fromMs - (toMs - fromMs)).toISOString(), to: new Date(fromMs).toISOString() };
}

/** The end moves with the clock: what is shown is asked for again from time to time. */
export const isLive = (range: TimeRange): boolean => range.to === 'now';

export const INTERVALS = {
  minute: 60_000,
  five_minutes: 300_000,
  fifteen_minutes: 900_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;
export type Interval = keyof typeof INTERVALS;

/** The finest width that gives at most `most` buckets. */
export function intervalFor(lengthMs: number, most = 180): Interval {
  const names = Object.keys(INTERVALS) as Interval[];
  return names.find((name) => lengthMs / INTERVALS[name] <= most) ?? 'day';
}

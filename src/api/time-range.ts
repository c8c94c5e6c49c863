import { z } from 'zod';
import { ApiError, CODES } from './envelope.ts';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const RELATIVE = /^-(\d{1,6})([smhdw])$/;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;

export interface TimeRange {
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
}

export const timeText = z
  .string()
  .max(64)
  .refine((text) => parseTime(text, 0) !== null, {
    error: 'must be a time such as 2026-01-31T12:00:00Z, -15m, -24h, -30d or now',
  });

/** `from` and `to` of a query. */
export function timeRangeShape(from: string) {
  return { from: timeText.default(from), to: timeText.default('now') };
}

/** Reads both against one and the same now. */
export function readTimeRange(
  query: { readonly from: string; readonly to: string },
  nowMs: number,
): TimeRange {
  const from = parseTime(query.from, nowMs)!;
  const to = parseTime(query.to, nowMs)!;
  if (from >= to) {
    throw new ApiError(400, [
      { code: CODES.invalid, message: 'from: must be before `to`', path: ['query', 'from'] },
    ]);
  }
  return { from: Math.max(0, from), to: Math.max(1, to) };
}

/**
 * `now`, a time before it (`-15m`, `-24h`, `-30d`, `-2w`), or RFC 3339; null for anything else. What is relative is
 * meant in whole minutes: `now` is the end of this one, so that everything so far is in it, and no part of a minute has
 * to be counted from its records.
 */
export function parseTime(text: string, nowMs: number): number | null {
  const minute = nowMs - (nowMs % UNIT_MS.m);
  if (text === 'now') return minute + UNIT_MS.m;
  const relative = RELATIVE.exec(text);
  if (relative !== null) {
    const unit = relative[2] as keyof typeof UNIT_MS;
    return (unit === 's' ? nowMs : minute) - Number(relative[1]) * UNIT_MS[unit];
  }
  if (!RFC_3339.test(text)) return null;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}

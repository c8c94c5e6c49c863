import { formatDayTime } from '../format/times.ts';
import { filterWords as words } from '../words/filters.ts';
import { instantOf, type TimeRange } from './time-range.ts';

/** What a range is called where it stands: `Last 24 hours`, `3 Nov, 14:00 – 3 Nov, 15:00`. */
export function rangeLabel({ from, to }: TimeRange, nowMs: number): string {
  const preset = words.presets[from];
  if (to === 'now' && preset !== undefined) return preset;
  const [start, end] = [instantOf(from, nowMs), instantOf(to, nowMs)];
  if (start === null || end === null) return `${from} – ${to}`;
  if (to === 'now') return words.since(formatDayTime(start));
  return words.between(formatDayTime(start), formatDayTime(end));
}

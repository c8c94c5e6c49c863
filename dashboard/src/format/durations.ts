import { UNKNOWN } from './numbers.ts';

/** `840 ms`, `2.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms < 1) return ms === 0 ? '0 ms' : '< 1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  return pair(Math.round(seconds), [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ]);
}

function pair(total: number, units: readonly (readonly [number, string])[]): string {
  const first = units.findIndex(([size]) => total >= size);
  const [size, name] = units[first] ?? [1, 's'];
  const count = Math.floor(total / size);
  const next = units[first + 1];
  const rest = next ? Math.floor((total - count * size) / next[0]) : 0;
  return `${count} ${name}${next && rest > 0 ? ` ${rest} ${next[1]}` : ''}`;
}

/** How long ago, in one unit: `3 days ago`, `just now`. */
export function formatAgo(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1000));
  if (seconds < 5) return 'just now';
  for (const [size, name] of [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}

/** The bucket under a point, by its distance from the left edge of the plot; null beside it. */
export function indexAt(x: number, widthPx: number, count: number): number | null {
  if (count === 0 || widthPx <= 0 || x < 0 || x > widthPx) return null;
  return Math.min(count - 1, Math.floor((x / widthPx) * count));
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Steps on which a clock or a calendar puts its marks. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * 60_000);
const LABEL_PX = 76;

/**
 * Which buckets get a label: those that begin at a whole step of the viewer's clock, with a step so wide that labels do
 * not touch.
 */
export function labelledBuckets(starts: readonly number[], intervalMs: number, widthPx: number): number[] {
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const length = last - first + intervalMs;
  const most = Math.max(1, Math.floor(widthPx / LABEL_PX));
  const step = STEPS_MS.find((one) => one >= intervalMs && length / one <= most);
  const days = Math.max(1, Math.ceil(length / DAY_MS / most));
  return starts.flatMap((start, index) => {
    const offset = new Date(start).getTimezoneOffset() * 60_000;
    const local = start - offset;
    const isMark =
      step === undefined
        ? local % DAY_MS < intervalMs && Math.floor(local / DAY_MS) % days === 0
        : local % step < intervalMs;
    return isMark ? [index] : [];
  });
}

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndHour = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** `14:00`; at midnight and for whole days `3 Nov`. */
export function bucketLabel(start: number, intervalMs: number): string {
  const date = new Date(start);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return intervalMs >= DAY_MS || isMidnight ? day.format(date) : hour.format(date);
}

/** `Sun 22 Nov, 14:00 – 14:15`. */
export function bucketSpan(start: number, intervalMs: number): string {
  if (intervalMs >= DAY_MS) return day.format(start);
  return `${dayAndHour.format(start)} – ${hour.format(start + intervalMs)}`;
}

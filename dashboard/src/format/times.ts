const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'full',
  timeStyle: 'long',
});

type Instant = number | string | Date;

/** `14:03:22` today, `3 Nov, 14:03` before: in the viewer's own zone. */
export function formatTime(instant: Instant, now: number = Date.now()): string {
  const date = new Date(instant);
  if (date.toDateString() === new Date(now).toDateString()) return time.format(date);
  if (date.getFullYear() === new Date(now).getFullYear()) return dayTime.format(date);
  return `${day.format(date)}, ${time.format(date).slice(0, 5)}`;
}

export const formatDayTime = (instant: Instant): string => dayTime.format(new Date(instant));

/** The instant to the millisecond, in the viewer's zone and in UTC: for titles. */
export function formatExactTime(instant: Instant): string {
  const date = new Date(instant);
  return `${exact.format(date)}\n${date.toISOString()} (UTC)`;
}

import { useEffect, useState } from 'react';
import { formatAgo } from '../format/durations.ts';
import { formatExactTime, formatTime } from '../format/times.ts';

interface MomentProps {
  readonly at: string | number | null | undefined;
  /** `3 minutes ago` instead of the time of day. */
  readonly isRelative?: boolean;
}

const TICK_MS = 10_000;

/** A time in the viewer's zone, with the exact instant and UTC on hover. */
export function Moment({ at, isRelative = false }: MomentProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRelative) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isRelative]);
  if (at === null || at === undefined) return <span>—</span>;
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={formatExactTime(date)}>
      {isRelative ? formatAgo(date.getTime(), Math.max(now, date.getTime())) : formatTime(date, now)}
    </time>
  );
}

import type { LogRow } from '../../api/logs.ts';

/** What the live tail has brought: newest first. */
export interface Tail {
  /** In the list. */
  readonly shown: readonly LogRow[];
  /** Behind the bar, until the reader wants them. */
  readonly waiting: readonly LogRow[];
  /** So many came and were not sent, or were let go here. */
  readonly skipped: number;
}

export const EMPTY_TAIL: Tail = { shown: [], waiting: [], skipped: 0 };

/** More than this is not held: who reads on gets them from the list itself. */
const MOST_SHOWN = 2000;
const MOST_WAITING = 1000;

/** Adds records in the order in which they came. While the reader is elsewhere, they wait. */
export function receive(tail: Tail, logs: readonly LogRow[], isAway: boolean): Tail {
  const known = new Set([...tail.waiting, ...tail.shown].map(({ id }) => id));
  const fresh = logs.filter(({ id }) => !known.has(id) && known.add(id)).reverse();
  if (fresh.length === 0) return tail;
  if (!isAway)
    return { ...tail, shown: [...fresh, ...tail.waiting, ...tail.shown].slice(0, MOST_SHOWN), waiting: [] };
  const waiting = [...fresh, ...tail.waiting];
  return {
    ...tail,
    waiting: waiting.slice(0, MOST_WAITING),
    skipped: tail.skipped + Math.max(0, waiting.length - MOST_WAITING),
  };
}

export function showWaiting(tail: Tail): Tail {
  return { ...tail, shown: [...tail.waiting, ...tail.shown].slice(0, MOST_SHOWN), waiting: [] };
}

/**
 * The tail and the pages as one list, each record once: it may have come on both ways. The tail brings records when they
 * end, so one that took long stands below those that came after it.
 */
export function mergeRows(tail: Tail, pages: readonly (readonly LogRow[])[]): LogRow[] {
  const known = new Set<string>();
  const rows: LogRow[] = [];
  for (const list of [tail.shown, ...pages]) {
    for (const row of list) {
      if (known.has(row.id)) continue;
      known.add(row.id);
      rows.push(row);
    }
  }
  return tail.shown.length === 0 ? rows : rows.sort(newestFirst);
}

const newestFirst = (a: LogRow, b: LogRow): number =>
  a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1;

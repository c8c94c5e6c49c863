import type { SessionPage, SessionQuery, SessionRow } from '../../core/stores/analytics.ts';
import type { LogRow } from '../../core/stores/logs.ts';
import { countRepeats, type RepeatState } from '../../core/stores/repeats.ts';

type Compared = string | number;

const ORDERS: Readonly<Record<SessionQuery['orderBy'], (session: SessionRow) => Compared>> = {
  last_at: (session) => session.lastAt,
  started_at: (session) => session.startedAt,
  cost: (session) => session.costNanos,
  requests: (session) => session.requests,
  errors: (session) => session.errors,
};

/** Sessions of the rows of one gateway, in the order in which they came. */
export function sessionsOf(rows: Iterable<LogRow>): Map<string, SessionRow> {
  const byId = Map.groupBy(
    [...rows].filter((row) => row.sessionId !== null),
    (row) => row.sessionId!,
  );
  return new Map([...byId].map(([id, requests]) => [id, sessionOf(id, requests)]));
}

export function pageOf(sessions: Iterable<SessionRow>, query: SessionQuery): SessionPage {
  const order = Object.hasOwn(ORDERS, query.orderBy) ? ORDERS[query.orderBy] : undefined;
  if (order === undefined) throw new RangeError(`sessions cannot be ordered by '${query.orderBy}'`);
  const sign = query.direction === 'asc' ? 1 : -1;
  const compare = (a: Compared, b: Compared): number => (a < b ? -1 : a > b ? 1 : 0);
  const search = query.search?.toLowerCase() ?? '';
  const found = [...sessions]
    .filter(({ lastAt, startedAt }) => lastAt >= query.from && startedAt < query.to)
    .filter(({ id, userAgent, userId }) =>
      [id, userAgent ?? '', userId ?? ''].some((text) => text.toLowerCase().includes(search)),
    )
    .sort((a, b) => sign * (compare(order(a), order(b)) || compare(a.id, b.id)));
  return { rows: found.slice(query.offset, query.offset + query.limit), totalCount: found.length };
}

function sessionOf(id: string, requests: readonly LogRow[]): SessionRow {
  const ordered = requests.toSorted((a, b) => a.createdAt - b.createdAt);
  const sum = (read: (row: LogRow) => number | null | undefined): number =>
    requests.reduce((total, row) => total + (read(row) ?? 0), 0);
  const latest = <T>(read: (row: LogRow) => T | null): T | null =>
    ordered.map(read).findLast((value) => value !== null) ?? null;
  let state: RepeatState | null = null;
  let mostRepeats = 0;
  for (const row of requests) {
    state = countRepeats(state, { shape: `${row.path} ${row.model}`, size: row.requestSize });
    mostRepeats = Math.max(mostRepeats, state.repeats);
  }
  return {
    id,
    gateway: requests[0]!.gateway,
    startedAt: ordered[0]!.createdAt,
    lastAt: ordered.at(-1)!.createdAt,
    endedAt: Math.max(...requests.map((row) => row.createdAt + row.durationMs)),
    requests: requests.length,
    errors: sum((row) => (row.success ? 0 : 1)),
    cachedRequests: sum((row) => (row.cached ? 1 : 0)),
    inputTokens: sum((row) => row.usage?.inputTokens),
    outputTokens: sum((row) => row.usage?.outputTokens),
    costNanos: sum((row) => row.costNanos),
    savedNanos: sum((row) => row.savedNanos),
    userAgent: latest((row) => row.userAgent),
    userId: latest((row) => row.userId),
    model: latest((row) => row.model),
    firstRecord: ordered[0]!.id,
    repeats: state!.repeats,
    mostRepeats,
  };
}

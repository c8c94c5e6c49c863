import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { AgentSession } from '../../api/agent-sessions.ts';
import { type LogRow, logPagesQuery, logsQuery } from '../../api/logs.ts';
import { filtersParameter } from '../../filters/filter.ts';
import type { View } from '../../filters/view.ts';

const ASCENDING = { column: 'created_at', direction: 'asc' } as const;
const POLL_MS = 5000;
/** What comes while one looks is asked for in pages of this size; when it was more, everything is asked for anew. */
const FRESH = 50;

interface SessionLogs {
  readonly logs: readonly LogRow[];
  readonly isWhole: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** All requests of a session in their order: page after page, then what comes while it runs. */
export function useSessionLogs(gateway: string, session: AgentSession): SessionLogs {
  const filters = useMemo(
    () => [{ key: 'session_id', operator: 'eq' as const, values: [session.id] }],
    [session.id],
  );
  const view: View = { range: { from: session.started_at, to: 'now' }, filters, text: '' };
  const pages = useInfiniteQuery(logPagesQuery(gateway, view, ASCENDING));
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  const isWhole = pages.data !== undefined && !hasNextPage;
  const known = useMemo(() => pages.data?.pages.flatMap(({ rows }) => rows) ?? [], [pages.data]);
  const last = known.at(-1);
  const { data: fresh } = useQuery({
    ...logsQuery(gateway, {
      from: last?.created_at,
      filters: filtersParameter(filters),
      order_by: ASCENDING.column,
      order_by_direction: ASCENDING.direction,
      per_page: FRESH,
    }),
    enabled: isWhole && last !== undefined && session.state !== 'done',
    refetchInterval: POLL_MS,
  });
  const isOverfull = (fresh?.rows.length ?? 0) >= FRESH;
  const { refetch } = pages;
  useEffect(() => {
    if (isOverfull) void refetch();
  }, [isOverfull, refetch]);
  const logs = useMemo(() => {
    const ids = new Set(known.map(({ id }) => id));
    return [...known, ...(fresh?.rows ?? []).filter(({ id }) => !ids.has(id))];
  }, [known, fresh]);
  return { logs, isWhole, error: pages.error, retry: () => void refetch() };
}

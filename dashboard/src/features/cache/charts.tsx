import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type AnalyticsRow, analyticsQuery } from '../../api/analytics.ts';
import { chartOfGroups } from '../../charts/answer-chart.ts';
import type { Color } from '../../charts/colors.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import type { Filter } from '../../filters/filter.ts';
import { logsLink, narrowed } from '../../filters/links.ts';
import type { View } from '../../filters/view.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatMoney, formatMoneyAxis } from '../../format/money.ts';
import { formatCount, formatShare, formatShort } from '../../format/numbers.ts';
import { cacheWords as words } from '../../words/cache.ts';
import type { cacheQuestions } from './queries.ts';

interface ChartsProps {
  readonly gateway: string;
  readonly view: View;
  readonly questions: ReturnType<typeof cacheQuestions>;
  readonly onRange: (fromMs: number, toMs: number) => void;
}

const KINDS = new Map<string, Color>([
  ['exact', 'good'],
  ['shared', 2],
  ['semantic', 1],
  ['', 'muted'],
]);

const kindLabel = (kind: string): string =>
  words.kinds[(kind === '' ? 'none' : kind) as keyof typeof words.kinds] ?? kind;

const HITS: Filter[] = [{ key: 'cached', operator: 'eq', values: ['true'] }];
const ofKind = (kind: string): Filter[] =>
  kind === ''
    ? [{ key: 'cached', operator: 'eq', values: ['false'] }]
    : [{ key: 'cache_kind', operator: 'eq', values: [kind] }];

export function Charts({ gateway, view, questions, onRange }: ChartsProps) {
  const navigate = useNavigate();
  const kinds = useQuery(analyticsQuery(questions.kinds));
  const totals = useQuery(analyticsQuery(questions.totals)).data?.rows[0];
  const charts = useMemo(() => {
    if (kinds.data === undefined) return undefined;
    const of = (figure: (row: AnalyticsRow) => number) =>
      chartOfGroups(kinds.data, figure, { labelOf: kindLabel, meanings: KINDS });
    return {
      requests: of((row) => row.requests),
      saved: of((row) => row.saved),
      savedMs: of((row) => row.saved_ms),
    };
  }, [kinds.data]);
  const shared = {
    kind: 'bars',
    isStale: kinds.isPlaceholderData,
    error: kinds.error,
    onRetry: () => void kinds.refetch(),
    onZoom: onRange,
  } as const;
  const open =
    (whole: Filter[]) =>
    (fromMs: number, toMs: number, kind: string | null): void =>
      void navigate(
        logsLink(gateway, narrowed(view, fromMs, toMs, ...(kind === null ? whole : ofKind(kind)))),
      );
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <div className="min-w-0 lg:col-span-2">
        <TimeChart
          {...shared}
          title={words.outcome}
          data={charts?.requests}
          value={formatShare(totals?.cached_requests, totals?.requests)}
          aside={<Aside>{words.fromCache}</Aside>}
          format={formatCount}
          formatAxis={formatShort}
          onOpen={open([])}
          empty={words.emptyRange}
        />
      </div>
      <TimeChart
        {...shared}
        title={words.savedChart}
        data={charts?.saved}
        value={formatMoney(totals?.saved)}
        format={formatMoney}
        formatAxis={formatMoneyAxis}
        onOpen={open(HITS)}
        empty={words.noSaved}
      />
      <TimeChart
        {...shared}
        title={words.timeChart}
        data={charts?.savedMs}
        value={formatDuration(totals?.saved_ms)}
        aside={<Aside>{words.timeNote}</Aside>}
        format={formatDuration}
        formatAxis={formatDuration}
        onOpen={open(HITS)}
        empty={words.noSaved}
      />
    </div>
  );
}

const Aside = ({ children }: { readonly children: string }) => (
  <span className="min-w-0 truncate text-xs text-kumo-subtle">{children}</span>
);

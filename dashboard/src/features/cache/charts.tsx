import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { analyticsQuery } from '../../api/analytics.ts';
import { chartOfGroups } from '../../charts/answer-chart.ts';
import type { Color } from '../../charts/colors.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import type { Filter } from '../../filters/filter.ts';
import { logsLink, narrowed } from '../../filters/links.ts';
import type { View } from '../../filters/view.ts';
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
const SAVED = new Map<string, Color>([['', 'good']]);

const kindLabel = (kind: string): string =>
  words.kinds[(kind === '' ? 'none' : kind) as keyof typeof words.kinds] ?? kind;

const ofKind = (kind: string | null): Filter[] =>
  kind === null
    ? []
    : kind === ''
      ? [{ key: 'cached', operator: 'eq', values: ['false'] }]
      : [{ key: 'cache_kind', operator: 'eq', values: [kind] }];

export function Charts({ gateway, view, questions, onRange }: ChartsProps) {
  const navigate = useNavigate();
  const kinds = useQuery(analyticsQuery(questions.kinds));
  const saved = useQuery(analyticsQuery(questions.saved));
  const totals = useQuery(analyticsQuery(questions.totals)).data?.rows[0];
  const kindData = useMemo(
    () =>
      kinds.data && chartOfGroups(kinds.data, (row) => row.requests, { labelOf: kindLabel, meanings: KINDS }),
    [kinds.data],
  );
  const savedData = useMemo(
    () =>
      saved.data &&
      chartOfGroups(saved.data, (row) => row.saved, {
        labelOf: () => words.savedSeries,
        meanings: SAVED,
      }),
    [saved.data],
  );
  const open =
    (filters: (series: string | null) => Filter[]) => (fromMs: number, toMs: number, series: string | null) =>
      void navigate(logsLink(gateway, narrowed(view, fromMs, toMs, ...filters(series))));
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <TimeChart
        title={words.outcome}
        kind="bars"
        data={kindData}
        value={formatShare(totals?.cached_requests, totals?.requests)}
        format={formatCount}
        formatAxis={formatShort}
        isStale={kinds.isPlaceholderData}
        error={kinds.error}
        onRetry={() => void kinds.refetch()}
        onZoom={onRange}
        onOpen={open(ofKind)}
        empty={words.emptyRange}
      />
      <TimeChart
        title={words.savedChart}
        kind="bars"
        data={savedData}
        value={formatMoney(totals?.saved)}
        format={formatMoney}
        formatAxis={formatMoneyAxis}
        isStale={saved.isPlaceholderData}
        error={saved.error}
        onRetry={() => void saved.refetch()}
        onZoom={onRange}
        onOpen={open(() => [{ key: 'cached', operator: 'eq', values: ['true'] }])}
        empty={words.noSaved}
      />
    </div>
  );
}

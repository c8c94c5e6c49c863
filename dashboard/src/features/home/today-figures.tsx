import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { analyticsQuery } from '../../api/analytics.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { formatExactMoney, formatMoney } from '../../format/money.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { homeWords as words } from '../../words/home.ts';
import { type Figure, homeQuestions, prepareToday, type Today } from './prepare.ts';

const REFRESH_MS = 15_000;

/** Four figures of today over all gateways, each with the day's shape. */
export function TodayFigures() {
  const questions = useMemo(() => homeQuestions(Date.now()), []);
  const today = useQuery({ ...analyticsQuery(questions.today), refetchInterval: REFRESH_MS });
  const month = useQuery({ ...analyticsQuery(questions.month), refetchInterval: REFRESH_MS });
  if (today.error) return <FailureView error={today.error} onRetry={() => void today.refetch()} />;
  const figures = today.data && prepareToday(today.data);
  return (
    <section aria-label={words.today}>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-kumo-hairline bg-kumo-hairline lg:grid-cols-4">
        {cards(figures, month.data?.rows[0]?.cost).map((card) => (
          <Card key={card.label} {...card} />
        ))}
      </dl>
    </section>
  );
}

interface CardProps {
  readonly label: string;
  readonly figure: Figure | undefined;
  readonly format: (value: number) => string;
  readonly exact?: (value: number) => string;
  readonly note: string | null;
  readonly tone: 'tide' | 'danger' | 'success';
}

function cards(today: Today | undefined, month: number | undefined): CardProps[] {
  const requests = today?.requests.total ?? 0;
  const unpriced = today?.unpricedRequests ?? 0;
  return [
    { label: words.figures.requests, figure: today?.requests, format: formatCount, note: null, tone: 'tide' },
    {
      label: words.figures.cost,
      figure: today?.cost,
      format: formatMoney,
      exact: formatExactMoney,
      note:
        unpriced > 0
          ? words.atLeast(formatCount(unpriced))
          : month === undefined
            ? null
            : words.thisMonth(formatMoney(month)),
      tone: 'tide',
    },
    {
      label: words.figures.saved,
      figure: today?.saved,
      format: formatMoney,
      exact: formatExactMoney,
      note: requests > 0 ? words.hits(formatShare(today?.cachedRequests, requests)) : null,
      tone: 'success',
    },
    {
      label: words.figures.errors,
      figure: today?.errors,
      format: formatCount,
      note: requests > 0 ? words.ofRequests(formatShare(today?.errors.total, requests)) : null,
      tone: 'danger',
    },
  ];
}

function Card({ label, figure, format, exact, note, tone }: CardProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1 bg-kumo-base p-4">
      <dt className="text-sm text-kumo-subtle">{label}</dt>
      <dd className="m-0">
        {figure === undefined ? (
          <Skeleton className="h-[4.5rem] w-full" />
        ) : (
          <>
            <p className="text-xl tabular-nums" title={exact?.(figure.total)}>
              {format(figure.total)}
            </p>
            <p className="h-5 truncate text-xs text-kumo-subtle">{note}</p>
            <Sparkline
              className="mt-2 h-8 w-full"
              values={figure.values}
              label={words.perHour(label)}
              tone={tone}
            />
          </>
        )}
      </dd>
    </div>
  );
}

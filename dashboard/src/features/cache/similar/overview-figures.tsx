import { useQuery } from '@tanstack/react-query';
import { semanticSummaryQuery } from '../../../api/semantic.ts';
import { FailureView } from '../../../components/failure-view.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import type { TimeRange } from '../../../filters/time-range.ts';
import { semanticWords as words } from '../../../words/semantic.ts';
import { Counted } from './counted.tsx';
import { Figures } from './figures.tsx';

interface OverviewFiguresProps {
  readonly gateway: string;
  readonly range: TimeRange;
}

/** What similar answers bring, above the charts of all kinds of hits. */
export function OverviewFigures({ gateway, range }: OverviewFiguresProps) {
  const { data, error, refetch, isPlaceholderData } = useQuery(semanticSummaryQuery(gateway, range));
  return (
    <section aria-label={words.figures.title} className="mb-4">
      {error ? (
        <FailureView title={words.loadFailed} error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-24 w-full" />
      ) : (
        <div className={isPlaceholderData ? 'opacity-50' : ''}>
          <h2 className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 text-sm font-medium">
            {words.figures.title} <Counted summary={data} />
          </h2>
          <Figures gateway={gateway} range={range} summary={data} />
        </div>
      )}
    </section>
  );
}

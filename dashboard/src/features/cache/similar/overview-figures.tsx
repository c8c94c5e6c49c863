import { useQuery } from '@tanstack/react-query';
import { semanticSummaryQuery } from '../../../api/semantic.ts';
import { Loaded } from '../../../components/loaded.tsx';
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
  const summary = useQuery(semanticSummaryQuery(gateway, range));
  return (
    <section aria-label={words.figures.title} className="mb-4">
      <Loaded query={summary} failed={words.loadFailed} height="h-24" className="">
        {(data) => (
          <div className={summary.isPlaceholderData ? 'opacity-50' : ''}>
            <h2 className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 text-sm font-medium">
              {words.figures.title} <Counted summary={data} />
            </h2>
            <Figures gateway={gateway} range={range} summary={data} />
          </div>
        )}
      </Loaded>
    </section>
  );
}

import { Tabs } from '@cloudflare/kumo/components/tabs';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { gatewayQuery } from '../../api/gateways.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TimeRangeControl } from '../../filters/time-range-control.tsx';
import { useAddress, usePathParameter } from '../../filters/use-address.ts';
import { useView } from '../../filters/view.ts';
import { formatDuration } from '../../format/durations.ts';
import { cacheWords as words } from '../../words/cache.ts';
import { semanticWords } from '../../words/semantic.ts';
import { Charts } from './charts.tsx';
import { Entries } from './entries.tsx';
import { Models } from './models.tsx';
import { Purge } from './purge.tsx';
import { cacheQuestions, OF_ONE_TAB, readTab, TABS } from './queries.ts';
import { OverviewFigures } from './similar/overview-figures.tsx';

const SimilarTab = lazy(async () => ({ default: (await import('./similar/similar-tab.tsx')).SimilarTab }));
const HitsTab = lazy(async () => ({ default: (await import('./similar/hits-tab.tsx')).HitsTab }));
const PairsTab = lazy(async () => ({ default: (await import('./similar/pairs-tab.tsx')).PairsTab }));
const SimilarEntries = lazy(async () => ({
  default: (await import('./similar/entries.tsx')).SimilarEntries,
}));

/** Only these look at a stretch of time. */
const WITH_RANGE: ReadonlySet<string> = new Set(['overview', 'similar']);

export function Page() {
  const gateway = usePathParameter('gateway');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { data, error, refetch } = useQuery(gatewayQuery(gateway));
  const { search, change } = useAddress();
  const { view, changeView } = useView();
  const questions = useMemo(() => cacheQuestions(gateway, search, Date.now()), [gateway, search]);
  const tab = readTab(search);
  const [mayRead, mayEdit] = [may(session, 'read'), may(session, 'edit')];
  if (error) return <FailureView error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHeader
        title={words.title}
        text={
          data && (
            <>
              {data.cache_ttl > 0 ? words.on(formatDuration(data.cache_ttl * 1000)) : words.off}{' '}
              {words.similar(semanticWords.modeNames[data.semantic_cache?.mode ?? 'off'])}{' '}
              {mayRead && (
                <Link
                  to="/g/$gateway/settings"
                  params={{ gateway } as never}
                  hash="cache_ttl"
                  className="text-kumo-link underline"
                >
                  {words.settings}
                </Link>
              )}
            </>
          )
        }
      >
        {WITH_RANGE.has(tab) && (
          <TimeRangeControl range={view.range} onChange={(range) => changeView({ range })} />
        )}
        {tab === 'kept' && mayEdit && <Purge gateway={gateway} />}
      </PageHeader>
      <div className="mb-4 overflow-x-auto">
        <Tabs
          variant="underline"
          tabs={TABS.map((value) => ({ value, label: words.tabs[value] }))}
          value={tab}
          onValueChange={(value) =>
            change({
              ...Object.fromEntries(OF_ONE_TAB.map((name) => [name, undefined])),
              tab: value === 'overview' ? undefined : value,
            })
          }
        />
      </div>
      <div role="tabpanel" aria-label={words.tabs[tab]} className="min-w-0">
        <Suspense fallback={<Skeleton className="h-32 w-full" count={3} />}>
          {tab === 'overview' && (
            <>
              {data?.semantic_cache && data.semantic_cache.mode !== 'off' && (
                <OverviewFigures gateway={gateway} range={view.range} />
              )}
              <Charts
                gateway={gateway}
                view={view}
                questions={questions}
                onRange={(fromMs, toMs) =>
                  changeView({
                    range: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
                  })
                }
              />
              <Models gateway={gateway} view={view} questions={questions} />
            </>
          )}
          {tab === 'similar' && <SimilarTab gateway={gateway} range={view.range} {...{ mayRead, mayEdit }} />}
          {tab === 'hits' && <HitsTab gateway={gateway} {...{ mayRead, mayEdit }} />}
          {tab === 'pairs' && <PairsTab gateway={gateway} {...{ mayRead, mayEdit }} />}
          {tab === 'kept' && (
            <>
              <Entries gateway={gateway} mayEdit={mayEdit} />
              <SimilarEntries gateway={gateway} {...{ mayRead, mayEdit }} />
            </>
          )}
        </Suspense>
      </div>
    </>
  );
}

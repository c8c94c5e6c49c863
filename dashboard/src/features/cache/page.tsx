import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { gatewayQuery } from '../../api/gateways.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { TimeRangeControl } from '../../filters/time-range-control.tsx';
import { useAddress, usePathParameter } from '../../filters/use-address.ts';
import { useView } from '../../filters/view.ts';
import { formatDuration } from '../../format/durations.ts';
import { cacheWords as words } from '../../words/cache.ts';
import { Charts } from './charts.tsx';
import { Entries } from './entries.tsx';
import { Models } from './models.tsx';
import { Purge } from './purge.tsx';
import { cacheQuestions } from './queries.ts';

export function Page() {
  const gateway = usePathParameter('gateway');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { data, error, refetch } = useQuery(gatewayQuery(gateway));
  const { search } = useAddress();
  const { view, changeView } = useView();
  const questions = useMemo(() => cacheQuestions(gateway, search, Date.now()), [gateway, search]);
  const mayEdit = may(session, 'edit');
  if (error) return <FailureView error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHeader
        title={words.title}
        text={
          data && (
            <>
              {data.cache_ttl > 0 ? words.on(formatDuration(data.cache_ttl * 1000)) : words.off}{' '}
              <Link
                to="/g/$gateway/settings"
                params={{ gateway } as never}
                hash="cache_ttl"
                className="text-kumo-link underline"
              >
                {words.settings}
              </Link>
            </>
          )
        }
      >
        {mayEdit && <Purge gateway={gateway} />}
        <TimeRangeControl range={view.range} onChange={(range) => changeView({ range })} />
      </PageHeader>
      <Charts
        gateway={gateway}
        view={view}
        questions={questions}
        onRange={(fromMs, toMs) =>
          changeView({ range: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } })
        }
      />
      <Models gateway={gateway} view={view} questions={questions} />
      <Entries gateway={gateway} mayEdit={mayEdit} />
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { analyticsQuery } from '../../api/analytics.ts';
import { gatewayQuery } from '../../api/gateways.ts';
import { chartOfGroups } from '../../charts/answer-chart.ts';
import type { Color } from '../../charts/colors.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { logsLink, narrowed } from '../../filters/links.ts';
import { TimeRangeControl } from '../../filters/time-range-control.tsx';
import { useAddress, usePathParameter } from '../../filters/use-address.ts';
import { useView } from '../../filters/view.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatCount, formatShare, formatShort } from '../../format/numbers.ts';
import { limitsWords as words } from '../../words/limits.ts';
import { Last } from './last.tsx';
import { LIMITED, limitQuestions } from './queries.ts';
import { Who } from './who.tsx';

const LIMITED_COLOR = new Map<string, Color>([['', 'limited']]);

export function Page() {
  const gateway = usePathParameter('gateway');
  const { data, error, refetch } = useQuery(gatewayQuery(gateway));
  const { search } = useAddress();
  const { view, changeView } = useView();
  const navigate = useNavigate();
  const questions = useMemo(() => limitQuestions(gateway, search, Date.now()), [gateway, search]);
  const time = useQuery(analyticsQuery(questions.time));
  const totals = useQuery(analyticsQuery(questions.totals)).data?.rows[0];
  const chart = useMemo(
    () =>
      time.data &&
      chartOfGroups(time.data, (row) => row.rate_limited, {
        labelOf: () => words.limited,
        meanings: LIMITED_COLOR,
      }),
    [time.data],
  );
  if (error) return <FailureView error={error} onRetry={() => void refetch()} />;
  const isOn = data !== undefined && data.rate_limiting_limit > 0 && data.rate_limiting_interval > 0;
  return (
    <>
      <PageHeader
        title={words.title}
        text={
          data && (
            <>
              {isOn
                ? words.on(
                    formatCount(data.rate_limiting_limit),
                    formatDuration(data.rate_limiting_interval * 1000),
                    data.rate_limiting_technique,
                  )
                : words.off}{' '}
              <Link
                to="/g/$gateway/settings"
                params={{ gateway } as never}
                hash="rate_limiting_limit"
                className="text-kumo-link underline"
              >
                {words.settings}
              </Link>
            </>
          )
        }
      >
        <TimeRangeControl range={view.range} onChange={(range) => changeView({ range })} />
      </PageHeader>
      <TimeChart
        title={words.chart}
        kind="bars"
        data={chart}
        value={formatCount(totals?.rate_limited)}
        aside={
          totals && (
            <span className="text-xs text-kumo-subtle">
              {words.share(formatShare(totals.rate_limited, totals.requests))}
            </span>
          )
        }
        format={formatCount}
        formatAxis={formatShort}
        isStale={time.isPlaceholderData}
        error={time.error}
        onRetry={() => void time.refetch()}
        onZoom={(fromMs, toMs) =>
          changeView({ range: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } })
        }
        onOpen={(fromMs, toMs) => void navigate(logsLink(gateway, narrowed(view, fromMs, toMs, LIMITED)))}
        empty={words.noLimited}
      />
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <Who gateway={gateway} view={view} questions={questions} />
        <Last gateway={gateway} view={view} />
      </div>
    </>
  );
}

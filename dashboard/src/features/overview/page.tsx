import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { gatewayQuery } from '../../api/gateways.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { FirstRequest, useFirstRequest } from '../../connect/first-request.tsx';
import { FilterBar } from '../../filters/filter-bar.tsx';
import { useAddress, usePathParameter } from '../../filters/use-address.ts';
import { encodeView } from '../../filters/view.ts';
import { overviewWords as words } from '../../words/overview.ts';
import { BreakDownTable } from './break-down-table.tsx';
import { Charts } from './charts.tsx';
import { ConnectButton, FirstRun } from './connect.tsx';
import { BreakDownControl, CompareControl } from './controls.tsx';
import { readState } from './questions.ts';

export function Page() {
  const gateway = usePathParameter('gateway');
  const { search, change } = useAddress();
  const state = useMemo(() => readState(search), [search]);
  const { error, refetch } = useQuery(gatewayQuery(gateway));
  const record = useFirstRequest(gateway);
  const [hasWaited, setHasWaited] = useState(false);
  useEffect(() => {
    if (record === null) setHasWaited(true);
  }, [record]);
  if (error) return <FailureView error={error} onRetry={() => void refetch()} />;
  // A gateway that has seen nothing has nothing to chart: it says how to begin.
  if (record === null) {
    return (
      <>
        <PageHeader title={words.title} />
        <FirstRun gateway={gateway} />
      </>
    );
  }
  return (
    <>
      <PageHeader title={words.title}>
        <ConnectButton gateway={gateway} />
      </PageHeader>
      {hasWaited && (
        <div className="mb-4 rounded-lg border border-kumo-hairline bg-kumo-base px-4 py-3">
          <FirstRequest gateway={gateway} />
        </div>
      )}
      <FilterBar gateway={gateway} view={state.view} onChange={(patch) => change(encodeView(patch))}>
        <BreakDownControl
          gateway={gateway}
          state={state}
          onChange={(by) => change({ by: by ?? undefined, series: undefined })}
        />
        <CompareControl
          isCompared={state.isCompared}
          onChange={(compare) => change({ compare: compare ? '1' : undefined })}
        />
      </FilterBar>
      <Charts gateway={gateway} state={state} onView={(patch) => change(encodeView(patch))} />
      <BreakDownTable gateway={gateway} state={state} />
    </>
  );
}

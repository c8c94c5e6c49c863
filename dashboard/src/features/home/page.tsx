import { Button } from '@cloudflare/kumo/components/button';
import { PlusIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { gatewaysQuery } from '../../api/gateways.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { homeWords as words } from '../../words/home.ts';
import { AttentionStrip } from './attention-strip.tsx';
import { FirstRun } from './first-run.tsx';
import { GatewayTable } from './gateway-table.tsx';
import { TodayFigures } from './today-figures.tsx';

const CreateGateway = lazy(async () => ({
  default: (await import('./create-gateway.tsx')).CreateGateway,
}));

export function Page() {
  const { data: gateways, error, refetch } = useQuery(gatewaysQuery);
  const { data: session } = useQuery(sessionQuery);
  const [isCreating, setCreating] = useState(false);
  const mayCreate = session !== undefined && may(session, 'edit');
  const create = mayCreate && (
    <Button variant="primary" icon={<PlusIcon />} onClick={() => setCreating(true)}>
      {words.create}
    </Button>
  );
  if (error) return <FailureView error={error} onRetry={() => void refetch()} />;
  const isEmpty = gateways?.length === 0;
  return (
    <>
      <PageHeader title={words.title}>{!isEmpty && create}</PageHeader>
      {isEmpty ? (
        <Panel>
          <div className="flex flex-col items-center gap-3 px-4 py-16 text-center">
            <h2 className="text-base font-medium">{words.noGateways}</h2>
            <p className="max-w-md text-sm text-kumo-subtle">{words.noGatewaysText}</p>
            {create}
          </div>
        </Panel>
      ) : (
        <div className="flex flex-col gap-4">
          <TodayFigures />
          <AttentionStrip />
          <FirstRun gateways={gateways} />
          <GatewayTable gateways={gateways} />
        </div>
      )}
      {isCreating && (
        <Suspense>
          <CreateGateway onClose={() => setCreating(false)} taken={gateways?.map(({ id }) => id) ?? []} />
        </Suspense>
      )}
    </>
  );
}

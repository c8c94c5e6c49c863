import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { GatewayObject } from '../../../../src/api/contract.ts';
import { analyticsQuery } from '../../api/analytics.ts';
import { Panel } from '../../components/panel.tsx';
import { FirstRequest, useFirstRequest } from '../../connect/first-request.tsx';
import { ConnectPanel } from '../../connect/lazy-connect-panel.tsx';
import { homeWords as words } from '../../words/home.ts';

const EVER = { from: '-730d', to: 'now' } as const;
const POLL_MS = 5_000;

/** While nothing has ever come through: how to send the first request, and a line that waits for it. */
export function FirstRun({ gateways }: { readonly gateways: readonly GatewayObject[] | undefined }) {
  const { data } = useQuery({
    ...analyticsQuery({ gateway: null, range: EVER }),
    refetchInterval: ({ state }) => (state.data?.rows[0]?.requests === 0 ? POLL_MS : false),
  });
  const gateway = gateways?.[0]?.id;
  const record = useFirstRequest(gateway);
  const isWaiting = data?.rows[0]?.requests === 0;
  const [hasWaited, setHasWaited] = useState(false);
  useEffect(() => {
    if (isWaiting) setHasWaited(true);
  }, [isWaiting]);
  if (gateway === undefined || !(isWaiting || hasWaited)) return null;
  if (!isWaiting) {
    return record ? (
      <Panel>
        <div className="px-4 py-3">
          <FirstRequest gateway={gateway} />
        </div>
      </Panel>
    ) : null;
  }
  return (
    <Panel title={words.noTraffic} actions={<FirstRequest gateway={gateway} />}>
      <div className="flex flex-col gap-4 px-4 pb-4">
        <p className="text-sm text-kumo-subtle">{words.noTrafficText}</p>
        <ConnectPanel gateway={gateway} />
      </div>
    </Panel>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { GatewayObject } from '../../../../src/api/contract.ts';
import { analyticsQuery } from '../../api/analytics.ts';
import { logsQuery } from '../../api/logs.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { logsLink } from '../../filters/links.ts';
import { one, useAddress } from '../../filters/use-address.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { decodeSort, encodeSort } from '../../table/sort-rows.ts';
import { homeWords as words } from '../../words/home.ts';
import { type GatewayLine, homeQuestions, prepareGateways } from './prepare.ts';

const REFRESH_MS = 15_000;
const LAST_REFRESH_MS = 30_000;

interface GatewayTableProps {
  readonly gateways: readonly GatewayObject[] | undefined;
}

export function GatewayTable({ gateways }: GatewayTableProps) {
  const { search, change } = useAddress();
  const question = useMemo(() => homeQuestions(Date.now()).gateways, []);
  const { data, error, refetch } = useQuery({ ...analyticsQuery(question), refetchInterval: REFRESH_MS });
  const lines = useMemo(
    () =>
      gateways &&
      prepareGateways(
        gateways.map(({ id }) => id),
        data,
      ),
    [gateways, data],
  );
  const sort = decodeSort(
    one(search, 'sort'),
    COLUMNS.map(({ id }) => id),
  );
  return (
    <Panel
      title={words.gateways}
      actions={<span className="text-xs text-kumo-subtle">{words.last24Hours}</span>}
      className="overflow-hidden"
    >
      {error && (
        <div className="p-4">
          <FailureView error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {lines === undefined ? (
        <div className="p-4">
          <Skeleton className="h-9 w-full" count={3} />
        </div>
      ) : (
        <DataTable
          label={words.gateways}
          columns={COLUMNS}
          rows={lines}
          keyOf={({ id }) => id}
          sort={sort ?? { column: 'requests', direction: 'desc' }}
          onSort={(next) => change({ sort: encodeSort(next) }, { replace: true })}
        />
      )}
    </Panel>
  );
}

const failed = { key: 'success', operator: 'eq', values: ['false'] } as const;
const cached = { key: 'cached', operator: 'eq', values: ['true'] } as const;

const COLUMNS: readonly Column<GatewayLine>[] = [
  {
    id: 'gateway',
    title: words.columns.gateway,
    onPhone: 'title',
    sortValue: ({ id }) => id,
    cell: ({ id }) => (
      <Link
        to="/g/$gateway/overview"
        params={{ gateway: id } as never}
        className="font-medium text-kumo-link hover:underline"
      >
        {id}
      </Link>
    ),
  },
  {
    id: 'traffic',
    title: words.columns.traffic,
    onPhone: 'hidden',
    cell: ({ id, values }) => (
      <Sparkline className="h-5 w-32" values={values} label={`${id}: ${words.columns.traffic}`} />
    ),
  },
  {
    id: 'requests',
    title: words.columns.requests,
    align: 'right',
    sortValue: ({ requests }) => requests,
    cell: ({ id, requests }) => (
      <Link {...logsLink(id, {})} className="figures hover:underline">
        {formatCount(requests)}
      </Link>
    ),
  },
  {
    id: 'cost',
    title: words.columns.cost,
    align: 'right',
    sortValue: ({ cost }) => cost,
    cell: ({ cost, unpricedRequests }) => (
      <>
        {unpricedRequests > 0 && (
          <span title={words.atLeast(formatCount(unpricedRequests))} className="text-kumo-warning">
            ≥{' '}
          </span>
        )}
        <Money usd={cost} />
      </>
    ),
  },
  {
    id: 'errors',
    title: words.columns.errors,
    align: 'right',
    sortValue: ({ errors, requests }) => (requests > 0 ? errors / requests : null),
    cell: ({ id, errors, requests }) => (
      <Link
        {...logsLink(id, { filters: [failed] })}
        title={formatCount(errors)}
        className={`figures hover:underline ${errors > 0 ? 'text-kumo-danger' : ''}`}
      >
        {formatShare(errors, requests)}
      </Link>
    ),
  },
  {
    id: 'cached',
    title: words.columns.cached,
    align: 'right',
    sortValue: ({ cachedRequests, requests }) => (requests > 0 ? cachedRequests / requests : null),
    cell: ({ id, cachedRequests, requests }) => (
      <Link
        {...logsLink(id, { filters: [cached] })}
        title={formatCount(cachedRequests)}
        className={`figures hover:underline ${cachedRequests > 0 ? 'text-kumo-success' : ''}`}
      >
        {formatShare(cachedRequests, requests)}
      </Link>
    ),
  },
  {
    id: 'last',
    title: words.columns.last,
    align: 'right',
    cell: ({ id }) => <LastRequest gateway={id} />,
  },
];

function LastRequest({ gateway }: { readonly gateway: string }) {
  const { data } = useQuery({ ...logsQuery(gateway, { per_page: 1 }), refetchInterval: LAST_REFRESH_MS });
  const newest = data?.rows[0];
  if (data === undefined) return <span className="text-kumo-subtle">…</span>;
  if (newest === undefined) return <span className="text-kumo-subtle">{words.never}</span>;
  return (
    <Link
      to="/g/$gateway/logs/$log"
      params={{ gateway, log: newest.id } as never}
      className="text-kumo-subtle hover:underline"
    >
      <Moment at={newest.created_at} isRelative />
    </Link>
  );
}

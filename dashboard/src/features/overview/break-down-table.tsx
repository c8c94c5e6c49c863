import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type AnalyticsRow, analyticsQuery } from '../../api/analytics.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Money } from '../../components/money.tsx';
import { Panel } from '../../components/panel.tsx';
import { logsLink, narrowed } from '../../filters/links.ts';
import { isLive } from '../../filters/time-range.ts';
import { one, useAddress } from '../../filters/use-address.ts';
import { formatDuration } from '../../format/durations.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { decodeSort, encodeSort } from '../../table/sort-rows.ts';
import { overviewWords as words } from '../../words/overview.ts';
import { labelOf } from './controls.tsx';
import { useNames } from './names.ts';
import { type OverviewState, overviewQuestions } from './questions.ts';

interface BreakDownTableProps {
  readonly gateway: string;
  readonly state: OverviewState;
}

const REFRESH_MS = 15_000;
const perThousand = ({ cost, requests }: AnalyticsRow): number | null =>
  requests > 0 ? (cost / requests) * 1000 : null;

/** The same breakdown in figures; each name leads to its requests. */
export function BreakDownTable({ gateway, state }: BreakDownTableProps) {
  const { view, breakDown } = state;
  const dimension = breakDown ?? 'model';
  const nameOf = useNames(dimension);
  const { search, change } = useAddress();
  const question = useMemo(() => overviewQuestions(gateway, state, Date.now()).table, [gateway, state]);
  const rows = useQuery({
    ...analyticsQuery(question ?? { gateway, range: view.range }),
    refetchInterval: isLive(view.range) ? REFRESH_MS : false,
  });
  const columns: readonly Column<AnalyticsRow>[] = [
    {
      id: 'name',
      title: labelOf(dimension),
      onPhone: 'title',
      className: 'max-w-72',
      sortValue: ({ group }) => (group === null ? null : nameOf(group[0] ?? '')),
      cell: ({ group }) => {
        if (group === null) return <span className="text-kumo-subtle">{words.others}</span>;
        const value = group[0] ?? '';
        return (
          <Link
            {...logsLink(
              gateway,
              narrowed(view, null, null, { key: dimension, operator: 'eq', values: [value] }),
            )}
            title={words.seeRequests(nameOf(value))}
            className="figures block truncate text-kumo-link hover:underline"
          >
            {nameOf(value)}
          </Link>
        );
      },
    },
    number(
      'requests',
      words.columns.requests,
      (row) => row.requests,
      ({ requests }) => formatCount(requests),
    ),
    number(
      'errors',
      words.columns.errors,
      ({ errors, requests }) => errors / Math.max(1, requests),
      ({ errors, requests }) => (
        <span title={formatCount(errors)} className={errors > 0 ? 'text-kumo-danger' : ''}>
          {formatShare(errors, requests)}
        </span>
      ),
    ),
    number(
      'tokens',
      words.columns.tokens,
      (row) => row.tokens_in + row.tokens_out,
      (row) => (
        <span title={`${formatCount(row.tokens_in)} → ${formatCount(row.tokens_out)}`}>
          {formatCount(row.tokens_in + row.tokens_out)}
        </span>
      ),
    ),
    number(
      'cost',
      words.columns.cost,
      (row) => row.cost,
      ({ cost, unpriced_requests: unpriced }) => (
        <>
          {unpriced > 0 && (
            <span title={words.unpriced(formatCount(unpriced))} className="text-kumo-warning">
              ≥{' '}
            </span>
          )}
          <Money usd={cost} />
        </>
      ),
    ),
    number('per_thousand', words.columns.costPerThousand, perThousand, (row) => (
      <Money usd={perThousand(row)} />
    )),
    number(
      'p50',
      words.columns.p50,
      (row) => row.duration.p50,
      (row) => formatDuration(row.duration.p50),
    ),
    number(
      'p95',
      words.columns.p95,
      (row) => row.duration.p95,
      (row) => formatDuration(row.duration.p95),
    ),
    number(
      'cached',
      words.columns.cached,
      (row) => row.cached_requests / Math.max(1, row.requests),
      (row) => (
        <span
          title={formatCount(row.cached_requests)}
          className={row.cached_requests > 0 ? 'text-kumo-success' : ''}
        >
          {formatShare(row.cached_requests, row.requests)}
        </span>
      ),
    ),
  ];
  const sort = decodeSort(
    one(search, 'sort'),
    columns.map(({ id }) => id),
  );
  return (
    <Panel title={words.tableBy(labelOf(dimension))} className="mt-4 overflow-hidden">
      <Loaded query={rows} count={4}>
        {(data) => (
          <DataTable
            label={words.tableBy(labelOf(dimension))}
            columns={columns}
            rows={data.rows}
            keyOf={({ group }) => (group === null ? 'others' : `of ${group[0]}`)}
            sort={sort ?? { column: 'requests', direction: 'desc' }}
            onSort={(next) => change({ sort: encodeSort(next) }, { replace: true })}
            empty={words.emptyRange}
            isStale={rows.isPlaceholderData}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function number(
  id: string,
  title: string,
  sortValue: (row: AnalyticsRow) => number | null,
  cell: (row: AnalyticsRow) => React.ReactNode,
): Column<AnalyticsRow> {
  return {
    id,
    title,
    align: 'right',
    sortValue,
    cell: (row) => <span className="figures">{cell(row)}</span>,
  };
}

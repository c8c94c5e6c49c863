import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LogObject } from '../../../../src/api/contract.ts';
import { logsQuery } from '../../api/logs.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { logsLink, narrowed } from '../../filters/links.ts';
import { useAddress } from '../../filters/use-address.ts';
import type { View } from '../../filters/view.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { limitsWords as words } from '../../words/limits.ts';
import { LIMITED, lastInput } from './queries.ts';
import { useTokenName } from './who.tsx';

interface LastProps {
  readonly gateway: string;
  readonly view: View;
}

/** The last requests that were refused. */
export function Last({ gateway, view }: LastProps) {
  const { search } = useAddress();
  const tokenName = useTokenName();
  const { data, error, refetch } = useQuery(logsQuery(gateway, lastInput(search)));
  const { lastColumns } = words;
  const columns: readonly Column<LogObject>[] = [
    {
      id: 'time',
      title: lastColumns.time,
      onPhone: 'title',
      cell: ({ id, created_at }) => (
        <Link
          to="/g/$gateway/logs/$id"
          params={{ gateway, id } as never}
          title={words.open}
          className="text-kumo-link hover:underline"
        >
          <Moment at={created_at} />
        </Link>
      ),
    },
    {
      id: 'model',
      title: lastColumns.model,
      cell: ({ model }) => <bdi className="figures">{model === '' ? words.unknown : visibleText(model)}</bdi>,
    },
    {
      id: 'token',
      title: lastColumns.token,
      cell: ({ token_id }) => (token_id === null ? words.unknown : tokenName(token_id)),
    },
    {
      id: 'agent',
      title: lastColumns.agent,
      onPhone: 'hidden',
      cell: ({ user_agent }) => <bdi>{user_agent === null ? words.unknown : visibleText(user_agent)}</bdi>,
    },
  ];
  return (
    <Panel
      title={words.last}
      actions={
        <Link
          {...logsLink(gateway, narrowed(view, null, null, LIMITED))}
          className="text-sm text-kumo-link hover:underline"
        >
          {words.all}
        </Link>
      }
    >
      {error ? (
        <div className="p-4">
          <FailureView error={error} onRetry={() => void refetch()} />
        </div>
      ) : data === undefined ? (
        <div className="p-4">
          <Skeleton className="h-9 w-full" count={3} />
        </div>
      ) : (
        <DataTable
          label={words.last}
          columns={columns}
          rows={data.rows}
          keyOf={({ id }) => id}
          empty={words.noLimited}
        />
      )}
    </Panel>
  );
}

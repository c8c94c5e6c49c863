import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LogObject } from '../../../../src/api/contract.ts';
import { logsQuery } from '../../api/logs.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
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
  const last = useQuery(logsQuery(gateway, lastInput(search)));
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
      <Loaded query={last} count={3}>
        {(data) => (
          <DataTable
            label={words.last}
            columns={columns}
            rows={data.rows}
            keyOf={({ id }) => id}
            empty={words.noLimited}
          />
        )}
      </Loaded>
    </Panel>
  );
}

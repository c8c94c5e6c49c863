import { Input } from '@cloudflare/kumo/components/input';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type AgentSession, agentSessionsQuery } from '../../api/agent-sessions.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Money } from '../../components/money.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { TimeRangeControl } from '../../filters/time-range-control.tsx';
import { useAddress, usePathParameter } from '../../filters/use-address.ts';
import { useView } from '../../filters/view.ts';
import { formatDuration } from '../../format/durations.ts';
import { agentOf } from '../../format/log-facts.ts';
import { formatCount } from '../../format/numbers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { encodeSort } from '../../table/sort-rows.ts';
import { sessionWords as words } from '../../words/sessions.ts';
import { readSessionList, SORT_COLUMNS, sessionListQuestion } from './list-state.ts';
import { SessionState } from './session-state.tsx';

const REFRESH_MS = 10_000;
const TYPING_MS = 300;

export function Page() {
  const gateway = usePathParameter('gateway');
  const { search, change } = useAddress();
  const { view, changeView } = useView();
  const { sort, page } = readSessionList(search);
  const list = useQuery({
    ...agentSessionsQuery(gateway, sessionListQuestion(search)),
    refetchInterval: ({ state }) =>
      state.data?.rows.some((row) => row.state !== 'done') ? REFRESH_MS : false,
  });
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <SearchField text={view.text} onChange={(text) => changeView({ text }, { replace: true })} />
        <TimeRangeControl range={view.range} onChange={(range) => changeView({ range })} />
      </div>
      <Panel>
        <Loaded query={list} failed={words.failed} count={8}>
          {(data) => (
            <>
              <DataTable
                label={words.title}
                columns={columnsOf(gateway)}
                rows={data.rows}
                keyOf={({ id }) => id}
                sort={sort}
                // The order is the gateway's: a list of pages cannot be sorted here.
                onSort={(next) => {
                  if (SORT_COLUMNS[next.column] !== undefined)
                    change({ sort: encodeSort(next), page: undefined }, { replace: true });
                }}
                isStale={list.isPlaceholderData}
                empty={
                  <>
                    <p className="font-medium text-kumo-default">{words.emptyTitle}</p>
                    <p className="mx-auto mt-1 max-w-xl">{words.emptyText}</p>
                  </>
                }
              />
              <Pager
                info={{ ...data.info, page }}
                onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
              />
            </>
          )}
        </Loaded>
      </Panel>
    </>
  );
}

/** Asks when the typing pauses. */
function SearchField({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it calls only changes the address
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Input
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      value={typed}
      className="min-w-0 flex-1 basis-72"
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function columnsOf(gateway: string): readonly Column<AgentSession>[] {
  const sortedByServer = () => null;
  return [
    {
      id: 'title',
      title: words.columns.title,
      onPhone: 'title',
      className: 'sm:w-full sm:max-w-0',
      cell: (row) => <SessionLink gateway={gateway} row={row} />,
    },
    { id: 'state', title: words.columns.state, cell: ({ state }) => <SessionState state={state} /> },
    {
      id: 'agent',
      title: words.columns.agent,
      className: 'whitespace-nowrap',
      cell: ({ user_agent: agent }) => (
        <span title={agent === null ? words.noAgent : visibleText(agent)}>
          <HostileText text={agentOf(agent) ?? '—'} />
        </span>
      ),
    },
    {
      id: 'requests',
      title: words.columns.requests,
      align: 'right',
      sortValue: sortedByServer,
      cell: ({ requests }) => <span className="figures">{formatCount(requests)}</span>,
    },
    {
      id: 'duration',
      title: words.columns.duration,
      align: 'right',
      className: 'whitespace-nowrap',
      cell: (row) => <span className="figures">{formatDuration(lengthOf(row))}</span>,
    },
    {
      id: 'cost',
      title: words.columns.cost,
      align: 'right',
      sortValue: sortedByServer,
      cell: ({ cost }) => <Money usd={cost} />,
    },
    {
      id: 'errors',
      title: words.columns.errors,
      align: 'right',
      sortValue: sortedByServer,
      cell: ({ errors }) => (
        <span className={`figures ${errors > 0 ? 'text-kumo-danger' : 'text-kumo-subtle'}`}>
          {formatCount(errors)}
        </span>
      ),
    },
    {
      id: 'last',
      title: words.columns.last,
      align: 'right',
      className: 'whitespace-nowrap',
      sortValue: sortedByServer,
      cell: (row) => (
        <span className="figures">
          <Moment at={row.last_at} />
        </span>
      ),
    },
  ];
}

const lengthOf = (row: AgentSession): number => Date.parse(row.ended_at) - Date.parse(row.started_at);

function SessionLink({ gateway, row }: { readonly gateway: string; readonly row: AgentSession }) {
  return (
    <Link
      to="/g/$gateway/sessions/$session"
      params={{ gateway, session: row.id } as never}
      className="block truncate hover:underline"
      {...(row.title === null && { title: words.noTitle })}
    >
      {row.title === null ? (
        <span className="figures text-kumo-subtle">
          <HostileText text={row.id} />
        </span>
      ) : (
        <HostileText text={row.title} />
      )}
    </Link>
  );
}

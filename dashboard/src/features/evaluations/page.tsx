import { Button } from '@cloudflare/kumo/components/button';
import { PlusIcon } from '@phosphor-icons/react';
import { keepPreviousData, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  deleteEvaluation,
  type Evaluation,
  evaluationsQuery,
  evaluationTypesQuery,
} from '../../api/evaluations.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { one, useAddress, usePathParameter } from '../../filters/use-address.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { CreateDialog } from './create-dialog.tsx';
import { isRunning } from './prepare.ts';
import { Results } from './results.tsx';
import { State } from './state.tsx';

const REFRESH_MS = 5000;

export function Page() {
  const gateway = usePathParameter('gateway');
  const { search, change } = useAddress();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const page = Math.max(1, Math.trunc(Number(one(search, 'page') ?? '1')) || 1);
  const list = useQuery({
    ...evaluationsQuery(gateway, page),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.rows.some(isRunning) ? REFRESH_MS : false),
  });
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayEdit = may(session, 'edit');
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: ['evaluations', gateway] });
  const remove = async ({ id, name }: Evaluation): Promise<void> => {
    const question = { title: words.removeTitle(name), text: words.removeText };
    if (!(await confirm({ ...question, action: words.remove, isDangerous: true }))) return;
    await carryOut(() => deleteEvaluation(gateway, id), { done: words.removed, failed: words.removeFailed });
    await reload();
  };
  return (
    <>
      <PageHeader title={words.title} text={words.text}>
        {mayEdit && (
          <Button variant="primary" icon={<PlusIcon />} onClick={() => change({ new: '1' })}>
            {words.create}
          </Button>
        )}
      </PageHeader>
      <Panel>
        <Loaded query={list} count={3}>
          {(data) => (
            <>
              <EvaluationTable
                gateway={gateway}
                rows={data.rows}
                isStale={list.isPlaceholderData}
                remove={mayEdit ? remove : null}
              />
              <Pager
                info={data.info}
                onPage={(next) => change({ page: next === 1 ? undefined : String(next) })}
              />
            </>
          )}
        </Loaded>
      </Panel>
      <CreateDialog
        gateway={gateway}
        dataset={one(search, 'dataset')}
        isOpen={one(search, 'new') === '1' && mayEdit}
        onClose={() => change({ new: undefined, dataset: undefined }, { replace: true })}
        onCreated={(id) => {
          void reload();
          void navigate({ to: '/g/$gateway/evaluations/$id', params: { gateway, id } as never });
        }}
      />
    </>
  );
}

interface EvaluationTableProps {
  readonly gateway: string;
  readonly rows: readonly Evaluation[];
  readonly isStale: boolean;
  readonly remove: ((evaluation: Evaluation) => Promise<void>) | null;
}

function EvaluationTable({ gateway, rows, isStale, remove }: EvaluationTableProps) {
  const { data: types = [] } = useQuery(evaluationTypesQuery);
  const columns: readonly Column<Evaluation>[] = [
    {
      id: 'name',
      title: words.columns.name,
      onPhone: 'title',
      cell: ({ id, name }) => (
        <Link
          to="/g/$gateway/evaluations/$id"
          params={{ gateway, id } as never}
          className="font-medium break-all text-kumo-link hover:underline"
        >
          <bdi>{visibleText(name)}</bdi>
        </Link>
      ),
    },
    { id: 'state', title: words.columns.state, cell: (evaluation) => <State evaluation={evaluation} /> },
    {
      id: 'results',
      title: words.columns.results,
      onPhone: 'line',
      cell: ({ results }) => <Results results={results} types={types} />,
    },
    {
      id: 'created',
      title: words.columns.created,
      onPhone: 'hidden',
      cell: ({ created_at }) => <Moment at={created_at} isRelative />,
    },
    {
      id: 'actions',
      title: words.columns.actions,
      onPhone: 'line',
      align: 'right',
      cell: (evaluation) =>
        remove && (
          <Button
            className="ml-auto"
            size="sm"
            variant="secondary-destructive"
            aria-label={words.removeLabel(evaluation.name)}
            onClick={() => void remove(evaluation)}
          >
            {words.remove}
          </Button>
        ),
    },
  ];
  return (
    <DataTable
      label={words.list}
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      empty={words.empty}
      isStale={isStale}
    />
  );
}

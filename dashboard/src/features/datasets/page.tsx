import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { PlusIcon } from '@phosphor-icons/react';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DatasetObject } from '../../../../src/api/contract/evaluations.ts';
import { datasetsQuery, deleteDataset } from '../../api/datasets.ts';
import { may, sessionQuery } from '../../api/session.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { logsLink } from '../../filters/links.ts';
import { usePathParameter } from '../../filters/use-address.ts';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { datasetsWords as words } from '../../words/datasets.ts';
import { DatasetDialog } from './dialog.tsx';
import { logFilters, selectionText } from './prepare.ts';

const WIDE_RANGE = { from: '-90d', to: 'now' } as const;

export function Page() {
  const gateway = usePathParameter('gateway');
  const { data: session } = useSuspenseQuery(sessionQuery);
  const list = useQuery(datasetsQuery(gateway));
  const [edited, setEdited] = useState<DatasetObject | 'new' | null>(null);
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayEdit = may(session, 'edit');
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: ['datasets', gateway] });
  const remove = async (dataset: DatasetObject): Promise<void> => {
    const question = { title: words.removeTitle(dataset.name), text: words.removeText };
    if (!(await confirm({ ...question, action: words.remove, isDangerous: true }))) return;
    await carryOut(() => deleteDataset(gateway, dataset.id), {
      done: words.removed,
      failed: words.removeFailed,
    });
    await reload();
  };
  const evaluate = ({ id }: DatasetObject): void => {
    const to = '/g/$gateway/evaluations';
    void navigate({ to, params: { gateway } as never, search: { new: '1', dataset: id } as never });
  };
  return (
    <>
      <PageHeader title={words.title} text={words.text}>
        {mayEdit && (
          <Button variant="primary" icon={<PlusIcon />} onClick={() => setEdited('new')}>
            {words.create}
          </Button>
        )}
      </PageHeader>
      <Panel>
        <Loaded query={list} count={3}>
          {(data) => (
            <DataTable
              label={words.list}
              columns={columnsOf(gateway, mayEdit && { change: setEdited, remove, evaluate })}
              rows={data}
              keyOf={({ id }) => id}
              empty={words.empty}
            />
          )}
        </Loaded>
      </Panel>
      <DatasetDialog
        gateway={gateway}
        dataset={edited === 'new' ? null : edited}
        isOpen={edited !== null}
        onClose={() => setEdited(null)}
        onSaved={reload}
      />
    </>
  );
}

interface Actions {
  readonly change: (dataset: DatasetObject) => void;
  readonly remove: (dataset: DatasetObject) => Promise<void>;
  readonly evaluate: (dataset: DatasetObject) => void;
}

function columnsOf(gateway: string, actions: Actions | false): readonly Column<DatasetObject>[] {
  const shown: Column<DatasetObject>[] = [
    {
      id: 'name',
      title: words.columns.name,
      onPhone: 'title',
      cell: (dataset) => (
        <Link
          {...logsLink(gateway, { range: WIDE_RANGE, filters: logFilters(dataset) })}
          title={words.seeLogs}
          className="font-medium break-all text-kumo-link hover:underline"
        >
          <bdi>{visibleText(dataset.name)}</bdi>
        </Link>
      ),
    },
    {
      id: 'selection',
      title: words.columns.selection,
      cell: (dataset) => <bdi className="break-words">{visibleText(selectionText(dataset))}</bdi>,
    },
    {
      id: 'state',
      title: words.columns.state,
      cell: ({ enable }) => (
        <Badge variant={enable ? 'success' : 'secondary'}>{enable ? words.on : words.off}</Badge>
      ),
    },
    {
      id: 'created',
      title: words.columns.created,
      onPhone: 'hidden',
      cell: ({ created_at }) => <Moment at={created_at} isRelative />,
    },
  ];
  if (actions === false) return shown;
  return [
    ...shown,
    {
      id: 'actions',
      title: words.columns.actions,
      onPhone: 'line',
      align: 'right',
      cell: (dataset) => (
        <span className="inline-flex justify-end gap-2 py-1">
          {dataset.enable && (
            <Button
              size="sm"
              aria-label={words.evaluateLabel(dataset.name)}
              onClick={() => actions.evaluate(dataset)}
            >
              {words.evaluate}
            </Button>
          )}
          <Button
            size="sm"
            aria-label={words.changeLabel(dataset.name)}
            onClick={() => actions.change(dataset)}
          >
            {words.change}
          </Button>
          <Button
            size="sm"
            variant="secondary-destructive"
            aria-label={words.removeLabel(dataset.name)}
            onClick={() => void actions.remove(dataset)}
          >
            {words.remove}
          </Button>
        </span>
      ),
    },
  ];
}

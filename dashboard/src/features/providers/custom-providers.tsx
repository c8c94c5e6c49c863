import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { PlusIcon } from '@phosphor-icons/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CustomProvider, customProvidersQuery, deleteCustomProvider } from '../../api/provider-keys.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { visibleText } from '../../format/visible-text.ts';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { providersWords as words } from '../../words/providers.ts';
import { CustomDialog } from './custom-dialog.tsx';

export function CustomProviders({ mayEdit }: { readonly mayEdit: boolean }) {
  const list = useQuery(customProvidersQuery);
  const [edited, setEdited] = useState<CustomProvider | 'new' | null>(null);
  const client = useQueryClient();
  const reload = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['custom-providers'] }),
      client.invalidateQueries({ queryKey: ['providers'] }),
    ]);
  };
  const remove = async (provider: CustomProvider): Promise<void> => {
    const question = { title: words.removeCustomTitle(provider.name), text: words.removeCustomText };
    if (!(await confirm({ ...question, action: words.remove, isDangerous: true }))) return;
    await carryOut(() => deleteCustomProvider(provider.id), {
      done: words.removed,
      failed: words.removeFailed,
    });
    await reload();
  };
  const columns: Column<CustomProvider>[] = [
    {
      id: 'name',
      title: words.columns.name,
      onPhone: 'title',
      cell: (provider) => (
        <span className="font-medium">
          <bdi>{visibleText(provider.name)}</bdi>
        </span>
      ),
    },
    {
      id: 'slug',
      title: words.columns.slug,
      cell: ({ slug }) => <code className="figures">custom-{slug}</code>,
    },
    {
      id: 'base',
      title: words.columns.base,
      cell: ({ base_url }) => <code className="figures break-all">{base_url}</code>,
    },
    {
      id: 'state',
      title: words.columns.state,
      cell: ({ enable }) => (
        <Badge variant={enable ? 'success' : 'secondary'}>{enable ? words.on : words.off}</Badge>
      ),
    },
    {
      id: 'changed',
      title: words.columns.changed,
      onPhone: 'hidden',
      cell: (provider) => <Moment at={provider.modified_at} isRelative />,
    },
    {
      id: 'actions',
      title: words.columns.actions,
      onPhone: 'line',
      align: 'right',
      cell: (provider) =>
        mayEdit && (
          <span className="inline-flex justify-end gap-2">
            <Button
              size="sm"
              aria-label={words.changeLabel(provider.name)}
              onClick={() => setEdited(provider)}
            >
              {words.changeCustom}
            </Button>
            <Button
              size="sm"
              variant="secondary-destructive"
              aria-label={words.removeLabel(provider.name)}
              onClick={() => void remove(provider)}
            >
              {words.remove}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <Panel
      title={words.custom}
      actions={
        mayEdit && (
          <Button size="sm" icon={<PlusIcon />} onClick={() => setEdited('new')}>
            {words.addCustom}
          </Button>
        )
      }
    >
      <p className="px-4 pb-3 text-sm text-kumo-subtle">{words.customText}</p>
      <Loaded query={list} count={2} className="p-4 pt-0">
        {(data) => (
          <DataTable
            label={words.custom}
            columns={columns}
            rows={data.rows}
            keyOf={({ id }) => id}
            empty={words.noCustom}
          />
        )}
      </Loaded>
      <CustomDialog
        provider={edited === 'new' ? null : edited}
        isOpen={edited !== null}
        onClose={() => setEdited(null)}
        onSaved={reload}
      />
    </Panel>
  );
}

import { Button } from '@cloudflare/kumo/components/button';
import { PlusIcon } from '@phosphor-icons/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteProviderKey, type ProviderKey, providerKeysQuery } from '../../api/provider-keys.ts';
import { carryOut } from '../../components/carry-out.ts';
import { confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { providersWords as words } from '../../words/providers.ts';
import { AddKey, ReplaceKey } from './key-dialogs.tsx';
import { TestKey } from './test-key.tsx';

interface KeysProps {
  readonly gateway: string;
  readonly mayEdit: boolean;
  readonly providers: readonly string[];
}

const nameOf = (key: ProviderKey): string => `${key.provider_slug} ${key.alias}`;

export function Keys({ gateway, mayEdit, providers }: KeysProps) {
  const list = useQuery(providerKeysQuery(gateway));
  const [isAdding, setAdding] = useState(false);
  const [replacing, setReplacing] = useState<ProviderKey | null>(null);
  const client = useQueryClient();
  const reload = (): Promise<void> => client.invalidateQueries({ queryKey: ['provider-keys', gateway] });
  const remove = async (key: ProviderKey): Promise<void> => {
    const question = { title: words.removeKeyTitle(nameOf(key)), text: words.removeKeyText };
    if (!(await confirm({ ...question, action: words.remove, isDangerous: true }))) return;
    await carryOut(() => deleteProviderKey(key), { done: words.removed, failed: words.removeFailed });
    await reload();
  };
  return (
    <Panel
      title={words.keys}
      actions={
        mayEdit && (
          <Button size="sm" variant="primary" icon={<PlusIcon />} onClick={() => setAdding(true)}>
            {words.addKey}
          </Button>
        )
      }
    >
      <p className="px-4 pb-3 text-sm text-kumo-subtle">{words.keysText}</p>
      <Loaded query={list} count={2} className="p-4 pt-0">
        {(data) => (
          <DataTable
            label={words.keys}
            columns={columnsOf(mayEdit, setReplacing, remove)}
            rows={data.rows}
            keyOf={({ id }) => id}
            empty={words.noKeys}
          />
        )}
      </Loaded>
      <AddKey
        gateway={gateway}
        providers={providers}
        isOpen={isAdding}
        onClose={() => setAdding(false)}
        onStored={reload}
      />
      <ReplaceKey storedKey={replacing} onClose={() => setReplacing(null)} onStored={reload} />
    </Panel>
  );
}

function columnsOf(
  mayEdit: boolean,
  replace: (key: ProviderKey) => void,
  remove: (key: ProviderKey) => Promise<void>,
): readonly Column<ProviderKey>[] {
  const shown: Column<ProviderKey>[] = [
    {
      id: 'provider',
      title: words.columns.provider,
      onPhone: 'title',
      cell: (key) => <span className="font-medium">{key.provider_slug}</span>,
    },
    { id: 'alias', title: words.columns.alias, cell: (key) => <code className="figures">{key.alias}</code> },
    {
      id: 'key',
      title: words.columns.key,
      cell: (key) => (
        <span className="text-kumo-subtle">
          {key.secret_preview === '' ? words.hidden : words.ending(key.secret_preview)}
        </span>
      ),
    },
    {
      id: 'default',
      title: words.columns.isDefault,
      cell: (key) => (key.default_config ? words.yes : words.no),
    },
    {
      id: 'changed',
      title: words.columns.changed,
      cell: (key) => <Moment at={key.modified_at} isRelative />,
    },
  ];
  if (!mayEdit) return shown;
  return [
    ...shown,
    {
      id: 'actions',
      title: words.columns.actions,
      onPhone: 'line',
      align: 'right',
      cell: (key) => (
        <span className="inline-flex justify-end gap-2">
          <TestKey storedKey={key} name={nameOf(key)} />
          <Button size="sm" aria-label={words.replaceLabel(nameOf(key))} onClick={() => replace(key)}>
            {words.replace}
          </Button>
          <Button
            size="sm"
            variant="secondary-destructive"
            aria-label={words.removeLabel(nameOf(key))}
            onClick={() => void remove(key)}
          >
            {words.remove}
          </Button>
        </span>
      ),
    },
  ];
}

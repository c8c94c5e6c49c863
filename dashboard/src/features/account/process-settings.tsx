import { useQuery } from '@tanstack/react-query';
import { type ProcessSetting, processSettingsQuery } from '../../api/process.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Column, DataTable } from '../../table/data-table.tsx';
import { accountWords as words } from '../../words/account.ts';
import { settingText } from './prepare.ts';

const columns: readonly Column<ProcessSetting>[] = [
  {
    id: 'name',
    title: words.settingColumns.name,
    onPhone: 'title',
    className: 'w-1/2',
    cell: ({ name, description }) => (
      <span className="block py-1.5">
        <code className="figures">{name}</code>
        <span className="block text-xs text-kumo-subtle">{description}</span>
      </span>
    ),
  },
  {
    id: 'value',
    title: words.settingColumns.value,
    cell: (setting) => (
      <span className={`figures break-all ${setting.value === null ? 'text-kumo-subtle' : ''}`}>
        {settingText(setting)}
      </span>
    ),
  },
  {
    id: 'source',
    title: words.settingColumns.source,
    cell: ({ source, where, overridden }) => (
      <span title={overridden.length > 0 ? words.overridden(overridden.join(', ')) : undefined}>
        {source === 'default' ? words.settingSources.default : where}
        {overridden.length > 0 && ' *'}
      </span>
    ),
  },
];

export function ProcessSettingsTab() {
  const list = useQuery(processSettingsQuery);
  return (
    <>
      <p className="mb-4 max-w-2xl text-sm text-kumo-subtle">{words.settingsText}</p>
      <Panel>
        <Loaded query={list} count={8} height="h-12">
          {(data) => (
            <DataTable label={words.tabs.settings} columns={columns} rows={data} keyOf={({ name }) => name} />
          )}
        </Loaded>
      </Panel>
    </>
  );
}

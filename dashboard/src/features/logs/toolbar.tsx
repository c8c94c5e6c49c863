import { Button } from '@cloudflare/kumo/components/button';
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { Switch } from '@cloudflare/kumo/components/switch';
import {
  ArrowClockwiseIcon,
  ColumnsIcon,
  DotsThreeIcon,
  DownloadSimpleIcon,
  TrashIcon,
} from '@phosphor-icons/react';
import { useQueryClient } from '@tanstack/react-query';
import { EXPORTS, exportAddress } from '../../api/logs.ts';
import { may, type Session } from '../../api/session.ts';
import { IconButton } from '../../components/icon-button.tsx';
import type { View } from '../../filters/view.ts';
import { formatCount } from '../../format/numbers.ts';
import { type Density, density } from '../../table/density.ts';
import { logWords as words } from '../../words/logs.ts';
import { askAndDelete } from './delete-logs.ts';
import { deletionOf } from './deletion.ts';
import { ALL_COLUMNS, DEFAULT_COLUMNS, type ListState } from './list-state.ts';

interface ToolbarProps {
  readonly gateway: string;
  readonly session: Session;
  readonly view: View;
  readonly state: ListState;
  readonly total: number | undefined;
  readonly isFetching: boolean;
  readonly onChange: (patch: Partial<ListState>) => void;
  readonly onRefresh: () => void;
}

export function Toolbar(props: ToolbarProps) {
  const { state, isFetching, onChange, onRefresh } = props;
  return (
    <>
      <span title={words.liveHint} className="mr-1">
        <Switch
          size="sm"
          label={words.live}
          checked={state.isLive}
          onCheckedChange={(isLive) =>
            onChange({ isLive, sort: { column: 'created_at', direction: 'desc' } })
          }
        />
      </span>
      <IconButton
        label={words.refresh}
        icon={<ArrowClockwiseIcon />}
        isBusy={isFetching}
        onClick={onRefresh}
      />
      <ColumnMenu {...props} />
      <ExportMenu {...props} />
    </>
  );
}

function ColumnMenu({ state: { columns }, onChange }: ToolbarProps) {
  const height = density.use();
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger render={<Button size="sm" icon={<ColumnsIcon />} className="max-sm:hidden" />}>
        {words.chooseColumns}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content align="end" className="min-w-52">
        <DropdownMenu.Group>
          <DropdownMenu.Label>{words.chooseColumns}</DropdownMenu.Label>
          {ALL_COLUMNS.map((id) => (
            <DropdownMenu.CheckboxItem
              key={id}
              checked={columns.includes(id)}
              closeOnClick={false}
              disabled={id === 'time'}
              onCheckedChange={(isShown) =>
                onChange({ columns: isShown ? [...columns, id] : columns.filter((one) => one !== id) })
              }
            >
              {words.columns[id]}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Item onClick={() => onChange({ columns: DEFAULT_COLUMNS })}>
            {words.defaultColumns}
          </DropdownMenu.Item>
        </DropdownMenu.Group>
        <DropdownMenu.Separator />
        <DropdownMenu.Group>
          <DropdownMenu.Label>{words.density}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={height} onValueChange={(value: Density) => density.set(value)}>
            {(['comfortable', 'compact'] as const).map((value) => (
              <DropdownMenu.RadioItem key={value} value={value}>
                {words[value]}
                <DropdownMenu.RadioItemIndicator />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Group>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

function ExportMenu({ gateway, session, view, total, onRefresh }: ToolbarProps) {
  const client = useQueryClient();
  const deletion = deletionOf(view, Date.now());
  const remove = async (): Promise<void> => {
    if (deletion === null) return;
    if (await askAndDelete(gateway, deletion, total ?? 0)) {
      void client.invalidateQueries({ queryKey: ['analytics'] });
      onRefresh();
    }
  };
  return (
    <DropdownMenu>
      <DropdownMenu.Trigger
        render={
          <Button
            size="sm"
            shape="square"
            aria-label={words.more}
            title={words.more}
            icon={<DotsThreeIcon weight="bold" />}
          />
        }
      />
      <DropdownMenu.Content align="end" className="min-w-56">
        <DropdownMenu.Group>
          <DropdownMenu.Label>
            {words.exportAs}
            {total !== undefined && `: ${words.exportAll(formatCount(total))}`}
          </DropdownMenu.Label>
          {EXPORTS.filter((form) => form !== 'bodies' || may(session, 'read')).map((form) => (
            <DropdownMenu.LinkItem
              key={form}
              icon={DownloadSimpleIcon}
              href={exportAddress(gateway, form, view)}
              download
            >
              {words[form]}
            </DropdownMenu.LinkItem>
          ))}
        </DropdownMenu.Group>
        {may(session, 'edit') && (
          <>
            <DropdownMenu.Separator />
            <DropdownMenu.Item
              variant="danger"
              icon={TrashIcon}
              disabled={deletion === null || total === 0}
              title={deletion === null ? words.deleteSearch : undefined}
              onClick={() => void remove()}
            >
              {words.deleteAll}
            </DropdownMenu.Item>
          </>
        )}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

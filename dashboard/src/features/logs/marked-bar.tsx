import { Button } from '@cloudflare/kumo/components/button';
import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import {
  ColumnsPlusRightIcon,
  DatabaseIcon,
  DownloadSimpleIcon,
  TrashIcon,
  XIcon,
} from '@phosphor-icons/react';
import { lazy, Suspense, useState } from 'react';
import { EXPORTS, exportAddress } from '../../api/logs.ts';
import { may, type Session } from '../../api/session.ts';
import { IconButton } from '../../components/icon-button.tsx';
import type { View } from '../../filters/view.ts';
import { formatCount } from '../../format/numbers.ts';
import { logWords as words } from '../../words/logs.ts';
import { askAndDelete } from './delete-logs.ts';
import { deletionOfIds } from './deletion.ts';

const DatasetDialog = lazy(async () => ({
  default: (await import('../record/dataset-dialog.tsx')).DatasetDialog,
}));

interface MarkedBarProps {
  readonly gateway: string;
  readonly session: Session;
  readonly marked: ReadonlySet<string>;
  readonly onClear: () => void;
  readonly onCompare: (ids: readonly [string, string]) => void;
  readonly onDeleted: () => void;
}

/** Records are kept for years: marked ones are asked for without a range. */
const EVER = { from: '-9999d', to: 'now' } as const;

/** What can be done with the rows that are marked. */
export function MarkedBar({ gateway, session, marked, onClear, onCompare, onDeleted }: MarkedBarProps) {
  const [isAdding, setAdding] = useState(false);
  const ids = [...marked];
  const [left, right] = ids;
  const view: View = { range: EVER, filters: deletionOfIds(ids), text: '' };
  const remove = async (): Promise<void> => {
    if (await askAndDelete(gateway, deletionOfIds(ids), ids.length)) onDeleted();
  };
  return (
    <div
      role="toolbar"
      aria-label={words.marked(formatCount(ids.length))}
      className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-2 rounded-lg border border-kumo-hairline bg-kumo-elevated px-3 py-2 shadow-lg"
    >
      <span role="status" className="px-1 text-sm">
        {words.marked(formatCount(ids.length))}
      </span>
      <DropdownMenu>
        <DropdownMenu.Trigger render={<Button size="sm" icon={<DownloadSimpleIcon />} />}>
          {words.exportAs}
        </DropdownMenu.Trigger>
        <DropdownMenu.Content>
          {EXPORTS.filter((form) => form !== 'bodies' || may(session, 'read')).map((form) => (
            <DropdownMenu.LinkItem key={form} href={exportAddress(gateway, form, view)} download>
              {words[form]}
            </DropdownMenu.LinkItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu>
      {may(session, 'edit') && (
        <Button size="sm" icon={<DatabaseIcon />} onClick={() => setAdding(true)}>
          {words.addToDataset}
        </Button>
      )}
      <Button
        size="sm"
        icon={<ColumnsPlusRightIcon />}
        disabled={ids.length !== 2}
        title={ids.length === 2 ? undefined : words.compareHint}
        onClick={() => left && right && onCompare([left, right])}
      >
        {words.compare}
      </Button>
      {may(session, 'edit') && (
        <Button size="sm" variant="secondary-destructive" icon={<TrashIcon />} onClick={() => void remove()}>
          {words.deleteAction}
        </Button>
      )}
      <IconButton label={words.clearMarked} icon={<XIcon />} onClick={onClear} />
      {isAdding && (
        <Suspense>
          <DatasetDialog gateway={gateway} ids={ids} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </div>
  );
}

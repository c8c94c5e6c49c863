import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Dataset, datasetsQuery, recordsInDataset } from '../../api/datasets.ts';
import { type LogRow, logsQuery } from '../../api/logs.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { formatTime } from '../../format/times.ts';
import { visibleText } from '../../format/visible-text.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { shellWords } from '../../words/shell.ts';

interface LoadDialogProps {
  readonly gateway: string;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** A request from the logs by its id, or one of a dataset. */
export function LoadDialog({ gateway, onChoose, onClose }: LoadDialogProps) {
  const [id, setId] = useState('');
  const { data: datasets = [] } = useQuery(datasetsQuery(gateway));
  const [chosen, setChosen] = useState<string | null>(null);
  const dataset = datasets.find((one) => one.id === chosen);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() !== '') onChoose(id.trim());
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog className="max-h-[90dvh] overflow-y-auto p-6" size="lg">
        <Dialog.Title className="text-base font-medium">{words.loadTitle}</Dialog.Title>
        <Dialog.Description className="mt-1 text-sm text-kumo-subtle">{words.loadText}</Dialog.Description>
        <form className="mt-4 flex items-end gap-2" onSubmit={submit}>
          <div className="min-w-0 flex-1">
            <Input
              className="w-full font-mono text-[13px]"
              label={words.recordId}
              placeholder={words.recordIdHint}
              value={id}
              maxLength={64}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setId(event.target.value)}
            />
          </div>
          <Button type="submit" variant="primary" disabled={id.trim() === ''}>
            {words.loadAction}
          </Button>
        </form>
        {datasets.length > 0 && (
          <div className="mt-5 flex flex-col gap-3">
            <Select
              label={words.dataset}
              placeholder={words.chooseDataset}
              value={chosen}
              onValueChange={(value) => setChosen(value === null ? null : String(value))}
              items={Object.fromEntries(datasets.map((one) => [one.id, visibleText(one.name)]))}
            />
            {dataset && <DatasetRecords gateway={gateway} dataset={dataset} onChoose={onChoose} />}
          </div>
        )}
        <div className="mt-6 flex justify-end">
          <Button onClick={onClose}>{shellWords.cancel}</Button>
        </div>
      </Dialog>
    </Dialog.Root>
  );
}

interface DatasetRecordsProps {
  readonly gateway: string;
  readonly dataset: Dataset;
  readonly onChoose: (id: string) => void;
}

function DatasetRecords({ gateway, dataset, onChoose }: DatasetRecordsProps) {
  const records = useQuery(logsQuery(gateway, recordsInDataset(dataset)));
  return (
    <Loaded query={records} count={4} className="">
      {({ rows }) =>
        rows.length === 0 ? (
          <p className="text-sm text-kumo-subtle">{words.datasetEmpty}</p>
        ) : (
          <RecordList rows={rows} onChoose={onChoose} />
        )
      }
    </Loaded>
  );
}

interface RecordListProps {
  readonly rows: readonly LogRow[];
  readonly onChoose: (id: string) => void;
}

function RecordList({ rows, onChoose }: RecordListProps) {
  return (
    <div>
      <p className="mb-1 text-xs text-kumo-subtle">{words.latest}</p>
      <ul className="max-h-72 overflow-y-auto rounded-md border border-kumo-hairline">
        {rows.map((log) => (
          <li key={log.id} className="border-b border-kumo-hairline last:border-b-0">
            <button
              type="button"
              className="flex w-full min-w-0 flex-col gap-0.5 px-3 py-2 text-left hover:bg-kumo-tint"
              aria-label={words.loadRecord(visibleText(log.prompt_preview ?? log.id))}
              onClick={() => onChoose(log.id)}
            >
              <span className="max-w-full truncate">
                <HostileText text={log.prompt_preview ?? words.noPrompt} />
              </span>
              <span className="figures max-w-full truncate text-kumo-subtle">
                {formatTime(log.created_at)} · <HostileText text={log.model} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  createRecordDataset,
  datasetsQuery,
  MOST_DATASET_RECORDS,
  recordsOf,
  setDatasetRecords,
} from '../../api/datasets.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { notify } from '../../components/toasts.ts';
import { formatCount } from '../../format/numbers.ts';
import { datasetWords as words } from '../../words/record.ts';

interface DatasetDialogProps {
  readonly gateway: string;
  readonly ids: readonly string[];
  readonly onClose: () => void;
}

const NEW = '';

/** Puts records into a dataset that is a list of records, or into a new one. */
export function DatasetDialog({ gateway, ids, onClose }: DatasetDialogProps) {
  const client = useQueryClient();
  const { data: all } = useQuery(datasetsQuery(gateway));
  const lists = (all ?? []).filter((dataset) => recordsOf(dataset) !== null);
  const [chosen, setChosen] = useState(NEW);
  const [name, setName] = useState('');
  const dataset = lists.find(({ id }) => id === chosen);
  const count = formatCount(ids.length);
  const submit = async (): Promise<void> => {
    const wanted = [...new Set([...(dataset ? recordsOf(dataset)! : []), ...ids])];
    if (wanted.length > MOST_DATASET_RECORDS)
      throw new Error(words.tooMany(formatCount(MOST_DATASET_RECORDS)));
    const saved = dataset
      ? await setDatasetRecords(gateway, dataset, wanted)
      : await createRecordDataset(gateway, name.trim(), wanted);
    void client.invalidateQueries({ queryKey: ['datasets', gateway] });
    notify({ title: words.added(count, saved.name), variant: 'success' });
  };
  return (
    <FormDialog
      isOpen
      onClose={onClose}
      title={words.title(count)}
      text={words.text}
      action={words.add}
      isReady={dataset !== undefined || name.trim() !== ''}
      onSubmit={submit}
    >
      {lists.length > 0 && (
        <Select
          label={words.existing}
          value={chosen}
          onValueChange={(value) => setChosen(String(value))}
          items={[
            { value: NEW, label: words.new },
            ...lists.map(({ id, name: label }) => ({ value: id, label })),
          ]}
        />
      )}
      {dataset === undefined && (
        <Input
          label={words.name}
          value={name}
          maxLength={256}
          autoComplete="off"
          className="w-full"
          onChange={(event) => setName(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

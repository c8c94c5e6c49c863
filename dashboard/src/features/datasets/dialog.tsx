import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { Switch } from '@cloudflare/kumo/components/switch';
import { PlusIcon, XIcon } from '@phosphor-icons/react';
import { useState } from 'react';
import type { DatasetObject } from '../../../../src/api/contract/evaluations.ts';
import { createDataset, replaceDataset } from '../../api/datasets.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { notify } from '../../components/toasts.ts';
import { datasetsWords as words } from '../../words/datasets.ts';
import { type Condition, conditionsOf, filtersOf, NEW_CONDITION } from './prepare.ts';

interface DatasetDialogProps {
  readonly gateway: string;
  /** The one that is changed; null for a new one. */
  readonly dataset: DatasetObject | null;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}

export function DatasetDialog(props: DatasetDialogProps) {
  return props.isOpen ? <OpenDatasetDialog key={props.dataset?.id ?? ''} {...props} /> : null;
}

function OpenDatasetDialog({ gateway, dataset, isOpen, onClose, onSaved }: DatasetDialogProps) {
  const [name, setName] = useState(dataset?.name ?? '');
  const [isEnabled, setEnabled] = useState(dataset?.enable ?? true);
  const [conditions, setConditions] = useState<readonly Condition[]>(() =>
    dataset === null ? [NEW_CONDITION] : conditionsOf(dataset),
  );
  const save = async (): Promise<void> => {
    const body = { name: name.trim(), enable: isEnabled, filters: filtersOf(conditions) };
    await (dataset === null ? createDataset(gateway, body) : replaceDataset(gateway, dataset.id, body));
    notify({ title: words.saved, variant: 'success' });
    await onSaved();
  };
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={dataset === null ? words.create : words.changeTitle(dataset.name)}
      text={words.conditionsText}
      action={dataset === null ? words.create : words.save}
      isReady={name.trim() !== ''}
      onSubmit={save}
    >
      <Input
        label={words.name}
        value={name}
        maxLength={256}
        onChange={(event) => setName(event.target.value)}
      />
      <Conditions conditions={conditions} onChange={setConditions} />
      <Switch label={words.enabled} checked={isEnabled} onCheckedChange={setEnabled} />
    </FormDialog>
  );
}

interface ConditionsProps {
  readonly conditions: readonly Condition[];
  readonly onChange: (conditions: readonly Condition[]) => void;
}

function Conditions({ conditions, onChange }: ConditionsProps) {
  const change = (at: number, patch: Partial<Condition>): void =>
    onChange(conditions.map((condition, index) => (index === at ? { ...condition, ...patch } : condition)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 text-sm font-medium">{words.conditions}</legend>
      {conditions.map((condition, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a condition is what stands at its place
        <div key={index} className="flex flex-wrap items-center gap-2">
          <Select
            aria-label={words.key}
            className="w-36"
            items={words.keys}
            value={condition.key}
            onValueChange={(key) => key !== null && change(index, { key })}
          />
          <Select
            aria-label={words.operator}
            className="w-36"
            items={words.operators}
            value={condition.operator}
            onValueChange={(operator) => operator !== null && change(index, { operator })}
          />
          <Input
            aria-label={words.value}
            className="min-w-32 flex-1"
            placeholder={words.value}
            title={words.valueHint}
            value={condition.text}
            onChange={(event) => change(index, { text: event.target.value })}
          />
          <Button
            type="button"
            variant="ghost"
            shape="square"
            icon={<XIcon />}
            aria-label={words.removeCondition}
            onClick={() => onChange(conditions.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        type="button"
        size="sm"
        className="self-start"
        icon={<PlusIcon />}
        onClick={() => onChange([...conditions, NEW_CONDITION])}
      >
        {words.addCondition}
      </Button>
      <p className="text-xs text-kumo-subtle">{words.valueHint}</p>
    </fieldset>
  );
}

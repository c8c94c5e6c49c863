import { Checkbox } from '@cloudflare/kumo/components/checkbox';
import { Input } from '@cloudflare/kumo/components/input';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { datasetsQuery } from '../../api/datasets.ts';
import { createEvaluation, type EvaluationTypeId, evaluationTypesQuery } from '../../api/evaluations.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { EvaluatorFields } from './evaluator-fields.tsx';
import { NOTHING_TYPED, parametersOf, type Typed } from './prepare.ts';

interface CreateDialogProps {
  readonly gateway: string;
  /** Chosen from the start. */
  readonly dataset: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCreated: (id: string) => void;
}

export function CreateDialog(props: CreateDialogProps) {
  return props.isOpen ? <OpenCreateDialog {...props} /> : null;
}

const toggled = <T,>(list: readonly T[], item: T, isIn: boolean): readonly T[] =>
  isIn ? [...list, item] : list.filter((one) => one !== item);

function OpenCreateDialog({ gateway, dataset, isOpen, onClose, onCreated }: CreateDialogProps) {
  const { data: datasets } = useQuery(datasetsQuery(gateway));
  const { data: types = [] } = useQuery(evaluationTypesQuery);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(dataset === undefined ? [] : [dataset]);
  const [typeIds, setTypeIds] = useState<readonly EvaluationTypeId[]>(['cost', 'speed']);
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const parameters = parametersOf(typeIds, typed);
  const usable = datasets?.filter(({ enable }) => enable) ?? [];
  const isReady = name.trim() !== '' && chosen.length > 0 && typeIds.length > 0 && parameters !== null;
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={onClose}
      title={words.create}
      text={words.createText}
      action={words.create}
      isReady={isReady}
      onSubmit={async () => {
        const body = { name: name.trim(), dataset_ids: chosen, evaluation_type_ids: typeIds };
        const { id } = await createEvaluation(gateway, { ...body, parameters: parameters ?? {} });
        onCreated(id);
      }}
    >
      <Input
        label={words.name}
        value={name}
        maxLength={256}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 text-sm font-medium">{words.datasets}</legend>
        {datasets !== undefined && usable.length === 0 && (
          <p className="text-sm text-kumo-subtle">
            {words.noDatasets}{' '}
            <Link
              to="/g/$gateway/datasets"
              params={{ gateway } as never}
              className="text-kumo-link underline"
            >
              {words.toDatasets}
            </Link>
          </p>
        )}
        {usable.map(({ id, name: label }) => (
          <Checkbox
            key={id}
            label={label}
            checked={chosen.includes(id)}
            onCheckedChange={(isIn) => setChosen(toggled(chosen, id, isIn))}
          />
        ))}
      </fieldset>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 text-sm font-medium">{words.types}</legend>
        {types.map(({ id, name: label, description }) => (
          <div key={id}>
            <Checkbox
              label={label}
              checked={typeIds.includes(id)}
              onCheckedChange={(isIn) => setTypeIds(toggled(typeIds, id, isIn))}
            />
            <p className="ml-6 text-xs text-kumo-subtle">{description}</p>
            {typeIds.includes(id) && <EvaluatorFields type={id} typed={typed} onChange={setTyped} />}
          </div>
        ))}
      </fieldset>
    </FormDialog>
  );
}

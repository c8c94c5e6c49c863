import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { Select } from '@cloudflare/kumo/components/select';
import { CaretRightIcon, XIcon } from '@phosphor-icons/react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { Provider } from '../../api/providers.ts';
import { visibleText } from '../../format/visible-text.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { formatOfProvider, placesOf } from './call.ts';
import type { Column } from './columns.ts';
import { ParameterFields } from './parameter-fields.tsx';
import { modelOf } from './providers.ts';

interface ModelChoiceProps {
  readonly gateway: string;
  readonly column: Column;
  /** Those that can be asked here. */
  readonly providers: readonly Provider[];
  /** Ids of the providers with a stored key; null while that is not known. */
  readonly withKey: ReadonlySet<string> | null;
  readonly onChange: (column: Column) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
}

export function ModelChoice({ gateway, column, providers, withKey, onChange, onRemove }: ModelChoiceProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const provider = providers.find(({ id: one }) => one === column.provider);
  const format = formatOfProvider(provider);
  const set = Object.entries(column.parameters).filter(
    ([name, text]) => text !== '' && format?.parameters.some((one) => one === name),
  ).length;
  const chooseProvider = (next: string): void => {
    const chosen = providers.find(({ id: one }) => one === next);
    if (chosen) onChange({ ...column, provider: next, model: modelOf(chosen), places: {} });
  };
  const isWithoutKey =
    withKey !== null && provider !== undefined && !provider.custom && !withKey.has(provider.id);
  return (
    <div className="flex flex-col gap-3 p-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Select
            className="w-full"
            aria-label={words.provider}
            value={provider?.id ?? null}
            placeholder={words.chooseProvider}
            onValueChange={(next) => chooseProvider(String(next))}
            renderValue={(value) => nameOf(providers, String(value))}
          >
            <Groups providers={providers} withKey={withKey} />
          </Select>
        </div>
        {onRemove && (
          <Button
            variant="ghost"
            shape="square"
            aria-label={words.removeModel(column.model)}
            title={words.removeModel(column.model)}
            icon={<XIcon />}
            onClick={onRemove}
          />
        )}
      </div>
      <Input
        className="w-full font-mono text-[13px]"
        aria-label={words.model}
        placeholder={words.modelHint}
        list={`${id}-models`}
        value={column.model}
        maxLength={512}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => onChange({ ...column, model: event.target.value })}
      />
      <datalist id={`${id}-models`}>
        {provider?.models.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      {placesOf(provider).map((name) => (
        <Input
          key={name}
          size="sm"
          className="w-full"
          label={words.places[name] ?? name}
          value={column.places[name] ?? ''}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) =>
            onChange({ ...column, places: { ...column.places, [name]: event.target.value } })
          }
        />
      ))}
      {isWithoutKey && (
        <p className="text-xs text-kumo-warning">
          {words.noKey(provider.name)}{' '}
          <Link to="/providers" search={{ gateway } as never} className="text-kumo-link underline">
            {words.storeKey}
          </Link>
        </p>
      )}
      {format !== null && (
        <>
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={`${id}-parameters`}
            className="flex items-center gap-1 self-start rounded-sm text-sm text-kumo-subtle hover:text-kumo-default"
            onClick={() => setOpen(!isOpen)}
          >
            <CaretRightIcon size={12} aria-hidden="true" className={isOpen ? 'rotate-90' : ''} />
            {set === 0 ? words.parameters : words.parametersSet(set)}
          </button>
          {isOpen && (
            <ParameterFields
              id={`${id}-parameters`}
              column={column}
              format={format}
              dialect={provider?.chat?.dialect ?? ''}
              onChange={onChange}
            />
          )}
        </>
      )}
    </div>
  );
}

const nameOf = (providers: readonly Provider[], id: string): string =>
  visibleText(providers.find((one) => one.id === id)?.name ?? words.chooseProvider);

interface GroupsProps {
  readonly providers: readonly Provider[];
  readonly withKey: ReadonlySet<string> | null;
}

/** Those that can be asked at once stand first. */
function Groups({ providers, withKey }: GroupsProps) {
  const isReady = ({ id, custom }: Provider): boolean => custom || withKey === null || withKey.has(id);
  return [true, false].map((wanted) => {
    const group = providers.filter((one) => isReady(one) === wanted);
    if (group.length === 0) return null;
    return (
      <Select.Group key={String(wanted)}>
        <Select.GroupLabel>{wanted ? words.withKey : words.withoutKey}</Select.GroupLabel>
        {group.map(({ id, name }) => (
          <Select.Option key={id} value={id}>
            {visibleText(name)}
          </Select.Option>
        ))}
      </Select.Group>
    );
  });
}

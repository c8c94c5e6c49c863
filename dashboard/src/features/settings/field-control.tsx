import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { Radio } from '@cloudflare/kumo/components/radio';
import { Select } from '@cloudflare/kumo/components/select';
import { Switch } from '@cloudflare/kumo/components/switch';
import { PlusIcon, XIcon } from '@phosphor-icons/react';
import { settingsWords as words } from '../../words/settings.ts';
import type { Field } from './field.ts';
import { type AddressRow, addressRows, durationHint, NOT_SET, typedNumber } from './prepare.ts';

interface FieldControlProps {
  readonly field: Field;
  /** The value of the gateway, or what was typed over it. */
  readonly value: unknown;
  readonly isTyped: boolean;
  readonly problem: string | null;
  readonly isDisabled: boolean;
  readonly onChange: (typed: unknown) => void;
}

export function FieldControl(props: FieldControlProps) {
  const { field, value, problem, isDisabled, onChange } = props;
  const { label } = words.fields[field.name];
  switch (field.kind) {
    case 'switch':
      return (
        <Switch
          aria-label={label}
          checked={value === true}
          disabled={isDisabled}
          onCheckedChange={(checked) => onChange(checked)}
        />
      );
    case 'number':
      return <NumberControl {...props} field={field} />;
    case 'choice':
      return (
        <Select
          aria-label={label}
          className="w-full"
          items={field.fallback === null ? { [NOT_SET]: words.notSet, ...field.choices } : field.choices}
          value={value === null ? NOT_SET : String(value)}
          disabled={isDisabled}
          onValueChange={(chosen) => onChange(chosen ?? NOT_SET)}
        />
      );
    case 'options':
      return <OptionsControl {...props} field={field} />;
    case 'text':
      return <TextControl {...props} field={field} />;
    case 'addresses':
      return (
        <Addresses
          rows={props.isTyped ? (value as readonly AddressRow[]) : addressRows(value)}
          problem={problem}
          isDisabled={isDisabled}
          onChange={onChange}
        />
      );
  }
}

interface NumberControlProps extends FieldControlProps {
  readonly field: Extract<Field, { kind: 'number' }>;
}

function NumberControl({ field, value, isTyped, problem, isDisabled, onChange }: NumberControlProps) {
  const shown = isTyped
    ? String(value)
    : value === null || value === field.empty
      ? ''
      : typedNumber(field, value as number);
  const hint = durationHint(field, shown);
  return (
    <div>
      <div className="flex items-center gap-2">
        <Input
          aria-label={words.fields[field.name].label}
          inputMode={field.scale === undefined ? 'numeric' : 'decimal'}
          autoComplete="off"
          className="figures w-full text-right"
          placeholder={field.empty === undefined ? '' : words.off}
          value={shown}
          disabled={isDisabled}
          {...(problem !== null && { variant: 'error' as const, 'aria-invalid': true })}
          onChange={(event) => onChange(event.target.value)}
        />
        {field.unit !== '' && <span className="w-20 shrink-0 text-sm text-kumo-subtle">{field.unit}</span>}
      </div>
      <p
        aria-live="polite"
        className={`mt-1 min-h-5 text-xs ${problem === null ? 'text-kumo-subtle' : 'text-kumo-danger'}`}
      >
        {problem ?? hint}
      </p>
    </div>
  );
}

interface OptionsControlProps extends FieldControlProps {
  readonly field: Extract<Field, { kind: 'options' }>;
}

function OptionsControl({ field, value, isDisabled, onChange }: OptionsControlProps) {
  return (
    <Radio.Group
      appearance="card"
      controlPosition="start"
      value={String(value)}
      disabled={isDisabled}
      onValueChange={(chosen) => onChange(chosen)}
    >
      <Radio.Legend className="sr-only">{words.fields[field.name].label}</Radio.Legend>
      {Object.entries(field.choices).map(([name, { label, text }]) => (
        <Radio.Item key={name} value={name} label={label} description={text} />
      ))}
    </Radio.Group>
  );
}

interface TextControlProps extends FieldControlProps {
  readonly field: Extract<Field, { kind: 'text' }>;
}

function TextControl({ field, value, problem, isDisabled, onChange }: TextControlProps) {
  return (
    <div>
      <Input
        aria-label={words.fields[field.name].label}
        autoComplete="off"
        spellCheck={false}
        className="figures w-full"
        placeholder={field.placeholder}
        value={value === null ? '' : String(value)}
        disabled={isDisabled}
        {...(problem !== null && { variant: 'error' as const, 'aria-invalid': true })}
        onChange={(event) => onChange(event.target.value)}
      />
      <p aria-live="polite" className="mt-1 min-h-5 text-xs text-kumo-danger">
        {problem}
      </p>
    </div>
  );
}

interface AddressesProps {
  readonly rows: readonly AddressRow[];
  readonly problem: string | null;
  readonly isDisabled: boolean;
  readonly onChange: (rows: readonly AddressRow[]) => void;
}

function Addresses({ rows, problem, isDisabled, onChange }: AddressesProps) {
  const change = (at: number, patch: Partial<AddressRow>): void =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...patch } : row)));
  return (
    <div className="flex flex-col items-start gap-2">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is what stands at its place, its slug is being typed
        <div key={index} className="flex w-full items-center gap-2">
          <Input
            aria-label={words.slug}
            placeholder="openai"
            className="figures w-24 sm:w-32"
            value={row.slug}
            disabled={isDisabled}
            onChange={(event) => change(index, { slug: event.target.value })}
          />
          <Input
            aria-label={words.address}
            placeholder="https://"
            className="figures min-w-0 flex-1"
            value={row.url}
            disabled={isDisabled}
            onChange={(event) => change(index, { url: event.target.value })}
          />
          <Button
            variant="ghost"
            shape="square"
            icon={<XIcon />}
            aria-label={words.removeAddress(row.slug)}
            disabled={isDisabled}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <p aria-live="polite" className={problem === null ? 'sr-only' : 'text-xs text-kumo-danger'}>
        {problem}
      </p>
      <Button
        size="sm"
        icon={<PlusIcon />}
        disabled={isDisabled}
        onClick={() => onChange([...rows, { slug: '', url: '' }])}
      >
        {words.addAddress}
      </Button>
    </div>
  );
}

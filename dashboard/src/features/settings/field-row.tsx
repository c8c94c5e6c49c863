import { settingsWords as words } from '../../words/settings.ts';
import type { Field } from './field.ts';
import { FieldControl } from './field-control.tsx';
import { formatValue, isSame } from './prepare.ts';

interface FieldRowProps {
  readonly field: Field;
  /** What the gateway has. */
  readonly saved: unknown;
  /** What was typed over it; undefined when nothing was. */
  readonly typed: unknown;
  readonly problem: string | null;
  readonly isDisabled: boolean;
  readonly onChange: (typed: unknown) => void;
}

/** What it does, what it is, what it would be otherwise, and what overrides it. Others link to it by its name. */
export function FieldRow({ field, saved, typed, problem, isDisabled, onChange }: FieldRowProps) {
  const { label, text } = words.fields[field.name];
  const isWide = field.kind === 'addresses' || field.kind === 'options';
  return (
    <div
      id={field.name}
      className={`grid grid-cols-1 gap-x-8 gap-y-2 border-t border-kumo-hairline p-4 target:bg-tide-tint ${isWide ? '' : 'md:grid-cols-[1fr_280px]'}`}
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2 font-medium">
          {label}
          {typed !== undefined && (
            <span aria-hidden="true" className="size-1.5 self-center rounded-full bg-tide" />
          )}
        </p>
        <p className="text-sm text-kumo-subtle">{text}</p>
        <p className="mt-1 flex flex-wrap gap-x-3 text-xs text-kumo-subtle">
          <span>{isSame(saved, field.fallback) ? words.isFallback : words.isOwn}</span>
          {!isSame(saved, field.fallback) && (
            <span>{words.fallback(formatValue(field, field.fallback))}</span>
          )}
          {field.header !== undefined && (
            <span>
              {words.header} <code>{field.header}</code>
            </span>
          )}
        </p>
      </div>
      <FieldControl
        field={field}
        value={typed === undefined ? saved : typed}
        isTyped={typed !== undefined}
        problem={problem}
        isDisabled={isDisabled}
        onChange={onChange}
      />
    </div>
  );
}

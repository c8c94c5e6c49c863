import { XIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { analyticsQuery } from '../api/analytics.ts';
import { type KeyBinding, useKeys } from '../browser/keys.ts';
import { filterWords as words } from '../words/filters.ts';
import { describeFilter, fieldOf } from './fields.ts';
import { encodeFilter, withFilter } from './filter.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { type Draft, EMPTY_DRAFT, type Suggestion, suggestionsOf } from './suggestions.ts';
import { TimeRangeControl } from './time-range-control.tsx';
import type { View } from './view.ts';

interface FilterBarProps {
  /** Null is all gateways: values are completed from all of them. */
  readonly gateway: string | null;
  readonly view: View;
  readonly onChange: (patch: Partial<View>) => void;
  /** Free text searches prompts and answers; not where only figures are shown. */
  readonly canSearch?: boolean;
  /** Between the chips and the time range: saved views, toggles. */
  readonly children?: ReactNode;
}

/** Chips of what is filtered by, a field that completes the next one, and the time range. `/` focuses it. */
export function FilterBar({ gateway, view, onChange, canSearch = false, children }: FilterBarProps) {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  useKeys(
    useMemo<readonly KeyBinding[]>(
      () => [{ keys: '/', label: words.addHint, group: 'page', run: () => input.current?.focus() }],
      [],
    ),
  );
  const suggestions = useSuggestions({ gateway, view, draft, text, isOpen, canSearch });

  const reset = (): void => {
    setDraft(EMPTY_DRAFT);
    setText('');
    setAt(0);
  };
  const choose = (suggestion: Suggestion): void => {
    const { does } = suggestion;
    reset();
    if (does.kind === 'draft') setDraft(does.draft);
    else if (does.kind === 'search') onChange({ text: does.text });
    else onChange({ filters: withFilter(view.filters, does.filter) });
    if (does.kind !== 'draft') setOpen(false);
    input.current?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const chosen = suggestions[at];
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, suggestions.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && chosen && isOpen) choose(chosen);
    else if (event.key === 'Escape') {
      reset();
      setOpen(false);
      input.current?.blur();
    } else if (event.key === 'Backspace' && text === '') {
      if (draft.field !== null) reset();
      else if (view.text !== '') onChange({ text: '' });
      else onChange({ filters: view.filters.slice(0, -1) });
    } else return;
    event.preventDefault();
  };
  const hasAny = view.filters.length > 0 || view.text !== '';
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <div className="relative min-w-0 flex-1 basis-80">
        <div className="flex min-h-9 flex-wrap items-center gap-1 rounded-md border border-kumo-hairline bg-kumo-base px-1.5 py-1 focus-within:outline-2 focus-within:outline-kumo-focus">
          {view.text !== '' && (
            <Chip label={`${words.textChip} “${view.text}”`} onRemove={() => onChange({ text: '' })} />
          )}
          {view.filters.map((filter) => (
            <Chip
              key={encodeFilter(filter)}
              label={describeFilter(filter)}
              onEdit={() => {
                setDraft({ field: fieldOf(filter.key), operator: filter.operator });
                setOpen(true);
                input.current?.focus();
              }}
              onRemove={() => onChange({ filters: view.filters.filter((one) => one !== filter) })}
            />
          ))}
          {draft.field && (
            <span className="px-1 text-sm">
              {draft.field.label} {draft.operator && words.operators[draft.operator]}
            </span>
          )}
          <input
            ref={input}
            role="combobox"
            aria-expanded={isOpen}
            aria-controls="filter-suggestions"
            aria-autocomplete="list"
            aria-activedescendant={isOpen && suggestions[at] ? `filter-suggestion-${at}` : undefined}
            aria-label={canSearch ? words.addOrSearch : words.addHint}
            placeholder={hasAny || draft.field ? '' : canSearch ? words.addOrSearch : words.addHint}
            value={text}
            autoComplete="off"
            spellCheck={false}
            className="h-7 min-w-24 flex-1 bg-transparent px-1 text-sm outline-none"
            onFocus={() => setOpen(true)}
            onBlur={() => setOpen(false)}
            onClick={() => setOpen(true)}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
              setOpen(true);
            }}
            onKeyDown={onKeyDown}
          />
          {hasAny && (
            <button
              type="button"
              className="h-7 rounded-md px-2 text-xs text-kumo-subtle hover:bg-kumo-tint"
              onClick={() => onChange({ filters: [], text: '' })}
            >
              {words.clear}
            </button>
          )}
        </div>
        {isOpen && <SuggestionList {...{ suggestions, at, draft }} onPoint={setAt} onChoose={choose} />}
      </div>
      {children}
      <TimeRangeControl range={view.range} onChange={(range) => onChange({ range })} />
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  readonly onEdit?: () => void;
  readonly onRemove: () => void;
}

function Chip({ label, onEdit, onRemove }: ChipProps) {
  return (
    <span className="flex h-7 max-w-full items-center rounded-md bg-tide-tint text-sm">
      {onEdit ? (
        <button type="button" title={words.edit(label)} className="truncate pl-2" onClick={onEdit}>
          {label}
        </button>
      ) : (
        <span className="truncate pl-2">{label}</span>
      )}
      <button
        type="button"
        aria-label={words.remove(label)}
        className="grid size-7 shrink-0 place-items-center rounded-md"
        onClick={onRemove}
      >
        <XIcon size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

interface SuggestionQuestion extends Pick<FilterBarProps, 'gateway' | 'view'> {
  readonly draft: Draft;
  readonly text: string;
  readonly isOpen: boolean;
  readonly canSearch: boolean;
}

const MOST_VALUES = 200;

/** Values with their counts in the range: asked for when the field is known, counted under the other conditions. */
function useSuggestions({ gateway, view, draft, text, isOpen, canSearch }: SuggestionQuestion): Suggestion[] {
  const { field } = draft;
  const others = view.filters.filter(({ key }) => key !== field?.key);
  const { data: found } = useQuery({
    ...analyticsQuery({
      gateway,
      range: view.range,
      filters: others,
      groupBy: [field?.dimension ?? 'metadata_key'],
      topLimit: MOST_VALUES,
    }),
    enabled: isOpen && (field === null || field.dimension !== undefined),
  });
  const groups = (found?.rows ?? []).flatMap(({ group, requests }) =>
    group?.[0] === undefined ? [] : [{ value: group[0], count: requests }],
  );
  const fixed = field?.values?.map((value) => ({ value })) ?? [];
  return suggestionsOf({
    draft,
    text,
    values: field?.dimension === undefined ? fixed : groups,
    metadataKeys: field === null ? groups.map(({ value }) => value).filter(Boolean) : [],
    canSearch,
  });
}

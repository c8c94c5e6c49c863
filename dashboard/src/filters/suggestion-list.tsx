import { useEffect, useRef } from 'react';
import { formatCount } from '../format/numbers.ts';
import { visibleText } from '../format/visible-text.ts';
import { filterWords as words } from '../words/filters.ts';
import type { Draft, Suggestion } from './suggestions.ts';

interface SuggestionListProps {
  readonly suggestions: readonly Suggestion[];
  readonly at: number;
  readonly draft: Draft;
  readonly onPoint: (index: number) => void;
  readonly onChoose: (suggestion: Suggestion) => void;
}

export function SuggestionList({ suggestions, at, draft, onPoint, onChoose }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const title =
    draft.field === null
      ? words.chooseField
      : draft.operator === null
        ? words.chooseOperator
        : words.chooseValue;
  return (
    <div className="absolute top-full left-0 z-20 mt-1 w-full max-w-md rounded-md border border-kumo-line bg-kumo-base p-1 shadow-lg">
      <p className="px-2 py-1 text-xs text-kumo-subtle">{title}</p>
      <div
        ref={list}
        id="filter-suggestions"
        role="listbox"
        aria-label={title}
        className="max-h-72 overflow-y-auto"
      >
        {suggestions.map((suggestion, index) => (
          <div
            key={suggestion.id}
            id={`filter-suggestion-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={`flex h-8 cursor-pointer items-center justify-between gap-4 rounded-md px-2 text-sm ${index === at ? 'bg-kumo-tint' : ''}`}
            onMouseMove={() => onPoint(index)}
            // Before the field loses the focus, which closes the list.
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(suggestion);
            }}
          >
            <span className="truncate">{visibleText(suggestion.label)}</span>
            {suggestion.count !== undefined && (
              <span className="figures text-xs text-kumo-subtle">{formatCount(suggestion.count)}</span>
            )}
          </div>
        ))}
        {suggestions.length === 0 && <p className="px-2 py-2 text-sm text-kumo-subtle">{words.noValue}</p>}
      </div>
    </div>
  );
}

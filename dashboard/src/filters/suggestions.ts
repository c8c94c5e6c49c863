import { filterWords as words } from '../words/filters.ts';
import { FIELDS, type Field, fieldOf, nameOfValue, operatorsOf } from './fields.ts';
import type { Filter, Operator } from './filter.ts';

/** What is being typed: first a field, then an operator, then a value. */
export interface Draft {
  readonly field: Field | null;
  readonly operator: Operator | null;
}

export const EMPTY_DRAFT: Draft = { field: null, operator: null };

export interface Suggestion {
  readonly id: string;
  readonly label: string;
  /** Requests with this value, in the range. */
  readonly count?: number;
  readonly does:
    | { readonly kind: 'draft'; readonly draft: Draft }
    | { readonly kind: 'filter'; readonly filter: Filter }
    | { readonly kind: 'search'; readonly text: string };
}

export interface KnownValue {
  readonly value: string;
  readonly count?: number;
}

interface SuggestionsInput {
  readonly draft: Draft;
  readonly text: string;
  readonly values: readonly KnownValue[];
  readonly metadataKeys: readonly string[];
  readonly canSearch: boolean;
}

const MOST = 50;

/** What can be chosen next. Text that names nothing can still be a value, or be searched for. */
export function suggestionsOf({
  draft,
  text,
  values,
  metadataKeys,
  canSearch,
}: SuggestionsInput): Suggestion[] {
  const wanted = text.trim().toLowerCase();
  const has = (label: string): boolean => label.toLowerCase().includes(wanted);
  const { field, operator } = draft;
  if (field === null) {
    const search: Suggestion[] =
      canSearch && wanted !== ''
        ? [
            {
              id: 'search',
              label: words.searchFor(text.trim()),
              does: { kind: 'search', text: text.trim() },
            },
          ]
        : [];
    const fields = [...FIELDS, ...metadataKeys.map((key) => fieldOf(`metadata:${key}`))]
      .filter(({ key, label }) => has(label) || has(key))
      .map((one): Suggestion => {
        const operators = operatorsOf(one);
        const only = operators.length === 1 ? operators[0]! : null;
        return {
          id: one.key,
          label: one.label,
          does: { kind: 'draft', draft: { field: one, operator: only } },
        };
      });
    return [...search, ...fields];
  }
  if (operator === null) {
    return operatorsOf(field)
      .filter((one) => has(words.operators[one]))
      .map((one) => ({
        id: one,
        label: words.operators[one],
        does: { kind: 'draft', draft: { field, operator: one } },
      }));
  }
  const filterFor = (value: string): Suggestion['does'] => ({
    kind: 'filter',
    filter: { key: field.key, operator, values: [value] },
  });
  const known = values
    .filter(({ value }) => has(value) || has(nameOfValue(field, value)))
    .slice(0, MOST)
    .map(
      ({ value, count }): Suggestion => ({
        id: `value ${value}`,
        label: nameOfValue(field, value),
        ...(count !== undefined && { count }),
        does: filterFor(value),
      }),
    );
  const typed = text.trim();
  const isNew = typed !== '' && field.kind !== 'boolean' && !values.some(({ value }) => value === typed);
  const isNumber = field.kind !== 'number' || Number.isFinite(Number(typed));
  const own: Suggestion[] =
    isNew && isNumber ? [{ id: 'typed', label: words.typeValue(typed), does: filterFor(typed) }] : [];
  return operator === 'contains' || operator === 'gt' || operator === 'lt'
    ? [...own, ...known]
    : [...known, ...own];
}

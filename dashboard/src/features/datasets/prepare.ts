import type { DatasetObject } from '../../../../src/api/contract/evaluations.ts';
import { recordsOf } from '../../api/datasets.ts';
import type { Filter } from '../../filters/filter.ts';
import { datasetsWords as words } from '../../words/datasets.ts';

type DatasetFilter = DatasetObject['filters'][number];
type Value = DatasetFilter['value'][number];

/** A condition as it is being written. */
export interface Condition {
  readonly key: DatasetFilter['key'];
  readonly operator: DatasetFilter['operator'];
  readonly text: string;
}

export const NEW_CONDITION: Condition = { key: 'model', operator: 'eq', text: '' };

const NUMBERS = new Set<string>(['cost', 'tokens', 'tokens_in', 'tokens_out', 'duration', 'feedback']);
const BOOLEANS = new Set<string>(['success', 'cached']);

export const conditionsOf = ({ filters }: Pick<DatasetObject, 'filters'>): Condition[] =>
  filters.map(({ key, operator, value }) => ({ key, operator, text: value.join(', ') }));

/** What is sent of conditions; those without a value are left out. */
export function filtersOf(conditions: readonly Condition[]): DatasetFilter[] {
  return conditions.flatMap(({ key, operator, text }) => {
    const value = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => typed(key, part));
    return value.length === 0 ? [] : [{ key, operator, value }];
  });
}

function typed(key: string, text: string): Value {
  if (BOOLEANS.has(key) && (text === 'true' || text === 'false')) return text === 'true';
  if (NUMBERS.has(key) && Number.isFinite(Number(text))) return Number(text);
  return text;
}

/** What a dataset holds, in a sentence. */
export function selectionText(dataset: DatasetObject): string {
  const records = recordsOf(dataset);
  if (records !== null) return words.records(records.length);
  if (dataset.filters.length === 0) return words.everything;
  return dataset.filters
    .map(({ key, operator, value }) =>
      [words.keys[key], words.operators[operator], value.join(words.or)].join(' '),
    )
    .join(words.and);
}

/** The same selection for the list of logs. */
export const logFilters = ({ filters }: DatasetObject): Filter[] =>
  filters.map(({ key, operator, value }) => ({ key, operator, values: value.map(String) }));

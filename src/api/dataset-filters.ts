import { isLogId } from '../core/ids.ts';
import type { LogFilter } from '../core/stores/logs.ts';
import type { DatasetFilter } from './contract/evaluations.ts';
import { ApiError, invalid } from './envelope.ts';
import { checkFilter } from './log-filters.ts';

/** Of keys other than `id`: what every list of logs takes. */
const MAX_VALUES = 100;

/** Checks what the schema cannot: values by their key, and that no condition stands twice. */
export function checkDatasetFilters(filters: readonly DatasetFilter[]): void {
  const seen = new Set<string>();
  filters.forEach((filter, index) => {
    const place = ['body', 'filters', String(index)];
    const name = `${filter.key} ${filter.operator}`;
    if (seen.has(name)) throw invalid(place, `${name} is there twice: one filter holds all its values`);
    seen.add(name);
    if (filter.key === 'id') checkIds(filter, place);
    else if (filter.value.length > MAX_VALUES)
      throw invalid([...place, 'value'], `must have at most ${MAX_VALUES} values`);
    lower(filter, index);
  });
}

/** The filters as the store takes them. What the judges of evaluations said is no record of anybody's. */
export function lowerDatasetFilters(filters: readonly LogFilter[]): LogFilter[] {
  const lowered = filters.map(lower);
  if (filters.some(({ key }) => key === 'id')) return lowered;
  return [...lowered, { key: 'request_type', operator: 'neq', value: ['evaluation'] }];
}

function checkIds({ operator, value }: DatasetFilter, place: string[]): void {
  if (operator !== 'eq') throw invalid([...place, 'operator'], 'must be eq');
  if (!value.every((id) => typeof id === 'string' && isLogId(id)))
    throw invalid([...place, 'value'], 'must be ids of logs');
}

function lower(filter: LogFilter, index: number): LogFilter {
  if (filter.key === 'id') return filter;
  try {
    return checkFilter(filter, index);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(
      error.status,
      error.lines.map((line) => ({ ...line, path: ['body', ...(line.path ?? []).slice(1)] })),
    );
  }
}

import type { LogSort } from '../../api/logs.ts';
import { one, type Search } from '../../filters/use-address.ts';
import { decodeSort, encodeSort } from '../../table/sort-rows.ts';
import { logWords } from '../../words/logs.ts';

export type ColumnId = keyof typeof logWords.columns;

export const ALL_COLUMNS = Object.keys(logWords.columns) as readonly ColumnId[];
export const DEFAULT_COLUMNS: readonly ColumnId[] = [
  'time',
  'status',
  'model',
  'provider',
  'prompt',
  'tokens',
  'cost',
  'duration',
  'cache',
  'session',
];

/** Columns that the gateway can order by, and under which name. */
export const SORT_KEYS: Readonly<Partial<Record<ColumnId, string>>> = {
  time: 'created_at',
  model: 'model',
  provider: 'provider',
  tokens: 'tokens_in',
  cost: 'cost',
  duration: 'duration',
  cache: 'cached',
};

const DEFAULT_SORT: LogSort = { column: 'created_at', direction: 'desc' };

/** What the address says about the list beside its view: order, columns, live tail, open record. */
export interface ListState {
  readonly sort: LogSort;
  readonly columns: readonly ColumnId[];
  readonly isLive: boolean;
  readonly record: string | null;
  /** Two records side by side. */
  readonly compare: readonly [string, string] | null;
}

export function readListState(search: Search): ListState {
  const sort = decodeSort(one(search, 'sort'), Object.values(SORT_KEYS)) ?? DEFAULT_SORT;
  const wanted = one(search, 'columns')?.split(',') ?? [];
  const columns = ALL_COLUMNS.filter((id) => wanted.includes(id));
  const [left, right, ...more] = one(search, 'compare')?.split(',') ?? [];
  return {
    sort,
    columns: columns.length === 0 ? DEFAULT_COLUMNS : columns,
    // The newest come first, or the live tail has nowhere to put them.
    isLive: one(search, 'live') === '1' && isDefaultSort(sort),
    record: one(search, 'record') ?? null,
    compare: left && right && more.length === 0 ? [left, right] : null,
  };
}

export const isDefaultSort = ({ column, direction }: LogSort): boolean =>
  column === DEFAULT_SORT.column && direction === DEFAULT_SORT.direction;

/** What the address says when it is what a reader sees who chose nothing: nothing. */
export function writeListState(state: Partial<ListState>): Search {
  return {
    ...(state.sort && { sort: isDefaultSort(state.sort) ? undefined : encodeSort(state.sort) }),
    ...(state.columns && { columns: writeColumns(state.columns) }),
    ...(state.isLive !== undefined && { live: state.isLive ? '1' : undefined }),
    ...(state.record !== undefined && { record: state.record ?? undefined }),
    ...(state.compare !== undefined && { compare: state.compare?.join(',') }),
  };
}

function writeColumns(columns: readonly ColumnId[]): string | undefined {
  const ordered = ALL_COLUMNS.filter((id) => columns.includes(id));
  return ordered.join() === DEFAULT_COLUMNS.join() ? undefined : ordered.join(',');
}

/** A click on a head: numbers and times begin with the largest, names with the first. */
export function nextSort(sort: LogSort, column: string): LogSort {
  if (sort.column === column) return { column, direction: sort.direction === 'desc' ? 'asc' : 'desc' };
  return { column, direction: column === 'model' || column === 'provider' ? 'asc' : 'desc' };
}

/** Names of the address that belong to a saved view; a record that is open does not. */
const OF_A_VIEW = ['from', 'to', 'filter', 'search', 'sort', 'columns'];

export function viewOfAddress(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([name]) => OF_A_VIEW.includes(name)));
}

/** What to change in an address so that it shows a saved view and nothing of what was there. */
export function addressOfView(view: Search): Search {
  return Object.fromEntries(OF_A_VIEW.map((name) => [name, view[name]]));
}

import type { Query } from '../../api/client.ts';
import { one, type Search } from '../../filters/use-address.ts';
import { decodeView } from '../../filters/view.ts';
import { decodeSort, type Sort } from '../../table/sort-rows.ts';

/** Columns that the gateway can order by, and under which name. */
export const SORT_COLUMNS: Readonly<Record<string, string>> = {
  last: 'last_at',
  requests: 'requests',
  cost: 'cost',
  errors: 'errors',
};

const LARGEST_PAGE = 100_000;

export function readSessionList(search: Search): { readonly sort: Sort; readonly page: number } {
  const page = Number(one(search, 'page') ?? 1);
  return {
    sort: decodeSort(one(search, 'sort'), Object.keys(SORT_COLUMNS)) ?? { column: 'last', direction: 'desc' },
    page: Number.isInteger(page) && page >= 1 && page <= LARGEST_PAGE ? page : 1,
  };
}

export function sessionListQuestion(search: Search): Query {
  const { sort, page } = readSessionList(search);
  const { range, text } = decodeView(search);
  return {
    from: range.from,
    to: range.to,
    search: text,
    order_by: SORT_COLUMNS[sort.column],
    order_by_direction: sort.direction,
    page,
  };
}

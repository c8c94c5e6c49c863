import { CaretDownIcon, CaretUpIcon } from '@phosphor-icons/react';
import type { ReactNode } from 'react';
import { tableWords as words } from '../words/table.ts';
import { density, ROW_CLASS } from './density.ts';
import { type Sort, type SortValue, sortRows } from './sort-rows.ts';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** With it, a click on the head sorts. */
  readonly sortValue?: (row: Row) => SortValue;
  /** Numbers stand at the right. */
  readonly align?: 'right';
  /** Classes of head and cells: a width, or where it is left out. */
  readonly className?: string;
  /** On a phone: the card's title, a line of its own without a name, or not there. */
  readonly onPhone?: 'title' | 'line' | 'hidden';
}

interface DataTableProps<Row> {
  /** What the table shows, read out before it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly empty?: ReactNode;
  readonly isStale?: boolean;
  /** A row that is open or chosen. */
  readonly selectedKey?: string | null;
}

/** A table that is one: heads, rows, cells; sorted by a click or Enter on a head; a list of cards on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, sort, onSort, empty, isStale = false, selectedKey } = props;
  const height = ROW_CLASS[density.use()];
  const sorted = columns.find(({ id }) => id === sort?.column);
  const shown = sort && sorted?.sortValue ? sortRows(rows, sorted.sortValue, sort.direction) : rows;
  if (rows.length === 0) {
    return <div className="px-4 py-8 text-center text-sm text-kumo-subtle">{empty ?? words.empty}</div>;
  }
  return (
    <div className={`overflow-x-auto transition-opacity duration-100 ${isStale ? 'opacity-50' : ''}`}>
      <table className="w-full text-left text-sm max-sm:block">
        <caption className="sr-only">{label}</caption>
        <thead className="max-sm:sr-only">
          <tr>
            {columns.map((column) => (
              <Head
                key={column.id}
                column={column}
                direction={sort?.column === column.id ? sort.direction : null}
                {...(onSort && { onSort })}
              />
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {shown.map((row) => {
            const key = keyOf(row);
            return (
              <tr
                key={key}
                aria-selected={selectedKey === undefined ? undefined : selectedKey === key}
                className={`${height} border-t border-kumo-hairline hover:bg-kumo-tint max-sm:grid max-sm:h-auto max-sm:grid-cols-2 max-sm:gap-x-6 max-sm:px-4 max-sm:py-3 ${selectedKey === key ? 'bg-tide-tint' : ''}`}
              >
                {columns.map((column) => (
                  <Cell key={column.id} column={column} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly direction: 'asc' | 'desc' | null;
  readonly onSort?: (sort: Sort) => void;
}

function Head<Row>({ column, direction, onSort }: HeadProps<Row>) {
  const isRight = column.align === 'right';
  const Caret = direction === 'asc' ? CaretUpIcon : CaretDownIcon;
  const first = isRight ? 'desc' : 'asc';
  const second = isRight ? 'asc' : 'desc';
  return (
    <th
      scope="col"
      aria-sort={direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
      className={`h-9 px-3 text-xs font-normal whitespace-nowrap text-kumo-subtle first:pl-4 last:pr-4 ${isRight ? 'text-right' : ''} ${column.className ?? ''}`}
    >
      {column.sortValue && onSort ? (
        <button
          type="button"
          title={words.sortBy(column.title)}
          className={`inline-flex items-center gap-1 rounded-sm hover:text-kumo-default ${direction === null ? '' : 'text-kumo-default'}`}
          onClick={() => onSort({ column: column.id, direction: direction === first ? second : first })}
        >
          {isRight && direction !== null && <Caret size={12} aria-hidden="true" />}
          {column.title}
          {!isRight && direction !== null && <Caret size={12} aria-hidden="true" />}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const isTitle = column.onPhone === 'title';
  const isLine = column.onPhone === 'line';
  const onPhone =
    column.onPhone === 'hidden'
      ? 'max-sm:hidden'
      : isTitle
        ? 'max-sm:col-span-2 max-sm:mb-1 max-sm:block max-sm:px-0'
        : isLine
          ? 'max-sm:col-span-2 max-sm:mt-1 max-sm:block max-sm:px-0'
          : 'max-sm:flex max-sm:min-w-0 max-sm:justify-between max-sm:gap-4 max-sm:px-0 max-sm:py-0.5 max-sm:text-right';
  return (
    <td
      className={`px-3 first:pl-4 last:pr-4 max-sm:first:pl-0 max-sm:last:pr-0 ${column.align === 'right' ? 'text-right tabular-nums' : ''} ${onPhone} ${column.className ?? ''}`}
    >
      {!isTitle && !isLine && (
        <span aria-hidden="true" className="text-xs text-kumo-subtle sm:hidden">
          {column.title}
        </span>
      )}
      <span className="max-sm:min-w-0 max-sm:wrap-anywhere">{column.cell(row)}</span>
    </td>
  );
}

import { CaretDownIcon, CaretUpIcon } from '@phosphor-icons/react';
import type { LogSort } from '../../api/logs.ts';
import { logWords as words } from '../../words/logs.ts';
import type { LogColumn } from './cells.tsx';
import { nextSort, SORT_KEYS } from './list-state.ts';

interface LogTableHeadProps {
  readonly columns: readonly LogColumn[];
  readonly sort: LogSort;
  readonly onSort: (sort: LogSort) => void;
}

/** Heads that sort, and stay in sight. */
export function LogTableHead({ columns, sort, onSort }: LogTableHeadProps) {
  return (
    <thead className="sticky top-12 z-10 bg-kumo-base shadow-[inset_0_-1px_0_var(--color-kumo-hairline)]">
      <tr>
        <th scope="col" className="w-8 rounded-tl-lg">
          <span className="sr-only">{words.marked('')}</span>
        </th>
        {columns.map((column) => (
          <Head key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
      </tr>
    </thead>
  );
}

interface HeadProps extends Pick<LogTableHeadProps, 'sort' | 'onSort'> {
  readonly column: LogColumn;
}

function Head({ column, sort, onSort }: HeadProps) {
  const title = words.columns[column.id];
  const key = SORT_KEYS[column.id];
  const direction = key === sort.column ? sort.direction : null;
  const Caret = direction === 'asc' ? CaretUpIcon : CaretDownIcon;
  return (
    <th
      scope="col"
      aria-sort={direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
      className={`h-9 px-1.5 text-xs font-normal whitespace-nowrap text-kumo-subtle last:rounded-tr-lg last:pr-4 ${column.align === 'right' ? 'text-right' : ''} ${column.className}`}
    >
      {key === undefined ? (
        title
      ) : (
        <button
          type="button"
          title={words.sortBy(title)}
          className={`inline-flex items-center gap-1 rounded-sm hover:text-kumo-default ${direction === null ? '' : 'text-kumo-default'}`}
          onClick={() => onSort(nextSort(sort, key))}
        >
          {title}
          {direction !== null && <Caret size={12} aria-hidden="true" />}
        </button>
      )}
    </th>
  );
}

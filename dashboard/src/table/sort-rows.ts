export type Direction = 'asc' | 'desc';

export interface Sort {
  readonly column: string;
  readonly direction: Direction;
}

export type SortValue = string | number | null | undefined;

const byText = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Rows by a value; what is unknown stands last in either direction. */
export function sortRows<Row>(
  rows: readonly Row[],
  sortValue: (row: Row) => SortValue,
  direction: Direction,
): Row[] {
  const sign = direction === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [left, right] = [sortValue(a) ?? null, sortValue(b) ?? null];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * byText.compare(String(left), String(right));
  });
}

/** `requests.desc` in the address. */
export const encodeSort = ({ column, direction }: Sort): string => `${column}.${direction}`;

export function decodeSort(text: string | undefined, columns: readonly string[]): Sort | null {
  const [, column = '', direction = ''] = /^(.+)\.(asc|desc)$/.exec(text ?? '') ?? [];
  return columns.includes(column) ? { column, direction: direction as Direction } : null;
}

/** What rows are ordered by: `count`, `sum_cost`, `max_rows`, or the name of a dimension. */
export interface Order {
  readonly field: string;
  readonly sign: 1 | -1;
}

/** Reads the enum's names, which the schema has checked. */
export function readOrder(names: readonly string[]): Order[] {
  return names.map((name) => {
    const at = name.lastIndexOf('_');
    return { field: name.slice(0, at), sign: name.slice(at) === '_DESC' ? -1 : 1 };
  });
}

interface Orderable {
  readonly count?: number;
  readonly sum?: Readonly<Record<string, number>>;
  readonly max?: Readonly<Record<string, number>>;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** Rows that are equal stay as they came: by time, then the biggest first. */
export function orderGroups<Row extends Orderable>(rows: readonly Row[], order: readonly Order[]): Row[] {
  return [...rows].sort((a, b) => {
    for (const { field, sign } of order) {
      const difference = compare(valueIn(a, field), valueIn(b, field));
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
}

function valueIn(row: Orderable, field: string): unknown {
  if (field === 'count') return row.count;
  if (field.startsWith('sum_')) return row.sum?.[field.slice('sum_'.length)];
  if (field.startsWith('max_')) return row.max?.[field.slice('max_'.length)];
  return row.dimensions[field];
}

/** What is unknown comes first. */
function compare(a: unknown, b: unknown): number {
  const [left, right] = [a ?? null, b ?? null];
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : 1;
}

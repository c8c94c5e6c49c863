import type { Query } from '../../api/client.ts';

/** Records of one instant are few: so many are looked at on each side. */
const BESIDE = 20;

/** The records on one side of an instant, with those of the instant itself. */
export function neighbourQuery(createdAt: string, side: 'newer' | 'older'): Query {
  const time = Date.parse(createdAt);
  return side === 'newer'
    ? { from: createdAt, order_by: 'created_at', order_by_direction: 'asc', per_page: BESIDE }
    : {
        // The end of a range is not part of it.
        to: Number.isNaN(time) ? undefined : new Date(time + 1).toISOString(),
        order_by: 'created_at',
        order_by_direction: 'desc',
        per_page: BESIDE,
      };
}

/** The record that follows another in a list; null where the list ends, or does not have it. */
export function neighbourAfter(rows: readonly { readonly id: string }[], id: string): string | null {
  const index = rows.findIndex((row) => row.id === id);
  return index === -1 ? null : (rows[index + 1]?.id ?? null);
}

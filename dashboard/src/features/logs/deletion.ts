import type { Filter } from '../../filters/filter.ts';
import { instantsOf } from '../../filters/time-range.ts';
import type { View } from '../../filters/view.ts';

/**
 * The conditions that delete just what a view shows: its time as instants, so that nothing that comes while the question
 * is open is deleted too. Null for free text, which deletion does not know.
 */
export function deletionOf(view: View, nowMs: number): readonly Filter[] | null {
  if (view.text !== '') return null;
  const { fromMs, toMs } = instantsOf(view.range, nowMs);
  return [
    ...view.filters,
    // Bounds of conditions are not part of them; the beginning of a range is.
    { key: 'created_at', operator: 'gt', values: [String(Math.floor(fromMs) - 1)] },
    { key: 'created_at', operator: 'lt', values: [String(Math.ceil(toMs))] },
  ];
}

export const deletionOfIds = (ids: readonly string[]): readonly Filter[] => [
  { key: 'id', operator: 'eq', values: ids },
];

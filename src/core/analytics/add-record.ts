import type { ColumnValue } from '../stores/log-columns.ts';
import { type Aggregation, addCount } from './aggregation.ts';
import { addSums, DISTRIBUTIONS, type Facts, measured } from './facts.ts';
import { bucketOf } from './histogram.ts';

/** Adds one record to every group that it belongs to. */
export function addRecord(
  into: Aggregation,
  groups: readonly (readonly string[])[],
  facts: Facts,
  columns: readonly ColumnValue[],
): void {
  for (const group of groups) {
    const cell = into.cell(facts.createdAt, group);
    addSums(cell.sums, columns);
    if (!into.withQuantiles) continue;
    for (let index = 0; index < DISTRIBUTIONS.length; index++) {
      const value = measured(columns, index);
      if (value !== null) addCount(cell, index, bucketOf(value), 1);
    }
  }
}

import type { LogFilter } from '../../core/stores/logs.ts';
import { readBlocks } from './block-index.ts';
import { blockTests, matchBlock } from './block-scan.ts';
import type { Database } from './database.ts';
import { lowerSelection } from './logs-filter.ts';
import { sliceOfBlock } from './scan-block.ts';
import type { ScanColumn } from './scan-columns.ts';
import { LooseRows } from './scan-loose.ts';
import type { RowSlice } from './scan-slice.ts';

export interface ScanSelection {
  /** Numbers of gateways, see the table `gateways`. */
  readonly gatewayRefs: readonly number[];
  /** Epoch ms, inclusive; null is no limit. */
  readonly from: number | null;
  /** Epoch ms, exclusive; null is no limit. */
  readonly to: number | null;
  readonly filters: readonly LogFilter[];
  readonly search: string | null;
}

const SLICE_ROWS = 8192;

/**
 * Visits all rows that match, in slices of columns, in no particular order. `columns` are those that the visitor may
 * ask a slice for. To be called within a read transaction: what is visited is then one state of the store.
 */
export function scanRows(
  database: Database,
  selection: ScanSelection,
  columns: readonly ScanColumn[],
  visit: (slice: RowSlice) => void,
): void {
  if (selection.gatewayRefs.length === 0) return;
  const condition = lowerSelection(selection);
  const loose = new LooseRows(columns);
  const index = readBlocks(database);
  const statement = database.prepare(
    `SELECT ${loose.selected} FROM records
     WHERE (seq > ? OR seq IN (SELECT seq FROM block_loose)) AND +gateway_ref = ?
     ${condition === null ? '' : ` AND ${condition.sql}`}`,
  );
  const tests = blockTests(database, selection);
  for (const ref of selection.gatewayRefs) {
    for (const row of statement.iterate(index.sealedSeq, ref, ...(condition?.values ?? []))) {
      if (loose.add(row) === SLICE_ROWS) visit(loose.take(ref));
    }
    if (loose.length > 0) visit(loose.take(ref));
    for (const block of index.blocks) {
      const match = matchBlock(block, ref, tests);
      if (match !== null) visit(sliceOfBlock(ref, match));
    }
  }
}

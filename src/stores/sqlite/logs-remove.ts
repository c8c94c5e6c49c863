import { FACT_COLUMNS } from '../../core/analytics/facts.ts';
import type { ColumnValue } from '../../core/stores/log-columns.ts';
import { columnsOf } from './analytics-scan.ts';
import type { BlockWriter } from './block-writer.ts';
import type { Database, Row } from './database.ts';
import type { GatewayTable } from './logs-gateways.ts';
import type { Rollups } from './logs-rollups.ts';
import { RECORD_COLUMN } from './logs-schema.ts';
import type { SegmentTable } from './logs-segments.ts';
import type { SessionTable } from './session-table.ts';

/** What is said of rows beside them. */
export interface RowTables {
  readonly database: Database;
  readonly gateways: GatewayTable;
  readonly segments: SegmentTable;
  readonly sessions: SessionTable;
  readonly rollups: Rollups;
  readonly blocks: BlockWriter;
}

const FACTS = ['session_id', ...FACT_COLUMNS.map((name) => RECORD_COLUMN[name])].join(', ');

/**
 * Removes rows (given by seq and segment) of one gateway and keeps every count true, in one transaction. `atOnce` is
 * for what somebody wants gone: their bodies leave the disk soon, not when enough has come together, and who asked is
 * taken out of the figures.
 */
export function removeRows(
  { database, gateways, segments, sessions, rollups, blocks }: RowTables,
  gatewayRef: number,
  rows: readonly Row[],
  atOnce: boolean,
): number {
  if (rows.length === 0) return 0;
  const removeRow = database.prepare(
    `DELETE FROM records WHERE seq = ? RETURNING ${atOnce ? FACTS : 'session_id'}`,
  );
  const noteRemoval = database.prepare(
    'INSERT INTO removed_texts (seq, at_once) SELECT ?, ? FROM store_identity WHERE keeps_removals = 1',
  );
  let removed = 0;
  try {
    database.transaction(() => {
      const bySegment = new Map<number, number>();
      const seqs: number[] = [];
      const facts: { seq: number; columns: readonly ColumnValue[] }[] = [];
      const ofSessions: { seq: number; session: string }[] = [];
      for (const { seq, segment } of rows) {
        const gone = removeRow.get(seq as number);
        if (gone === undefined) continue;
        removed++;
        if (gone.session_id !== null) {
          ofSessions.push({ seq: seq as number, session: String(gone.session_id) });
        }
        seqs.push(seq as number);
        if (atOnce) facts.push({ seq: seq as number, columns: columnsOf(gone) });
        if (segment === null) continue;
        bySegment.set(segment as number, (bySegment.get(segment as number) ?? 0) + 1);
        noteRemoval.run(seq as number, atOnce ? 1 : 0);
      }
      for (const [segment, count] of bySegment) segments.removed(segment, count, atOnce);
      blocks.removed(gatewayRef, seqs);
      sessions.removed(gatewayRef, ofSessions);
      if (atOnce) rollups.amendFacets(gatewayRef, facts, -1);
      gateways.get(gatewayRef).added -= removed;
      gateways.write();
    });
    gateways.settle();
    return removed;
  } finally {
    gateways.discard();
  }
}

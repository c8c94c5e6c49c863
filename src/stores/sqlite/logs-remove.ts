import type { Database, Row } from './database.ts';
import type { GatewayTable } from './logs-gateways.ts';
import type { SegmentTable } from './logs-segments.ts';

/**
 * Removes rows (given by seq and segment) of one gateway and keeps every count true, in one transaction. `atOnce` asks
 * for their bodies to be gone from the disk soon, not when enough has come together.
 */
export function removeRows(
  database: Database,
  gateways: GatewayTable,
  segments: SegmentTable,
  gatewayRef: number,
  rows: readonly Row[],
  atOnce: boolean,
): number {
  if (rows.length === 0) return 0;
  const removeRow = database.prepare('DELETE FROM records WHERE seq = ?');
  let removed = 0;
  try {
    database.transaction(() => {
      const bySegment = new Map<number, number>();
      for (const { seq, segment } of rows) {
        if (removeRow.run(seq as number).changes === 0) continue;
        removed++;
        if (segment !== null) bySegment.set(segment as number, (bySegment.get(segment as number) ?? 0) + 1);
      }
      for (const [segment, count] of bySegment) segments.removed(segment, count, atOnce);
      gateways.get(gatewayRef).added -= removed;
      gateways.write();
    });
    gateways.settle();
    return removed;
  } finally {
    gateways.discard();
  }
}

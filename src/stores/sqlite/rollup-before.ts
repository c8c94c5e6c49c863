import { BUCKET_OF_ONE } from '../../core/analytics/histogram.ts';
import type { Row } from './database.ts';
import type { CountList } from './rollup-block.ts';
import { BlockGroups } from './rollup-groups.ts';
import type { BlockPlace, RollupTables } from './rollup-tables.ts';
import { beginOf, CUBE } from './rollup-widths.ts';

const HOUR_WIDTH = 2;
const ENTRY_BYTES = 8;

/**
 * Takes over what versions before had added up by the hour, for hours of which no record is left: of all others the
 * records say more. Paths, error types and who asked are unknown in these. Within a transaction; done once.
 */
export function takeOverHours(tables: RollupTables, nowMs: number): void {
  const { database } = tables;
  const rows = database
    .prepare(
      `SELECT *, (SELECT min(created_at) FROM records WHERE gateway_ref = rollups_before.gateway_ref) AS oldest
       FROM rollups_before ORDER BY gateway_ref, hour`,
    )
    .all();
  for (const hour of Map.groupBy(rows, (row) => `${row.gateway_ref} ${row.hour}`).values()) {
    const [first] = hour;
    const bucket = Number(first!.hour);
    if (first!.oldest !== null && bucket >= beginOf(Number(first!.oldest), HOUR_WIDTH)) continue;
    const place: BlockPlace = {
      kind: CUBE,
      width: HOUR_WIDTH,
      gatewayRef: Number(first!.gateway_ref),
      bucket,
    };
    const groups = new BlockGroups(CUBE, HOUR_WIDTH, tables.find(place));
    for (const row of hour) addRow(groups, row);
    tables.put(place, groups.encode());
    tables.markWider(place, nowMs);
  }
  database.exec('DELETE FROM rollups_before');
}

function addRow(groups: BlockGroups, row: Row): void {
  const number = (name: string): number => Number(row[name]);
  const isCached = row.cached === 1;
  const isSuccess = number('status_class') < 4;
  const key = [
    String(row.provider),
    row.model === '' ? null : String(row.model),
    '',
    null,
    isCached ? 'exact' : null,
    `${number('status_class')}00`,
    `${isSuccess ? 1 : 0}${isCached ? 1 : 0}0`,
  ];
  const sums = [
    number('requests'),
    number('errors'),
    number('rate_limited'),
    isCached ? number('requests') : 0,
    number('input_tokens'),
    number('output_tokens'),
    isCached ? number('input_tokens') : 0,
    isCached ? number('output_tokens') : 0,
    number('cache_read_tokens'),
    number('cache_write_tokens'),
    number('reasoning_tokens'),
    number('cost_nanos'),
    number('saved_nanos'),
    0,
    0,
  ];
  const counts = [readCounts(row.duration_histogram), readCounts(row.first_byte_histogram), [], []];
  groups.add(key, { sums, counts });
}

/** Two bytes of bucket and six of count each. Their first bucket was everything up to 1 ms. */
function readCounts(blob: Row[string] | undefined): CountList {
  const bytes = blob as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts: CountList = [];
  for (let at = 0; at + ENTRY_BYTES <= bytes.byteLength; at += ENTRY_BYTES) {
    const count = view.getUint32(at + 2, true) + view.getUint16(at + 6, true) * 0x1_0000_0000;
    counts.push(view.getUint16(at, true) + BUCKET_OF_ONE, count);
  }
  return counts;
}

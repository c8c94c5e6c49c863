import type { LogSelection } from '../../core/stores/log-writer.ts';
import { forgetBlocks, readBlocks } from './block-index.ts';
import { type BlockMatch, blockTests, matchBlock } from './block-scan.ts';
import type { Database, Row } from './database.ts';
import { lowerSelection } from './logs-filter.ts';

const LOT_ROWS = 20_000;

/**
 * Seq and segment of all rows of a gateway that match and are there now, a lot at each call, none at the end. Blocks
 * say where they are, so that no call reads many rows that do not match: records are waiting meanwhile.
 */
export function chooseRows(database: Database, gatewayRef: number, selection: LogSelection): () => Row[] {
  const condition = lowerSelection(selection);
  const tests = blockTests(database, selection);
  const last = Number(database.prepare('SELECT max(seq) AS seq FROM records').get()?.seq ?? 0);
  const one = database.prepare('SELECT seq, segment FROM records WHERE seq = ?');
  const loose = database.prepare(
    `SELECT seq, segment FROM records
     WHERE (seq > ? OR seq IN (SELECT seq FROM block_loose)) AND seq <= ? AND +gateway_ref = ?
     ${condition === null ? '' : `AND ${condition.sql}`} LIMIT ${LOT_ROWS}`,
  );
  let passed = 0;
  // Rows outside blocks at first and once more at the end: they may have left a block, or gone into one.
  let outside = true;
  return () => {
    const index = readBlocks(database);
    if (outside) {
      const rows = loose.all(index.sealedSeq, last, gatewayRef, ...(condition?.values ?? []));
      if (rows.length > 0) return rows;
      outside = false;
    }
    for (const block of index.blocks) {
      if (block.lastSeq <= passed) continue;
      if (block.firstSeq > last) break;
      const match = matchBlock(block, gatewayRef, tests);
      const seqs = match === null ? [] : seqsOf(match).filter((seq) => seq > passed && seq <= last);
      passed = block.lastSeq;
      if (seqs.length > 0) return seqs.map((seq) => one.get(seq)).filter((row) => row !== undefined);
    }
    const rows = loose.all(index.sealedSeq, last, gatewayRef, ...(condition?.values ?? []));
    // The writer reads blocks for this only.
    if (rows.length === 0) forgetBlocks(database);
    return rows;
  };
}

function seqsOf({ block, start, end, marks }: BlockMatch): number[] {
  const seqs: number[] = [];
  for (let position = start; position < end; position++) {
    if (marks === null || marks[position] === 1) seqs.push(block.seq(position));
  }
  return seqs;
}

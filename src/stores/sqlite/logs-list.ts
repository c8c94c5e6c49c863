import type { LogPage, LogPosition, LogQuery } from '../../core/stores/logs.ts';
import { readBlocks } from './block-index.ts';
import { blockTests, matchBlock } from './block-scan.ts';
import type { Database, Row } from './database.ts';
import { type Condition, lowerOrder, lowerPosition, lowerSelection, orderColumn } from './logs-filter.ts';
import { RANGE_COLUMNS, Ranges } from './logs-ranges.ts';
import { recordColumn, SCAN_COLUMNS, type ScanColumn } from './scan-columns.ts';
import { compareValues, TopRows } from './top-rows.ts';

export interface ListedGateway {
  readonly ref: number;
  readonly rows: number;
}

export interface ListedRows {
  readonly rows: readonly Row[];
  readonly totalCount: number;
  readonly next: LogPosition | null;
  readonly ranges: LogPage['ranges'];
}

/** Beyond it, the rows of a page are walked to in the table; pages by `after` are found at once however deep. */
const DEEPEST_TOP = 5000;
const EVERYTHING: Condition = { sql: '1', values: [] };
const COLUMNS = new Map<string, ScanColumn>(SCAN_COLUMNS.map((column) => [recordColumn(column), column]));

/** One page with its count. `textMatches` are seqs that the search found by their texts. */
export function listRows(
  database: Database,
  gateway: ListedGateway,
  query: LogQuery,
  selected: string,
  textMatches: readonly number[],
): ListedRows {
  const condition = lowerSelection(query, textMatches);
  const byTime = query.orderBy === 'created_at';
  if (condition === null && byTime && !query.withRanges) {
    return {
      ...walk(database, gateway, query, selected, EVERYTHING),
      totalCount: gateway.rows,
      ranges: null,
    };
  }
  // Looked up by the index of ids, and by nothing else.
  const byId = query.filters.some(({ key, operator }) => key === 'id' && operator === 'eq');
  if (condition !== null && byId) return listFew(database, gateway, query, selected, condition);
  return listByBlocks(database, gateway, query, selected, condition ?? EVERYTHING, textMatches);
}

/** Reads the rows of the table in their order. */
function walk(
  database: Database,
  gateway: ListedGateway,
  query: LogQuery,
  selected: string,
  condition: Condition,
): Pick<ListedRows, 'rows' | 'next'> {
  const { orderBy, direction, after } = query;
  const place = after === null ? EVERYTHING : lowerPosition(orderBy, direction, after);
  const found = database
    .prepare(
      `SELECT ${selected} FROM records WHERE gateway_ref = ? AND ${condition.sql} AND ${place.sql}
       ORDER BY ${lowerOrder(orderBy, direction)} LIMIT ? OFFSET ?`,
    )
    .all(gateway.ref, ...condition.values, ...place.values, query.limit + 1, query.offset);
  const last = found.length > query.limit ? found[query.limit - 1] : undefined;
  return {
    rows: found.slice(0, query.limit),
    next:
      last === undefined
        ? null
        : { value: last[orderColumn(orderBy)] as LogPosition['value'], id: last.id as string },
  };
}

function listFew(
  database: Database,
  gateway: ListedGateway,
  query: LogQuery,
  selected: string,
  condition: Condition,
): ListedRows {
  const ranges = new Ranges();
  const rows = database
    .prepare(`SELECT ${RANGE_COLUMNS} FROM records WHERE +gateway_ref = ? AND ${condition.sql}`)
    .all(gateway.ref, ...condition.values);
  for (const row of rows) ranges.addRow(row);
  return {
    ...walk(database, gateway, query, selected, condition),
    totalCount: rows.length,
    ranges: query.withRanges ? ranges.done() : null,
  };
}

function listByBlocks(
  database: Database,
  gateway: ListedGateway,
  query: LogQuery,
  selected: string,
  condition: Condition,
  textMatches: readonly number[],
): ListedRows {
  const { orderBy, direction, limit, offset, after, withRanges } = query;
  const column = orderColumn(orderBy);
  const tooDeep = offset + limit >= DEEPEST_TOP;
  const top = new TopRows(COLUMNS.get(column)!, direction, tooDeep ? 0 : offset + limit + 1, after);
  const ranges = withRanges ? new Ranges() : null;
  const index = readBlocks(database);
  let totalCount = 0;

  const loose = database.prepare(
    `SELECT seq, id, ${column} AS place${withRanges ? `, ${RANGE_COLUMNS}` : ''} FROM records
     WHERE (seq > ? OR seq IN (SELECT seq FROM block_loose)) AND +gateway_ref = ? AND ${condition.sql}`,
  );
  for (const row of loose.all(index.sealedSeq, gateway.ref, ...condition.values)) {
    totalCount++;
    top.offer(row.place as LogPosition['value'], row.id as string, row.seq as number);
    ranges?.addRow(row);
  }

  const tests = blockTests(database, query, textMatches);
  const sign = direction === 'asc' ? 1 : -1;
  const blocks = index.blocks
    .map((block) => ({ block, best: top.best(block) }))
    .sort((a, b) => sign * (compareValues(a.best, b.best) || a.block.firstSeq - b.block.firstSeq));
  for (const { block } of blocks) {
    const match = matchBlock(block, gateway.ref, tests);
    if (match === null) continue;
    totalCount += match.count;
    if (!tooDeep) top.offerBlock(match);
    ranges?.addBlock(match);
  }

  const done = ranges?.done() ?? null;
  if (tooDeep) return { ...walk(database, gateway, query, selected, condition), totalCount, ranges: done };
  const places = top.sorted().slice(offset);
  const get = database.prepare(`SELECT ${selected} FROM records WHERE seq = ?`);
  const rows = places
    .slice(0, limit)
    .map(({ seq, block, position }) => get.get(seq ?? block!.seq(position))!);
  const last = places.length > limit ? places[limit - 1] : undefined;
  return {
    rows,
    totalCount,
    next: last === undefined ? null : { value: last.value, id: last.id },
    ranges: done,
  };
}

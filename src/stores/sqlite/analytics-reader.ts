import { type Aggregation, aggregateInto } from '../../core/analytics/aggregation.ts';
import type { AnalyticsAnswer, AnalyticsQuery } from '../../core/stores/analytics.ts';
import type { ColumnValue } from '../../core/stores/log-columns.ts';
import { type GatewayRef, recordScans } from './analytics-scan.ts';
import { canSlice, scanSlices } from './analytics-slices.ts';
import type { Database } from './database.ts';
import { addFiguresTo, sumBlock } from './rollup-block.ts';
import { contributionOf, KEY_LENGTHS } from './rollup-contribution.ts';
import { LostInRollupError, lensOf, type RollupLens } from './rollup-lens.ts';
import { type Plan, planBlocks } from './rollup-plan.ts';
import { readSections } from './rollup-sections.ts';
import { readHorizons } from './rollup-tables.ts';
import { CUBE, WIDTHS_MS } from './rollup-widths.ts';

/** Within a read transaction: blocks and rows are then of one and the same moment. */
export function aggregate(database: Database, query: AnalyticsQuery): AnalyticsAnswer {
  const throughSeq = Number(database.prepare('SELECT through_seq FROM rollup_progress').get()?.through_seq);
  const scans = recordScans(database, query, throughSeq);
  const gateways = findGateways(database, query);
  if (lensOf(query) !== null) {
    const fill = (into: Aggregation, interval: AnalyticsQuery['interval']): void => {
      // Totals take the widest blocks.
      const lens = lensOf({ ...query, interval })!;
      for (const gateway of gateways) {
        const plan = planFor(database, gateway, query, lens);
        readBlocks(database, gateway, plan, lens, into);
        for (const { from, to } of plan.records) scans.rolledUp(gateway, from, to, into);
        scans.sinceThen(gateway, query.from, query.to, into);
        addRefused(database, gateway, query, lens, into);
      }
    };
    try {
      return { rows: aggregateInto(query, fill, true), scanned: false };
    } catch (error) {
      if (!(error instanceof LostInRollupError)) throw error;
    }
  }
  const rows = aggregateInto(query, (into) => {
    if (canSlice(query)) {
      scanSlices(database, gateways, query, into);
      return;
    }
    for (const gateway of gateways) {
      scans.rolledUp(gateway, query.from, query.to, into);
      scans.sinceThen(gateway, query.from, query.to, into);
    }
  });
  return { rows, scanned: true };
}

function findGateways(database: Database, { account, gateways }: AnalyticsQuery): GatewayRef[] {
  return database
    .prepare('SELECT ref, gateway FROM gateways WHERE account = ? ORDER BY ref')
    .all(account)
    .map((row) => ({ ref: Number(row.ref), gateway: String(row.gateway) }))
    .filter(({ gateway }) => gateways === null || gateways.includes(gateway));
}

function planFor(database: Database, { ref }: GatewayRef, query: AnalyticsQuery, lens: RollupLens): Plan {
  const horizons = readHorizons(database);
  const stale = new Set<string>();
  const known = database.prepare(
    'SELECT width, bucket FROM rollup_stale WHERE kind = ? AND gateway_ref = ? AND bucket < ?',
  );
  for (const kind of lens.kinds) {
    for (const { width, bucket } of known.all(kind, ref, query.to)) stale.add(`${width} ${bucket}`);
  }
  return planBlocks(query.from, endFor(database, ref, query.to), {
    widest: lens.widest,
    keptFrom: WIDTHS_MS.map((_, width) => Math.max(...lens.kinds.map((kind) => horizons[kind]![width] ?? 0))),
    isStale: (width, bucket) => stale.has(`${width} ${bucket}`),
  });
}

/**
 * When there is no later record, the whole last minute is meant: its block also knows of requests that have no row, or
 * none any more.
 */
function endFor(database: Database, ref: number, to: number): number {
  const newest = database
    .prepare('SELECT max(created_at) AS at FROM records WHERE gateway_ref = ?')
    .get(ref)?.at;
  const minute = WIDTHS_MS[0]!;
  return newest != null && Number(newest) >= to ? to : Math.ceil(to / minute) * minute;
}

function readBlocks(
  database: Database,
  { ref, gateway }: GatewayRef,
  { blocks }: Plan,
  lens: RollupLens,
  into: Aggregation,
): void {
  const find = database.prepare(
    'SELECT bucket, groups FROM rollup_blocks WHERE kind = ? AND width = ? AND gateway_ref = ? AND bucket >= ? AND bucket < ?',
  );
  for (const kind of lens.kinds) {
    for (const { width, from, to } of blocks) {
      for (const row of find.iterate(kind, width, ref, from, to)) {
        const place = { gateway, time: Number(row.bucket) };
        const groups = row.groups as Uint8Array;
        const flat = kind === CUBE ? [groups] : readSections(groups, lens.dimension);
        for (const block of flat) {
          sumBlock(block, KEY_LENGTHS[kind]!, lens.parts[kind]!, into.withQuantiles, (key) =>
            lens.targetsOf(kind, place, key, into),
          );
        }
      }
    }
  }
}

/** Records without a row that the roll-ups have not taken up yet. */
function addRefused(
  database: Database,
  { ref, gateway }: GatewayRef,
  { from, to }: AnalyticsQuery,
  lens: RollupLens,
  into: Aggregation,
): void {
  const rows = database.prepare('SELECT columns FROM refused_records WHERE gateway_ref = ?').all(ref);
  for (const row of rows) {
    const { createdAt, figures, cube, facets } = contributionOf(
      JSON.parse(String(row.columns)) as ColumnValue[],
    );
    if (createdAt < from || createdAt >= to) continue;
    const place = { gateway, time: createdAt };
    for (const kind of lens.kinds) {
      for (const key of kind === CUBE ? [cube] : facets) {
        addFiguresTo(lens.targetsOf(kind, place, key, into), figures, into.withQuantiles);
      }
    }
  }
}

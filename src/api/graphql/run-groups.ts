import {
  ADDITIVE_MEASURES,
  type AnalyticsQuery,
  type AnalyticsRow,
  type AnalyticsStore,
  INTERVALS,
} from '../../core/stores/analytics.ts';
import type { LogFilter } from '../../core/stores/logs.ts';
import { dimensionsOf, holdsTree, readFilter } from './conditions.ts';
import { type Dataset, QUANTILES, readSum, SUMS, type SumName } from './fields.ts';
import { GroupShape, METADATA_VALUE } from './group-shape.ts';
import { LIMITS, MOST_BUCKETS } from './limits.ts';
import { lowerFilter } from './lower-filter.ts';
import { orderGroups, readOrder } from './order-groups.ts';
import { notUnderstood, overLimit } from './refusal.ts';
import type { DatasetParameters } from './schema.ts';
import type { Selection } from './selection.ts';
import { boundRange } from './time-range.ts';

/** A row of an answer, read by the schema field by field. */
export interface Group {
  readonly count: number;
  readonly sum: Readonly<Record<string, number>>;
  readonly quantiles: Readonly<Record<string, number | null>>;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

export interface GroupServices {
  readonly analytics: Pick<AnalyticsStore, 'aggregate'>;
  readonly account: string;
  readonly nowMs: number;
}

/** Answers a dataset of requests: what is asked is lowered to one or two questions to the store. */
export async function runGroups(
  dataset: Dataset,
  own: readonly LogFilter[],
  parameters: DatasetParameters,
  selection: Selection,
  services: GroupServices,
): Promise<Group[]> {
  const limit = readLimit(parameters.limit ?? null);
  if (selection.fieldCount > LIMITS.maxNumberOfFields)
    throw overLimit(`number of fields can't be more than ${LIMITS.maxNumberOfFields}`);
  const lowered = lowerFilter(dataset, readFilter(dataset, parameters.filter ?? null));
  const order = readOrder(parameters.orderBy ?? []);
  const range = boundRange(lowered.range, services.nowMs);
  if (lowered.isEmpty || range === null) return [];

  // A group that is ordered or filtered by a dimension has one value of it, so it is grouped by it, too.
  const asked = new Set(selection.dimensions);
  for (const { field } of order) if (Object.hasOwn(dataset.dimensions, field)) asked.add(field);
  const shape = new GroupShape(dataset, asked, [...selection.metadataKeys]);
  for (const tree of lowered.rest) for (const name of dimensionsOf(tree)) shape.add(name);
  const isMerged = shape.isWiderThan(asked);
  if (isMerged && selection.hasQuantiles) {
    throw notUnderstood('quantiles cannot be combined with this filter: ask for its fields as dimensions');
  }
  const { interval } = shape;
  if (interval !== null && (range.to - range.from) / INTERVALS[interval] > MOST_BUCKETS) {
    throw overLimit(`query time range is too large for its ${interval} buckets`);
  }

  const base: AnalyticsQuery = {
    account: services.account,
    gateways: lowered.gateways,
    from: range.from,
    to: range.to,
    interval,
    groupBy: shape.groupBy,
    filters: [...own, ...lowered.filters],
    top: null,
    quantiles: selection.hasQuantiles,
  };
  const found: Shaped[] = [];
  for (const error of shape.splitsErrors ? [0, 1] : [null]) {
    const filters: LogFilter[] =
      error === null ? [] : [{ key: 'success', operator: 'eq', value: [error === 0] }];
    const { rows } = await services.analytics.aggregate({ ...base, filters: [...base.filters, ...filters] });
    for (const row of rows) {
      if (row.requests === 0) continue;
      const values = shape.valuesOf(row, error);
      if (lowered.rest.every((tree) => holdsTree(tree, (name) => values[name] ?? null)))
        found.push({ row, values });
    }
  }
  const groups = (isMerged ? merge(found, asked, selection.metadataKeys) : found).map(showGroup);
  return orderGroups(groups, order).slice(0, limit);
}

export function readLimit(limit: number | null): number {
  if (limit === null) return LIMITS.maxPageSize;
  if (limit < 1 || limit > LIMITS.maxPageSize)
    throw overLimit(`limit must be positive number and not greater than ${LIMITS.maxPageSize}`);
  return limit;
}

interface Shaped {
  readonly row: AnalyticsRow;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Adds up groups that differ only in what was filtered by. */
function merge(found: readonly Shaped[], asked: ReadonlySet<string>, keys: ReadonlySet<string>): Shaped[] {
  const names = [...asked, ...[...keys].map((key) => METADATA_VALUE + key)];
  const groups = new Map<
    string,
    { row: { -readonly [Key in keyof AnalyticsRow]: AnalyticsRow[Key] }; values: Shaped['values'] }
  >();
  for (const { row, values } of found) {
    const key = JSON.stringify(names.map((name) => values[name]));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { row: { ...row }, values });
    else for (const measure of ADDITIVE_MEASURES) known.row[measure] += row[measure];
  }
  return [...groups.values()];
}

function showGroup({ row, values }: Shaped): Group {
  const sum = Object.fromEntries(Object.keys(SUMS).map((name) => [name, readSum(name as SumName, row)]));
  const quantiles = Object.fromEntries(
    Object.entries(QUANTILES).map(([name, [measure, share]]) => [name, row[measure][share]]),
  );
  // The one field that has an argument is a function of it.
  const metadata = ({ key }: { readonly key: string }): unknown => values[METADATA_VALUE + key] ?? null;
  return { count: row.requests, sum, quantiles, dimensions: { ...values, metadata } };
}

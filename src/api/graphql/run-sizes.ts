import { INTERVALS } from '../../core/stores/analytics.ts';
import type { Gateway } from '../../core/stores/config.ts';
import type { LogStore } from '../../core/stores/logs.ts';
import { holdsTree, readFilter } from './conditions.ts';
import { SIZE } from './fields.ts';
import { lowerFilter } from './lower-filter.ts';
import { orderGroups, readOrder } from './order-groups.ts';
import { readLimit } from './run-groups.ts';
import type { DatasetParameters } from './schema.ts';

export interface SizeRow {
  readonly max: { readonly rows: number };
  readonly dimensions: Readonly<Record<string, unknown>>;
}

export interface SizeServices {
  readonly logs: Pick<LogStore, 'list'>;
  readonly account: string;
  readonly gateways: readonly Gateway[];
  readonly nowMs: number;
}

/** How far the end of a range may lie behind and still mean now. */
const RECENT_MS = 300_000;

/**
 * How many records each gateway has stored. Only the present number is known: it is told as of now, to whoever asks for
 * a time that reaches up to now, and there is nothing to tell of earlier times.
 */
export async function runSizes(
  parameters: DatasetParameters,
  selected: ReadonlySet<string>,
  services: SizeServices,
): Promise<SizeRow[]> {
  const limit = readLimit(parameters.limit ?? null);
  const { range, gateways, rest, isEmpty } = lowerFilter(SIZE, readFilter(SIZE, parameters.filter ?? null));
  const { nowMs } = services;
  if (isEmpty || range.from > nowMs || range.to <= nowMs - RECENT_MS) return [];
  const asOfMs = Math.min(nowMs, range.to - 1);
  const order = readOrder(parameters.orderBy ?? []);
  const rows: SizeRow[] = [];
  for (const gateway of services.gateways) {
    if (gateways !== null && !gateways.includes(gateway.id)) continue;
    const dimensions = { ...timesOf(asOfMs), gateway: gateway.id, logManagement: gateway.logManagement };
    const read = (name: string): unknown => dimensions[name as keyof typeof dimensions] ?? null;
    if (!rest.every((tree) => holdsTree(tree, read))) continue;
    const { totalCount } = await services.logs.list({
      account: services.account,
      gateway: gateway.id,
      filters: [],
      search: null,
      from: null,
      to: null,
      after: null,
      orderBy: 'created_at',
      direction: 'asc',
      limit: 0,
      offset: 0,
      withRanges: false,
    });
    rows.push({ max: { rows: totalCount }, dimensions });
  }
  const isApart = [...selected, ...order.map(({ field }) => field)].some(
    (name) => name === 'gateway' || name === 'logManagement',
  );
  return orderGroups(isApart ? rows : largest(rows), order).slice(0, limit);
}

/** Without a dimension that tells gateways apart there is one group, and `max` is its largest. */
function largest(rows: readonly SizeRow[]): SizeRow[] {
  const [first, ...others] = rows;
  if (first === undefined) return [];
  return [others.reduce((most, row) => (row.max.rows > most.max.rows ? row : most), first)];
}

function timesOf(ms: number): Record<string, number> {
  const times: Record<string, number> = {};
  for (const [name, field] of Object.entries(SIZE.dimensions)) {
    if (field.kind === 'time') times[name] = ms - (ms % INTERVALS[field.interval]);
  }
  return times;
}

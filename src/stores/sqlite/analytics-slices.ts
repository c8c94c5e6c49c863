import { type Aggregation, addCount, type Cell } from '../../core/analytics/aggregation.ts';
import { METADATA_PREFIX, statusClass } from '../../core/analytics/dimensions.ts';
import { DISTRIBUTIONS, groupText } from '../../core/analytics/facts.ts';
import { bucketOf } from '../../core/analytics/histogram.ts';
import { type AnalyticsQuery, type Dimension, INTERVALS } from '../../core/stores/analytics.ts';
import type { GatewayRef } from './analytics-scan.ts';
import type { Database } from './database.ts';
import { scanRows } from './scan.ts';
import type { NumberColumn, ScanColumn, TextColumn } from './scan-columns.ts';
import type { RowSlice } from './scan-slice.ts';

const NUMBER_DIMENSIONS: Readonly<Partial<Record<Dimension, NumberColumn>>> = {
  duration_ms: 'durationMs',
  cost_nanos: 'costNanos',
  tokens_in: 'inputTokens',
  tokens_out: 'outputTokens',
};

const TEXT_DIMENSIONS: Readonly<Partial<Record<Dimension, TextColumn>>> = {
  provider: 'provider',
  model: 'model',
  path: 'path',
  error_type: 'errorType',
  token_id: 'tokenId',
  user_id: 'userId',
  session_id: 'sessionId',
  user_agent: 'userAgent',
};

/** Sums of columns, at their places among the additive measures. */
const SUMMED: readonly (readonly [index: number, column: NumberColumn])[] = [
  [2, 'rateLimited'],
  [3, 'cached'],
  [4, 'inputTokens'],
  [5, 'outputTokens'],
  [8, 'cacheReadTokens'],
  [9, 'cacheWriteTokens'],
  [10, 'reasoningTokens'],
  [11, 'costNanos'],
  [12, 'savedNanos'],
  [14, 'savedMs'],
];
const REQUESTS = 0;
const ERRORS = 1;
const CACHED_INPUT = 6;
const CACHED_OUTPUT = 7;
const UNPRICED = 13;

/** The groups of the rows of a slice: of each row a code, or several, and what the codes stand for. */
interface SliceGroups {
  readonly texts: readonly string[];
  codesOf(position: number): number | readonly number[];
}

/** All of the metadata as it was written is in no column, only in the rows. */
export const canSlice = ({ groupBy }: Pick<AnalyticsQuery, 'groupBy'>): boolean =>
  !groupBy.includes('metadata');

/** Adds up rows column by column: what no roll-up holds together, over millions of records. */
export function scanSlices(
  database: Database,
  gateways: readonly GatewayRef[],
  query: AnalyticsQuery,
  into: Aggregation,
): void {
  const names = new Map(gateways.map(({ ref, gateway }) => [ref, gateway]));
  const selection = {
    gatewayRefs: [...names.keys()],
    from: query.from,
    to: query.to,
    filters: query.filters,
    search: null,
  };
  const width = query.interval === null ? null : INTERVALS[query.interval];
  scanRows(database, selection, columnsFor(query, into.withQuantiles), (slice) => {
    addSlice(slice, names.get(slice.gatewayRef)!, query.groupBy, width, into);
  });
}

/** Cells by bucket and then by the code of each dimension. */
type Level = Map<number, Level | Cell>;

function addSlice(
  slice: RowSlice,
  gateway: string,
  groupBy: readonly Dimension[],
  width: number | null,
  into: Aggregation,
): void {
  const dimensions = groupBy.map((dimension) => groupsOf(slice, gateway, dimension));
  const createdAt = slice.numbers('createdAt');
  const root: Level = new Map();
  // Used again for each row: there are millions.
  const codes = dimensions.map(() => 0);
  const find = (time: number): Cell => {
    let level = root;
    let code = width === null ? 0 : Math.floor(time / width);
    for (let index = 0; index < codes.length; index++) {
      let deeper = level.get(code) as Level | undefined;
      if (deeper === undefined) {
        deeper = new Map();
        level.set(code, deeper);
      }
      level = deeper;
      code = codes[index]!;
    }
    let cell = level.get(code) as Cell | undefined;
    if (cell === undefined) {
      const group = codes.map((value, index) => dimensions[index]!.texts[value]!);
      cell = into.cell(time, group);
      level.set(code, cell);
    }
    return cell;
  };
  const rows: number[] = [];
  const cells: Cell[] = [];
  const put = (row: number, index: number): void => {
    if (index === dimensions.length) {
      rows.push(row);
      cells.push(find(createdAt[row]!));
      return;
    }
    const code = dimensions[index]!.codesOf(row);
    for (const one of typeof code === 'number' ? [code] : code) {
      codes[index] = one;
      put(row, index + 1);
    }
  };
  for (const row of slice.matches) {
    let index = 0;
    for (; index < dimensions.length; index++) {
      const code = dimensions[index]!.codesOf(row);
      if (typeof code !== 'number') break;
      codes[index] = code;
    }
    put(row, index);
  }
  addRows(slice, rows, cells, into.withQuantiles);
}

/** Column by column: each is read once. */
function addRows(
  slice: RowSlice,
  rows: readonly number[],
  cells: readonly Cell[],
  withQuantiles: boolean,
): void {
  for (const { sums } of cells) sums[REQUESTS]! += 1;
  const read = new Map(SUMMED.map(([, column]) => [column, slice.numbers(column)]));
  for (const [index, column] of SUMMED) addColumn(cells, rows, index, read.get(column)!);
  const success = slice.numbers('success');
  const [cached, cost] = [read.get('cached')!, read.get('costNanos')!];
  const [input, output] = [read.get('inputTokens')!, read.get('outputTokens')!];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const { sums } = cells[at]!;
    if (success[row] !== 1) sums[ERRORS]! += 1;
    // What is unknown is NaN.
    if (cached[row] === 1) {
      sums[CACHED_INPUT]! += input[row]! || 0;
      sums[CACHED_OUTPUT]! += output[row]! || 0;
    } else if (Number.isNaN(cost[row]!) && !(Number.isNaN(input[row]!) && Number.isNaN(output[row]!))) {
      sums[UNPRICED]! += 1;
    }
  }
  if (!withQuantiles) return;
  for (const [index, name] of DISTRIBUTIONS.entries()) {
    const values = slice.numbers(name);
    for (let at = 0; at < rows.length; at++) {
      const value = values[rows[at]!]!;
      if (!Number.isNaN(value)) addCount(cells[at]!, index, bucketOf(value), 1);
    }
  }
}

function addColumn(
  cells: readonly Cell[],
  rows: readonly number[],
  index: number,
  values: Float64Array,
): void {
  for (let at = 0; at < rows.length; at++) {
    const value = values[rows[at]!]!;
    if (value > 0 || value < 0) cells[at]!.sums[index]! += value;
  }
}

function groupsOf(slice: RowSlice, gateway: string, dimension: Dimension): SliceGroups {
  const column = TEXT_DIMENSIONS[dimension];
  if (column !== undefined) return textGroups(slice.texts(column));
  const number = NUMBER_DIMENSIONS[dimension];
  if (number !== undefined) {
    return numberGroups(slice.numbers(number), (value) => (Number.isNaN(value) ? '' : String(value)));
  }
  if (dimension.startsWith(METADATA_PREFIX)) {
    return textGroups(slice.metadataValues(dimension.slice(METADATA_PREFIX.length)));
  }
  switch (dimension) {
    case 'gateway':
      return { texts: [gateway], codesOf: () => 0 };
    case 'status_code':
      return numberGroups(slice.numbers('statusCode'), String);
    case 'status_class':
      return numberGroups(slice.numbers('statusCode'), statusClass);
    case 'cached':
      return numberGroups(slice.numbers('cached'), (value) => String(value === 1));
    case 'rate_limited':
      return numberGroups(slice.numbers('rateLimited'), (value) => String(value === 1));
    case 'cache_kind':
      return cacheKinds(slice);
    case 'metadata_key':
      return metadataKeys(slice);
    default:
      throw new RangeError(`figures cannot be broken down by '${dimension}'`);
  }
}

function textGroups({ codes, texts }: ReturnType<RowSlice['texts']>): SliceGroups {
  return {
    texts: texts.map((text) => groupText(text ?? '')),
    codesOf: (position) => codes[position]!,
  };
}

function numberGroups(values: Float64Array, show: (value: number) => string): SliceGroups {
  const known = new Map<number, number>();
  const texts: string[] = [];
  return {
    texts,
    codesOf(position) {
      const value = values[position]!;
      let code = known.get(value);
      if (code === undefined) {
        code = texts.push(show(value)) - 1;
        known.set(value, code);
      }
      return code;
    },
  };
}

/** Records of older versions know exact hits only, and do not say so. */
function cacheKinds(slice: RowSlice): SliceGroups {
  const { codes, texts } = slice.texts('cacheKind');
  const cached = slice.numbers('cached');
  return {
    texts: [...texts.map((text) => text ?? ''), 'exact'],
    codesOf: (position) =>
      codes[position] === 0 && cached[position] === 1 ? texts.length : codes[position]!,
  };
}

function metadataKeys(slice: RowSlice): SliceGroups {
  const { starts, codes, entries } = slice.metadata();
  const texts = [''];
  const known = new Map<string, number>();
  const codeOfEntry = entries.map(([key]) => {
    const text = groupText(key);
    let code = known.get(text);
    if (code === undefined) {
      code = texts.push(text) - 1;
      known.set(text, code);
    }
    return code;
  });
  return {
    texts,
    codesOf(position) {
      const found = new Set<number>();
      for (let at = starts[position]!; at < starts[position + 1]!; at++) found.add(codeOfEntry[codes[at]!]!);
      return found.size === 0 ? 0 : [...found];
    },
  };
}

function columnsFor({ groupBy }: AnalyticsQuery, withQuantiles: boolean): ScanColumn[] {
  const columns = new Set<ScanColumn>(['createdAt', 'success', ...SUMMED.map(([, column]) => column)]);
  if (withQuantiles) for (const name of DISTRIBUTIONS) columns.add(name);
  for (const dimension of groupBy) {
    const column = TEXT_DIMENSIONS[dimension] ?? NUMBER_DIMENSIONS[dimension];
    if (column !== undefined) columns.add(column);
    else if (dimension.startsWith('metadata')) columns.add('metadata');
    else if (dimension.startsWith('status')) columns.add('statusCode');
    else if (dimension === 'cache_kind') columns.add('cacheKind');
  }
  return [...columns];
}

import { COLUMN, type ColumnValue } from '../../core/stores/log-columns.ts';
import type { Database, Statement } from './database.ts';
import { addValue, decodeHistogram, encodeHistogram, type Histogram, merge } from './logs-histogram.ts';

const HOUR_MS = 3_600_000;

/** The sums of a group; in the order of the table. */
const SUMS = [
  'requests',
  'errors',
  'rate_limited',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost_nanos',
  'saved_nanos',
] as const;
const SUMMED_COLUMNS = [
  COLUMN.inputTokens,
  COLUMN.outputTokens,
  COLUMN.cacheReadTokens,
  COLUMN.cacheWriteTokens,
  COLUMN.reasoningTokens,
  COLUMN.costNanos,
  COLUMN.savedNanos,
];
const KEYS = 'gateway_ref, hour, provider, model, status_class, cached';

interface Group {
  readonly keys: readonly [number, number, string, string, number, number];
  readonly sums: number[];
  readonly duration: Histogram;
  readonly firstByte: Histogram;
}

/**
 * What charts are drawn from, so that no chart reads raw rows. A batch is added up in memory first and costs one
 * statement per group; batches mostly have a handful of groups.
 */
export class Rollups {
  readonly #find: Statement;
  readonly #put: Statement;
  readonly #groups = new Map<string, Group>();

  constructor(database: Database) {
    this.#find = database.prepare(
      `SELECT duration_histogram, first_byte_histogram FROM rollups
       WHERE gateway_ref = ? AND hour = ? AND provider = ? AND model = ? AND status_class = ? AND cached = ?`,
    );
    const marks = Array.from({ length: 6 + SUMS.length + 2 }, () => '?').join(', ');
    this.#put = database.prepare(
      `INSERT INTO rollups (${KEYS}, ${SUMS.join(', ')}, duration_histogram, first_byte_histogram)
       VALUES (${marks})
       ON CONFLICT (${KEYS}) DO UPDATE SET
         ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')},
         duration_histogram = excluded.duration_histogram,
         first_byte_histogram = excluded.first_byte_histogram`,
    );
  }

  add(gatewayRef: number, columns: readonly ColumnValue[]): void {
    const createdAt = columns[COLUMN.createdAt] as number;
    const hour = createdAt - (createdAt % HOUR_MS);
    const provider = columns[COLUMN.provider] as string;
    // '' stands for unknown: a primary key would take every NULL for a different one.
    const model = (columns[COLUMN.model] as string | null) ?? '';
    const statusClass = Math.floor((columns[COLUMN.statusCode] as number) / 100);
    const cached = columns[COLUMN.cached] as number;
    const key = `${gatewayRef} ${hour} ${statusClass} ${cached} ${provider} ${model}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = {
        keys: [gatewayRef, hour, provider, model, statusClass, cached],
        sums: SUMS.map(() => 0),
        duration: new Map(),
        firstByte: new Map(),
      };
      this.#groups.set(key, group);
    }
    const { sums } = group;
    sums[0]! += 1;
    sums[1]! += columns[COLUMN.success] === 1 ? 0 : 1;
    sums[2]! += columns[COLUMN.rateLimited] as number;
    for (let index = 0; index < SUMMED_COLUMNS.length; index++) {
      sums[3 + index]! += (columns[SUMMED_COLUMNS[index]!] as number | null) ?? 0;
    }
    addValue(group.duration, columns[COLUMN.durationMs] as number);
    const firstByteMs = columns[COLUMN.firstByteMs] as number | null;
    if (firstByteMs !== null) addValue(group.firstByte, firstByteMs);
  }

  /** Within the transaction of the rows. */
  write(): void {
    for (const { keys, sums, duration, firstByte } of this.#groups.values()) {
      const known = this.#find.get(...keys);
      if (known !== undefined) {
        merge(duration, decodeHistogram(known.duration_histogram as Uint8Array));
        merge(firstByte, decodeHistogram(known.first_byte_histogram as Uint8Array));
      }
      this.#put.run(...keys, ...sums, encodeHistogram(duration), encodeHistogram(firstByte));
    }
    this.#groups.clear();
  }

  /** The transaction failed: what was added will come again. */
  discard(): void {
    this.#groups.clear();
  }
}

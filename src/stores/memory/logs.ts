import { addRecord } from '../../core/analytics/add-record.ts';
import { aggregateInto } from '../../core/analytics/aggregation.ts';
import { groupReader } from '../../core/analytics/dimensions.ts';
import { factsOf } from '../../core/analytics/facts.ts';
import type {
  AnalyticsAnswer,
  AnalyticsQuery,
  AnalyticsStore,
  SessionPage,
  SessionQuery,
  SessionRow,
} from '../../core/stores/analytics.ts';
import { flattenRecord } from '../../core/stores/log-columns.ts';
import type {
  LogFilter,
  LogPage,
  LogPosition,
  LogQuery,
  LogRecord,
  LogRow,
  LogStore,
  RecordBodies,
  RecordSink,
  StoredBody,
} from '../../core/stores/logs.ts';
import { pageOf, sessionsOf } from './sessions.ts';

type Positive = Exclude<LogFilter['operator'], 'neq'>;
type Field = string | number | boolean | null;

const PAIRED = 'metadata:';

/** Logs in memory, for tests and for trying things out: the semantics of the store on disk, without its bounds. */
export class MemoryLogStore implements LogStore, AnalyticsStore, RecordSink {
  readonly #rows = new Map<string, LogRow>();
  readonly #bodies = new Map<string, RecordBodies>();

  append(record: LogRecord, bodies: RecordBodies | null): boolean {
    if (this.#rows.has(record.id)) return true;
    this.#rows.set(record.id, { ...record, feedback: null, score: null, promptPreview: null });
    if (bodies !== null) this.#bodies.set(record.id, bodies);
    return true;
  }

  async list(query: LogQuery): Promise<LogPage> {
    const found = this.#select(query);
    const { after } = query;
    const sign = query.direction === 'asc' ? 1 : -1;
    const place = positionReader(query.orderBy);
    const rest =
      after === null ? found : found.filter((row) => sign * comparePositions(place(row), after) > 0);
    const rows = rest.slice(query.offset, query.offset + query.limit);
    const last = rest.length > query.offset + query.limit ? rows.at(-1) : undefined;
    return {
      rows,
      totalCount: found.length,
      next: last === undefined ? null : place(last),
      ranges: query.withRanges ? rangesOf(found) : null,
    };
  }

  async aggregate(query: AnalyticsQuery): Promise<AnalyticsAnswer> {
    const tests = query.filters.map(lowerFilter);
    const groupsOf = groupReader(query.groupBy);
    const rows = aggregateInto(query, (into) => {
      for (const row of this.#rows.values()) {
        if (row.account !== query.account || query.gateways?.includes(row.gateway) === false) continue;
        if (row.createdAt < query.from || row.createdAt >= query.to) continue;
        if (!tests.every((holds) => holds(row))) continue;
        const { columns } = flattenRecord(row);
        const facts = factsOf(row.gateway, columns);
        addRecord(into, groupsOf(facts), facts, columns);
      }
    });
    return { rows, scanned: true };
  }

  async sessions(query: SessionQuery): Promise<SessionPage> {
    return pageOf(this.#sessionsOf(query.account, query.gateway).values(), query);
  }

  async findSession(account: string, gateway: string, id: string): Promise<SessionRow | null> {
    return this.#sessionsOf(account, gateway).get(id) ?? null;
  }

  #sessionsOf(account: string, gateway: string): Map<string, SessionRow> {
    const rows = [...this.#rows.values()];
    return sessionsOf(rows.filter((row) => row.account === account && row.gateway === gateway));
  }

  async find(account: string, gateway: string, id: string): Promise<LogRow | null> {
    const row = this.#rows.get(id.toLowerCase());
    return row !== undefined && row.account === account && row.gateway === gateway ? row : null;
  }

  async body(
    account: string,
    gateway: string,
    id: string,
    side: 'request' | 'response',
  ): Promise<StoredBody | null> {
    const row = await this.find(account, gateway, id);
    const bodies = row === null ? undefined : this.#bodies.get(row.id);
    const chunks = bodies?.[side] ?? null;
    if (row === null || bodies === undefined || chunks === null) return null;
    return {
      bytes: Buffer.concat(chunks),
      truncated: bodies[`${side}Truncated`],
      encoding: bodies[`${side}Encoding`],
      contentType: row[`${side}ContentType`],
    };
  }

  async patch(
    account: string,
    gateway: string,
    id: string,
    change: Parameters<LogStore['patch']>[3],
  ): Promise<boolean> {
    const row = await this.find(account, gateway, id);
    if (row === null) return false;
    this.#rows.set(row.id, { ...row, ...change });
    return true;
  }

  async delete(query: Parameters<LogStore['delete']>[0]): Promise<number> {
    const found = this.#select(query);
    const rows = query.limit === null ? found : found.slice(0, query.limit);
    for (const row of rows) {
      this.#rows.delete(row.id);
      this.#bodies.delete(row.id);
    }
    return rows.length;
  }

  #select(query: Omit<LogQuery, 'limit' | 'offset' | 'after' | 'withRanges'>): LogRow[] {
    const { account, gateway, filters, search, from, to, orderBy, direction } = query;
    if (direction !== 'asc' && direction !== 'desc') throw new RangeError(`'${direction}' is no direction`);
    const sign = direction === 'asc' ? 1 : -1;
    const place = positionReader(orderBy);
    const order = (a: LogRow, b: LogRow): number => sign * comparePositions(place(a), place(b));
    const tests = filters.map(lowerFilter);
    return [...this.#rows.values()]
      .filter((row) => row.account === account && row.gateway === gateway)
      .filter((row) => (from === null || row.createdAt >= from) && (to === null || row.createdAt < to))
      .filter((row) => tests.every((holds) => holds(row)))
      .filter((row) => search === null || isFound(row, search.toLowerCase()))
      .sort(order);
  }
}

/** Where a row stands in an order, as the store on disk says it: booleans are 0 and 1, money is nano-dollars. */
function positionReader(orderBy: string): (row: LogRow) => LogPosition {
  const read = orderBy === 'cost' ? (row: LogRow) => row.costNanos : readerOf(orderBy);
  return (row) => {
    const value = read(row);
    return { value: typeof value === 'boolean' ? Number(value) : value, id: row.id };
  };
}

function comparePositions(a: LogPosition, b: LogPosition): number {
  return compare(a.value, b.value) || compare(a.id, b.id);
}

/** Filters combine by AND, their values by OR. `neq` is the opposite of `eq`, null included. */
function lowerFilter({ key, operator, value }: LogFilter): (row: LogRow) => boolean {
  const read = readerOfAll(key);
  const some = (row: LogRow, positive: Positive): boolean =>
    value.some((wanted) => read(row).some((field) => compares(field, positive, wanted)));
  return (row) => (operator === 'neq' ? !some(row, 'eq') : some(row, operator));
}

function compares(field: Field, operator: Positive, wanted: Field): boolean {
  if (field === null || wanted === null) return operator === 'eq' && field === wanted;
  if (operator === 'contains') return String(field).toLowerCase().includes(String(wanted).toLowerCase());
  if (typeof field === 'string' && typeof wanted === 'number' && operator !== 'eq') return false;
  const value = typeof field === 'string' ? String(wanted) : readNumber(wanted);
  const own = typeof field === 'boolean' ? Number(field) : field;
  if (Number.isNaN(value)) return operator === 'eq' && String(field) === String(wanted);
  if (operator === 'eq') return own === value;
  return operator === 'lt' ? own < value : own > value;
}

/** Numbers, booleans and times, also as the text that they have in a query. */
function readNumber(wanted: Exclude<Field, null>): number {
  if (wanted === true || wanted === 'true') return 1;
  if (wanted === false || wanted === 'false') return 0;
  const number = typeof wanted === 'string' && wanted.trim() === '' ? Number.NaN : Number(wanted);
  return Number.isNaN(number) ? Date.parse(String(wanted)) : number;
}

/** Null is the smallest, as in SQLite. */
function compare(a: Field, b: Field): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/** `metadata.key` and `metadata.value` are not paired: each asks for some entry. */
function readerOfAll(key: string): (row: LogRow) => Field[] {
  if (key === 'metadata.key') return (row) => Object.keys(row.metadata ?? {});
  if (key === 'metadata.value') return (row) => Object.values(row.metadata ?? {});
  if (key.startsWith(PAIRED)) return (row) => [row.metadata?.[key.slice(PAIRED.length)] ?? null];
  const read = readerOf(key);
  return (row) => [read(row)];
}

/** The field behind a name of the management API. Cost is USD, as there. */
const FIELDS: Readonly<Record<string, (row: LogRow) => Field>> = {
  id: (row) => row.id,
  created_at: (row) => row.createdAt,
  request_content_type: (row) => row.requestContentType,
  response_content_type: (row) => row.responseContentType,
  request_type: (row) => row.requestType,
  success: (row) => row.success,
  cached: (row) => row.cached,
  provider: (row) => row.provider,
  model: (row) => row.model,
  model_type: (row) => row.modelType,
  cost: (row) => (row.costNanos === null ? null : row.costNanos / 1e9),
  tokens: (row) => totalTokens(row),
  tokens_in: (row) => row.usage?.inputTokens ?? null,
  tokens_out: (row) => row.usage?.outputTokens ?? null,
  duration: (row) => row.durationMs,
  feedback: (row) => row.feedback,
  event_id: (row) => row.eventId,
  authentication: (row) => row.authentication,
  wholesale: () => false,
  compatibilityMode: () => false,
  dlp_action: () => null,
  user_agent: (row) => row.userAgent,
  status_code: (row) => row.statusCode,
  session_id: (row) => row.sessionId,
  step: (row) => row.step,
  rate_limited: (row) => row.rateLimited,
  error_type: (row) => row.errorType,
  metadata: (row) => row.metadata && JSON.stringify(row.metadata),
  status_class: (row) => Math.floor(row.statusCode / 100),
  token_id: (row) => row.tokenId,
  user_id: (row) => row.userId,
  cache_kind: (row) => row.cacheKind,
  cache_reason: (row) => row.cacheReason,
  model_requested: (row) => row.modelRequested,
  streamed: (row) => row.streamed,
  outcome: (row) => row.outcome,
  ttfb: (row) => row.firstByteMs,
  path: (row) => row.path,
  method: (row) => row.method,
};

function readerOf(key: string): (row: LogRow) => Field {
  const read = Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined;
  if (read === undefined) throw new RangeError(`logs have no field '${key}'`);
  return read;
}

function totalTokens({ usage }: LogRow): number | null {
  if (usage === null) return null;
  if (usage.totalTokens !== null) return usage.totalTokens;
  if (usage.inputTokens === null && usage.outputTokens === null) return null;
  return (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
}

/** An id is found by its beginning, everything else by any part. */
function isFound(row: LogRow, search: string): boolean {
  return row.id.startsWith(search) || searchText(row).includes(search);
}

function searchText(row: LogRow): string {
  const { provider, model, path, metadata, userAgent, errorType, errorMessage } = row;
  const parts = [
    provider,
    model,
    path,
    metadata && JSON.stringify(metadata),
    userAgent,
    errorType,
    errorMessage,
  ];
  return parts
    .filter((part) => part !== null)
    .join('\n')
    .toLowerCase();
}

function rangesOf(rows: readonly LogRow[]): NonNullable<LogPage['ranges']> {
  const range = (read: (row: LogRow) => number | null): [number | null, number | null] => {
    const values = rows.map(read).filter((value) => value !== null);
    return values.length === 0 ? [null, null] : [Math.min(...values), Math.max(...values)];
  };
  return {
    cost: range((row) => row.costNanos),
    duration: range((row) => row.durationMs),
    tokensIn: range((row) => row.usage?.inputTokens ?? null),
    tokensOut: range((row) => row.usage?.outputTokens ?? null),
    totalTokens: range(totalTokens),
  };
}

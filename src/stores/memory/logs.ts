import type {
  LogFilter,
  LogPage,
  LogQuery,
  LogRecord,
  LogRow,
  LogStore,
  RecordBodies,
  RecordSink,
  StoredBody,
} from '../../core/stores/logs.ts';

type Positive = Exclude<LogFilter['operator'], 'neq'>;
type Field = string | number | boolean | null;

/** Logs in memory, for tests and for trying things out: the semantics of the store on disk, without its bounds. */
export class MemoryLogStore implements LogStore, RecordSink {
  readonly #rows = new Map<string, LogRow>();
  readonly #bodies = new Map<string, RecordBodies>();

  append(record: LogRecord, bodies: RecordBodies | null): boolean {
    if (this.#rows.has(record.id)) return true;
    this.#rows.set(record.id, { ...record, feedback: null, score: null });
    if (bodies !== null) this.#bodies.set(record.id, bodies);
    return true;
  }

  async list(query: LogQuery): Promise<LogPage> {
    const found = this.#select(query);
    const rows = found.slice(query.offset, query.offset + query.limit);
    return { rows, totalCount: found.length, ranges: query.withRanges ? rangesOf(found) : null };
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

  #select(
    query: Pick<LogQuery, 'account' | 'gateway' | 'filters' | 'search' | 'orderBy' | 'direction'>,
  ): LogRow[] {
    const { account, gateway, filters, search, orderBy, direction } = query;
    if (direction !== 'asc' && direction !== 'desc') throw new RangeError(`'${direction}' is no direction`);
    const sign = direction === 'asc' ? 1 : -1;
    const key = readerOf(orderBy);
    const order = (a: LogRow, b: LogRow): number => sign * (compare(key(a), key(b)) || compare(a.id, b.id));
    const tests = filters.map(lowerFilter);
    return [...this.#rows.values()]
      .filter((row) => row.account === account && row.gateway === gateway)
      .filter((row) => tests.every((holds) => holds(row)))
      .filter((row) => search === null || searchText(row).includes(search.toLowerCase()))
      .sort(order);
  }
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

function searchText(row: LogRow): string {
  const { id, provider, model, path, metadata, userAgent, errorType, errorMessage } = row;
  const parts = [
    id,
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

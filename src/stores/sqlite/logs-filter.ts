import type { LogFilter, LogQuery } from '../../core/stores/logs.ts';
import type { Value } from './database.ts';

/** SQL text made of our own words only, and what is bound to its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

type Kind = 'text' | 'number' | 'boolean' | 'time' | 'usd' | 'nothing';
type FilterValue = LogFilter['value'][number];

/** What may be filtered by: the key on the wire, the column, and how its values are read. */
const FILTERS: Readonly<Record<string, readonly [column: string, kind: Kind]>> = {
  id: ['id', 'text'],
  created_at: ['created_at', 'time'],
  request_content_type: ['request_content_type', 'text'],
  response_content_type: ['response_content_type', 'text'],
  request_type: ['request_type', 'text'],
  success: ['success', 'boolean'],
  cached: ['cached', 'boolean'],
  provider: ['provider', 'text'],
  model: ['model', 'text'],
  model_type: ['model_type', 'text'],
  cost: ['cost_nanos', 'usd'],
  tokens: ['total_tokens', 'number'],
  tokens_in: ['input_tokens', 'number'],
  tokens_out: ['output_tokens', 'number'],
  duration: ['duration_ms', 'number'],
  feedback: ['feedback', 'number'],
  event_id: ['event_id', 'text'],
  authentication: ['authentication', 'boolean'],
  wholesale: ['0', 'boolean'],
  compatibilityMode: ['0', 'boolean'],
  dlp_action: ['NULL', 'nothing'],
  user_agent: ['user_agent', 'text'],
  status_code: ['status_code', 'number'],
  session_id: ['session_id', 'text'],
  step: ['step', 'number'],
  rate_limited: ['rate_limited', 'boolean'],
  error_type: ['error_type', 'text'],
};

const ORDERS: Readonly<Record<string, string>> = {
  created_at: 'created_at',
  provider: 'provider',
  model: 'model',
  model_type: 'model_type',
  success: 'success',
  cached: 'cached',
  cost: 'cost_nanos',
  tokens_in: 'input_tokens',
  tokens_out: 'output_tokens',
  duration: 'duration_ms',
  feedback: 'feedback',
};

const SEARCHED = ['id', 'provider', 'model', 'path', 'metadata', 'user_agent', 'error_type', 'error_message'];

/** Filters combine by AND, their values by OR. `neq` is the opposite of `eq`: no value may match, NULL included. */
export function lowerSelection(query: Pick<LogQuery, 'filters' | 'search'>): Condition | null {
  const parts = query.filters.map(lowerFilter);
  if (query.search !== null && query.search !== '') parts.push(lowerSearch(query.search));
  return parts.length === 0 ? null : join(parts, ' AND ');
}

/** `ORDER BY` terms; the id decides between equals. */
export function lowerOrder(orderBy: string, direction: string): string {
  const column = Object.hasOwn(ORDERS, orderBy) ? ORDERS[orderBy] : undefined;
  if (column === undefined) throw new RangeError(`logs cannot be ordered by '${orderBy}'`);
  const word = direction === 'asc' ? 'ASC' : direction === 'desc' ? 'DESC' : null;
  if (word === null) throw new RangeError(`'${direction}' is no direction`);
  return `${column} ${word}, id ${word}`;
}

function lowerFilter(filter: LogFilter): Condition {
  if (filter.operator === 'neq') return not(any(filter, 'eq'));
  return any(filter, filter.operator);
}

type Positive = 'eq' | 'contains' | 'lt' | 'gt';

function any(filter: LogFilter, operator: Positive): Condition {
  const compare = comparison(filter.key);
  const parts = filter.value.map((value) => compare(operator, value));
  return parts.length === 0 ? { sql: '0', values: [] } : join(parts, ' OR ');
}

function comparison(key: string): (operator: Positive, value: FilterValue) => Condition {
  if (key === 'metadata.key') return (operator, value) => someEntry(compareText('key', operator, value));
  if (key === 'metadata.value') return (operator, value) => someEntry(compareEntry(operator, value));
  const known = Object.hasOwn(FILTERS, key) ? FILTERS[key] : undefined;
  if (known === undefined) throw new RangeError(`logs cannot be filtered by '${key}'`);
  const [column, kind] = known;
  if (kind === 'text' || kind === 'nothing') {
    return (operator, value) => compareText(column, operator, value);
  }
  return (operator, value) => compareNumber(column, kind, operator, value);
}

function compareText(column: string, operator: Positive, value: FilterValue): Condition {
  if (value === null) return operator === 'eq' ? { sql: `${column} IS NULL`, values: [] } : NEVER;
  const text = String(value);
  switch (operator) {
    case 'eq':
      return { sql: `${column} IS ?`, values: [text] };
    case 'contains':
      return contains(column, text);
    case 'lt':
      return { sql: `${column} < ?`, values: [text] };
    case 'gt':
      return { sql: `${column} > ?`, values: [text] };
  }
}

function compareNumber(column: string, kind: Kind, operator: Positive, value: FilterValue): Condition {
  if (value === null) return operator === 'eq' ? { sql: `${column} IS NULL`, values: [] } : NEVER;
  if (operator === 'contains') return contains(`CAST(${column} AS TEXT)`, String(value));
  const number = readNumber(kind, value);
  if (number === null) return NEVER;
  const sign = operator === 'eq' ? 'IS' : operator === 'lt' ? '<' : '>';
  return { sql: `${column} ${sign} ?`, values: [number] };
}

function readNumber(kind: Kind, value: string | number | boolean): number | null {
  if (kind === 'boolean') {
    const text = String(value);
    return text === 'true' || text === '1' ? 1 : text === 'false' || text === '0' ? 0 : null;
  }
  const plain = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (kind === 'usd') return Number.isFinite(plain) ? Math.round(plain * 1e9) : null;
  if (Number.isFinite(plain)) return plain;
  if (kind !== 'time') return null;
  const time = Date.parse(String(value));
  return Number.isNaN(time) ? null : time;
}

const ENTRY_TEXT = `CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(value AS TEXT) END`;

function compareEntry(operator: Positive, value: FilterValue): Condition {
  if (operator !== 'lt' && operator !== 'gt') return compareText(ENTRY_TEXT, operator, value);
  const number = value === null ? null : readNumber('number', value);
  if (number === null) return compareText(ENTRY_TEXT, operator, value);
  return {
    sql: `(type IN ('integer', 'real') AND value ${operator === 'lt' ? '<' : '>'} ?)`,
    values: [number],
  };
}

/** Keys and values of metadata are not paired: each filter asks for some entry. */
function someEntry({ sql, values }: Condition): Condition {
  return { sql: `EXISTS (SELECT 1 FROM json_each(records.metadata) WHERE ${sql})`, values };
}

function lowerSearch(search: string): Condition {
  return join(
    SEARCHED.map((column) => contains(column, search)),
    ' OR ',
  );
}

/** LIKE ignores the case of ASCII letters. */
function contains(column: string, text: string): Condition {
  // SQLite ends a pattern at a NUL, and no stored text has one.
  if (text.includes('\u0000')) return NEVER;
  return { sql: `${column} LIKE ? ESCAPE '\\'`, values: [`%${text.replace(/[\\%_]/g, '\\$&')}%`] };
}

const NEVER: Condition = { sql: '0', values: [] };

/** A comparison with NULL is neither true nor false; its opposite is to be true. */
function not({ sql, values }: Condition): Condition {
  return { sql: `NOT coalesce((${sql}), 0)`, values };
}

function join(parts: readonly Condition[], word: ' AND ' | ' OR '): Condition {
  return {
    sql: `(${parts.map((part) => part.sql).join(word)})`,
    values: parts.flatMap((part) => part.values),
  };
}

import type { LogFilter, LogPosition } from '../../core/stores/logs.ts';
import type { Value } from './database.ts';
import {
  type FilterValue,
  findFilter,
  type Kind,
  METADATA_KEY,
  METADATA_VALUE,
  ORDERS,
  PAIRED_KEY,
  type Positive,
  readNumber,
  SEARCHED,
} from './filter-values.ts';

/** SQL text made of our own words only, and what is bound to its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

export interface Selection {
  readonly filters: readonly LogFilter[];
  readonly search: string | null;
  /** Epoch ms, inclusive; null is no limit. */
  readonly from?: number | null;
  /** Epoch ms, exclusive; null is no limit. */
  readonly to?: number | null;
}

/** Filters combine by AND, their values by OR. `neq` is the opposite of `eq`: no value may match, NULL included. */
export function lowerSelection(query: Selection, textMatches: readonly number[] = []): Condition | null {
  const parts = query.filters.map(lowerFilter);
  const { from = null, to = null } = query;
  if (from !== null) parts.push({ sql: 'created_at >= ?', values: [from] });
  if (to !== null) parts.push({ sql: 'created_at < ?', values: [to] });
  if (query.search !== null && query.search !== '') parts.push(lowerSearch(query.search, textMatches));
  return parts.length === 0 ? null : join(parts, ' AND ');
}

/** `ORDER BY` terms; the id decides between equals. */
export function lowerOrder(orderBy: string, direction: string): string {
  const column = orderColumn(orderBy);
  const word = direction === 'asc' ? 'ASC' : direction === 'desc' ? 'DESC' : null;
  if (word === null) throw new RangeError(`'${direction}' is no direction`);
  return `${column} ${word}, id ${word}`;
}

export function orderColumn(orderBy: string): string {
  const column = Object.hasOwn(ORDERS, orderBy) ? ORDERS[orderBy] : undefined;
  if (column === undefined) throw new RangeError(`logs cannot be ordered by '${orderBy}'`);
  return column;
}

/** What comes after a place in the order. NULL is the smallest value. */
export function lowerPosition(orderBy: string, direction: string, { value, id }: LogPosition): Condition {
  const column = orderColumn(orderBy);
  if (direction === 'asc') {
    if (value === null) return { sql: `(${column} IS NOT NULL OR id > ?)`, values: [id] };
    return {
      sql: `(${column} >= ? AND (${column} > ? OR id > ?))`,
      values: [value, value, id],
    };
  }
  if (value === null) return { sql: `(${column} IS NULL AND id < ?)`, values: [id] };
  // The list by time, which is never NULL, can then go straight to the place by its index.
  const orNull = column === 'created_at' ? '' : ` OR ${column} IS NULL`;
  return {
    sql: `((${column} <= ? AND (${column} < ? OR id < ?))${orNull})`,
    values: [value, value, id],
  };
}

function lowerFilter(filter: LogFilter): Condition {
  if (filter.operator === 'neq') return not(any(filter, 'eq'));
  return any(filter, filter.operator);
}

function any(filter: LogFilter, operator: Positive): Condition {
  const compare = comparison(filter.key);
  const parts = filter.value.map((value) => compare(operator, value));
  return parts.length === 0 ? { sql: '0', values: [] } : join(parts, ' OR ');
}

function comparison(key: string): (operator: Positive, value: FilterValue) => Condition {
  if (key === METADATA_KEY) return (operator, value) => someEntry(compareText('key', operator, value));
  if (key === METADATA_VALUE) return (operator, value) => someEntry(compareEntry(operator, value));
  if (key.startsWith(PAIRED_KEY))
    return (operator, value) => comparePaired(key.slice(PAIRED_KEY.length), operator, value);
  const [column, kind] = findFilter(key);
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

function comparePaired(key: string, operator: Positive, value: FilterValue): Condition {
  const named: Condition = { sql: 'key IS ?', values: [key] };
  if (value !== null) return someEntry(join([named, compareEntry(operator, value)], ' AND '));
  return operator === 'eq' ? not(someEntry(named)) : NEVER;
}

/** Keys and values of metadata are not paired: each filter asks for some entry. */
function someEntry({ sql, values }: Condition): Condition {
  return { sql: `EXISTS (SELECT 1 FROM json_each(records.metadata) WHERE ${sql})`, values };
}

function lowerSearch(search: string, textMatches: readonly number[]): Condition {
  const parts = SEARCHED.map((column) =>
    column === 'id' ? startsWith(column, search) : contains(column, search),
  );
  if (textMatches.length > 0) {
    const values = [JSON.stringify(textMatches)];
    parts.push({ sql: 'seq IN (SELECT value FROM json_each(?))', values });
  }
  return join(parts, ' OR ');
}

/** LIKE ignores the case of ASCII letters. */
function contains(column: string, text: string): Condition {
  return like(column, text, '%');
}

function startsWith(column: string, text: string): Condition {
  return like(column, text, '');
}

function like(column: string, text: string, before: '%' | ''): Condition {
  // SQLite ends a pattern at a NUL, and no stored text has one.
  if (text.includes('\u0000')) return NEVER;
  const pattern = `${before}${text.replace(/[\\%_]/g, '\\$&')}%`;
  return { sql: `${column} LIKE ? ESCAPE '\\'`, values: [pattern] };
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

import { didYouMean } from '../config/nearest.ts';
import type { LogFilter, LogFilterOperator } from '../core/stores/logs.ts';
import { ApiError, CODES } from './envelope.ts';

type Kind = 'text' | 'number' | 'boolean' | 'time' | 'class';
type Value = LogFilter['value'][number];

/** Filter keys of spec 18.2, then ours. Times are epoch ms or ISO 8601, cost is USD, duration is ms, a class is 4 or 4xx. */
const KEYS: Readonly<Record<string, Kind>> = {
  id: 'text',
  created_at: 'time',
  request_content_type: 'text',
  response_content_type: 'text',
  request_type: 'text',
  success: 'boolean',
  cached: 'boolean',
  provider: 'text',
  model: 'text',
  model_type: 'text',
  cost: 'number',
  tokens: 'number',
  tokens_in: 'number',
  tokens_out: 'number',
  duration: 'number',
  feedback: 'number',
  event_id: 'text',
  'metadata.key': 'text',
  'metadata.value': 'text',
  authentication: 'boolean',
  wholesale: 'boolean',
  compatibilityMode: 'boolean',
  dlp_action: 'text',
  user_agent: 'text',
  status_code: 'number',
  session_id: 'text',
  step: 'number',
  rate_limited: 'boolean',
  error_type: 'text',
  status_class: 'class',
  token_id: 'text',
  user_id: 'text',
  cache_kind: 'text',
  cache_reason: 'text',
  model_requested: 'text',
  streamed: 'boolean',
  outcome: 'text',
  ttfb: 'number',
  path: 'text',
  method: 'text',
};

/** `metadata:<key>`: key and value of one entry; null is a record without the key. */
const PAIRED = 'metadata:';
const MAX_METADATA_KEY = 256;

function kindOf(key: string): Kind | null {
  if (key.startsWith(PAIRED)) {
    const length = key.length - PAIRED.length;
    return length > 0 && length <= MAX_METADATA_KEY ? 'text' : null;
  }
  return Object.hasOwn(KEYS, key) ? KEYS[key]! : null;
}

const OPERATORS: readonly LogFilterOperator[] = ['eq', 'neq', 'contains', 'lt', 'gt'];
const MAX_FILTERS = 20;
const MAX_VALUES = 100;
const MAX_VALUE_LENGTH = 1024;

/** A filter as it stands in the query, before its key, operator and values are known to be any. */
interface RawFilter {
  key?: unknown;
  operator?: unknown;
  value?: unknown;
}

/** True for the query parameters that `readFilters` reads. */
export const isFilterParameter = (name: string): boolean => name === 'filters' || name.startsWith('filters.');

/**
 * Reads `filters` in both encodings that clients use: `filters.key=…&filters.operator=…&filters.value=…` repeated
 * (all SDKs), and one URL-encoded JSON array (the CLI and dashboards).
 */
export function readFilters(parameters: URLSearchParams): LogFilter[] {
  const raw = [...readDotted(parameters), ...parameters.getAll('filters').flatMap(readArray)];
  if (raw.length > MAX_FILTERS) throw refuse([], `must be at most ${MAX_FILTERS}`);
  return raw.map(checkFilter);
}

/** A part that the filter at hand already has begins the next one; values that follow each other belong together. */
function readDotted(parameters: URLSearchParams): RawFilter[] {
  const filters: RawFilter[] = [];
  let current: RawFilter | null = null;
  let previous = '';
  for (const [name, text] of parameters) {
    if (!name.startsWith('filters.')) continue;
    const part = name.slice('filters.'.length);
    if (part !== 'key' && part !== 'operator' && part !== 'value')
      throw refuse([part], 'unknown part of a filter');
    const belongs = part === 'value' && previous === 'value';
    if (current === null || (current[part] !== undefined && !belongs)) {
      current = {};
      filters.push(current);
    }
    if (part === 'value') current.value = [...((current.value as string[] | undefined) ?? []), text];
    else current[part] = text;
    previous = part;
  }
  return filters;
}

function readArray(text: string): RawFilter[] {
  if (text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse([], 'must be a JSON array of {key, operator, value[]}');
  }
  if (!Array.isArray(value)) throw refuse([], 'must be a JSON array of {key, operator, value[]}');
  return value.map((item: unknown, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      throw refuse([String(index)], 'must be {key, operator, value[]}');
    }
    for (const name of Object.keys(item)) {
      if (!['key', 'operator', 'value'].includes(name)) throw refuse([String(index), name], 'unknown field');
    }
    return item;
  });
}

/** One filter, with everything about it checked. */
export function checkFilter(raw: RawFilter, index: number): LogFilter {
  const { key, operator } = raw;
  const at = String(index);
  if (typeof key !== 'string') throw refuse([at, 'key'], 'is required');
  const kind = kindOf(key);
  if (kind === null) {
    throw refuse([at, 'key'], `unknown filter key${didYouMean(key, Object.keys(KEYS))}`);
  }
  if (!OPERATORS.includes(operator as LogFilterOperator)) {
    throw refuse([at, 'operator'], `must be one of ${OPERATORS.join(', ')}`);
  }
  const values = Array.isArray(raw.value) ? raw.value : raw.value === undefined ? [] : [raw.value];
  if (values.length === 0 || values.length > MAX_VALUES) {
    throw refuse([at, 'value'], `must have 1 to ${MAX_VALUES} values`);
  }
  return {
    key,
    operator: operator as LogFilterOperator,
    value: values.map((value) => readValue(value, kind, operator as LogFilterOperator, at)),
  };
}

/** Values of the dotted form are all text; the empty one is how SDKs send null for what is no text. */
function readValue(value: unknown, kind: Kind, operator: LogFilterOperator, at: string): Value {
  const place = [at, 'value'];
  if (typeof value === 'object' && value !== null) throw refuse(place, 'must be a list of scalars');
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && value.length > MAX_VALUE_LENGTH) throw refuse(place, 'is too long');
  const text = String(value);
  if (kind === 'text') return text;
  if (text === '' || text === 'null') return null;
  if (operator === 'contains') return text;
  if (kind === 'boolean') {
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw refuse(place, 'must be true or false');
  }
  const number = kind === 'class' && /^[1-5]xx$/i.test(text) ? Number(text[0]) : Number(text);
  if (Number.isFinite(number) && text.trim() !== '') return number;
  const time = kind === 'time' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw refuse(place, kind === 'time' ? 'must be a time such as 2026-01-31T12:00:00Z' : 'must be a number');
  }
  return time;
}

function refuse(path: readonly string[], message: string): ApiError {
  const name = ['filters', ...path].join('.');
  return new ApiError(400, [
    { code: CODES.invalid, message: `${name}: ${message}`, path: ['query', 'filters', ...path] },
  ]);
}

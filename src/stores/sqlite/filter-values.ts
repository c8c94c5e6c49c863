import type { LogFilter } from '../../core/stores/logs.ts';

export type FilterValue = LogFilter['value'][number];
/** `neq` is the opposite of `eq`. */
export type Positive = Exclude<LogFilter['operator'], 'neq'>;
export type Kind = 'text' | 'number' | 'boolean' | 'time' | 'usd' | 'nothing';

/** What may be filtered by: the key on the wire, the column, and how its values are read. */
export const FILTERS: Readonly<Record<string, readonly [column: string, kind: Kind]>> = {
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
  metadata: ['metadata', 'text'],
  status_class: ['(status_code / 100)', 'number'],
  token_id: ['token_id', 'text'],
  user_id: ['user_id', 'text'],
  cache_kind: ['cache_kind', 'text'],
  cache_reason: ['cache_reason', 'text'],
  model_requested: ['model_requested', 'text'],
  streamed: ['streamed', 'boolean'],
  outcome: ['outcome', 'text'],
  ttfb: ['first_byte_ms', 'number'],
  path: ['path', 'text'],
  method: ['method', 'text'],
};

export const PAIRED_KEY = 'metadata:';
export const METADATA_KEY = 'metadata.key';
export const METADATA_VALUE = 'metadata.value';

export const ORDERS: Readonly<Record<string, string>> = {
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

export const SEARCHED = [
  'id',
  'provider',
  'model',
  'path',
  'metadata',
  'user_agent',
  'error_type',
  'error_message',
] as const;

export function findFilter(key: string): readonly [column: string, kind: Kind] {
  const known = Object.hasOwn(FILTERS, key) ? FILTERS[key] : undefined;
  if (known === undefined) throw new RangeError(`logs cannot be filtered by '${key}'`);
  return known;
}

/** The number that a value of a filter means; null when it is none, and so matches nothing. */
export function readNumber(kind: Kind, value: string | number | boolean): number | null {
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

import { z } from 'zod';
import type { LogFilter } from '../core/stores/logs.ts';
import { booleanText, integerText, numberText, orderDirection, pagingShape } from './validation.ts';

const NANO_DOLLAR = 1e-9;

const orderBy = z.enum([
  'created_at',
  'provider',
  'model',
  'model_type',
  'success',
  'cached',
  'cost',
  'tokens_in',
  'tokens_out',
  'duration',
  'feedback',
]);

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), {
  error: 'must be a time such as 2026-01-31T12:00:00Z',
});

const text = z.string().max(1024);

/** What selects logs. The flat parameters after `search` are deprecated and still sent by older clients. */
export const logListQuery = z.strictObject({
  ...pagingShape(50),
  order_by: orderBy.default('created_at'),
  order_by_direction: orderDirection.optional(),
  search: text.optional(),
  meta_info: booleanText.default(false),
  direction: orderDirection.optional(),
  start_date: time.optional(),
  end_date: time.optional(),
  cached: booleanText.optional(),
  success: booleanText.optional(),
  feedback: z.enum(['0', '1']).optional(),
  model: text.optional(),
  model_type: text.optional(),
  provider: text.optional(),
  request_content_type: text.optional(),
  response_content_type: text.optional(),
  min_cost: numberText.optional(),
  max_cost: numberText.optional(),
  min_duration: numberText.optional(),
  max_duration: numberText.optional(),
  min_tokens_in: numberText.optional(),
  max_tokens_in: numberText.optional(),
  min_tokens_out: numberText.optional(),
  max_tokens_out: numberText.optional(),
  min_total_tokens: numberText.optional(),
  max_total_tokens: numberText.optional(),
});

/** Strict, above all here: a parameter that is not understood must not widen what is deleted. */
export const logDeleteQuery = z.strictObject({
  order_by: orderBy.default('created_at'),
  order_by_direction: orderDirection.default('asc'),
  limit: integerText(1, 1_000_000_000).optional(),
});

const SAME_NAME = [
  'cached',
  'success',
  'model',
  'model_type',
  'provider',
  'request_content_type',
  'response_content_type',
] as const;

const RANGES = [
  ['cost', 'cost'],
  ['duration', 'duration'],
  ['tokens_in', 'tokens_in'],
  ['tokens_out', 'tokens_out'],
  ['total_tokens', 'tokens'],
] as const;

/** The deprecated flat parameters as filters. Their bounds are inclusive. */
export function flatFilters(query: z.infer<typeof logListQuery>): LogFilter[] {
  const filters: LogFilter[] = [];
  const add = (key: string, operator: LogFilter['operator'], ...value: LogFilter['value']): void => {
    filters.push({ key, operator, value });
  };
  for (const key of SAME_NAME) {
    const value = query[key];
    if (value !== undefined) add(key, 'eq', value);
  }
  if (query.feedback !== undefined) add('feedback', 'eq', ...(query.feedback === '1' ? [1] : [-1, 0]));
  if (query.start_date !== undefined) add('created_at', 'gt', Date.parse(query.start_date) - 1);
  if (query.end_date !== undefined) add('created_at', 'lt', Date.parse(query.end_date) + 1);
  for (const [name, key] of RANGES) {
    const [least, most] = [query[`min_${name}`], query[`max_${name}`]];
    if (least !== undefined) add(key, 'gt', beside(key, least, -1));
    if (most !== undefined) add(key, 'lt', beside(key, most, 1));
  }
  return filters;
}

/** The next value below or above that a record can have: filters know only `<` and `>`. */
function beside(key: string, value: number, direction: 1 | -1): number {
  if (key === 'cost') return value + direction * NANO_DOLLAR;
  return key === 'duration' ? value + direction * 1e-6 : value + direction * 0.5;
}

import { z } from 'zod';
import type { LogFilter, LogPosition } from '../core/stores/logs.ts';
import { invalid } from './envelope.ts';
import { parseTime } from './time-range.ts';
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

const rangeTime = z
  .string()
  .max(64)
  .refine((value) => parseTime(value, 0) !== null, {
    error: 'must be a time such as 2026-01-31T12:00:00Z, -15m, -24h, -30d or now',
  });

/** What selects logs. The flat parameters after `search` are deprecated and still sent by older clients. */
export const logListQuery = z.strictObject({
  ...pagingShape(50),
  from: rangeTime.optional().meta({ description: 'Inclusive. RFC 3339, `now` or a time before it: -15m.' }),
  to: rangeTime.optional().meta({ description: 'Exclusive.' }),
  cursor: z
    .string()
    .max(2048)
    .optional()
    .meta({ description: 'As `result_info.cursor` of the page before had it; `page` is then ignored.' }),
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

/** What selects logs for a file: all that match, whatever their number. */
export const logExportQuery = logListQuery
  .omit({ page: true, per_page: true, cursor: true, meta_info: true })
  .extend({
    format: z.enum(['csv', 'ndjson']).default('csv'),
    bodies: booleanText
      .default(false)
      .meta({ description: 'With ndjson: request and answer as texts, too.' }),
  });

/** What selects logs that are still to come: no pages, no order, no span of time. */
export const logStreamQuery = logListQuery.omit({
  page: true,
  per_page: true,
  from: true,
  to: true,
  start_date: true,
  end_date: true,
  cursor: true,
  order_by: true,
  order_by_direction: true,
  direction: true,
  meta_info: true,
});

/** Strict, above all here: a parameter that is not understood must not widen what is deleted. */
export const logDeleteQuery = z.strictObject({
  order_by: orderBy.default('created_at'),
  order_by_direction: orderDirection.default('asc'),
  limit: integerText(1, 1_000_000_000).optional(),
});

interface Ordered {
  readonly order_by: string;
  readonly order_by_direction?: 'asc' | 'desc' | undefined;
  readonly direction?: 'asc' | 'desc' | undefined;
}

export function directionOf(query: Ordered): 'asc' | 'desc' {
  return query.order_by_direction ?? query.direction ?? 'desc';
}

/** What a client sends back to get the next page. It only fits the order that it was made for. */
export function encodeCursor(query: Ordered, place: LogPosition): string {
  const parts = [query.order_by, directionOf(query), place.value, place.id];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function decodeCursor(query: Ordered & { readonly cursor?: string | undefined }): LogPosition | null {
  if (query.cursor === undefined) return null;
  const place = ['query', 'cursor'];
  const parsed = cursorParts.safeParse(readBase64(query.cursor));
  if (!parsed.success) throw invalid(place, 'is none that this list gave');
  const [orderBy, direction, value, id] = parsed.data;
  if (orderBy !== query.order_by || direction !== directionOf(query)) {
    throw invalid(place, `belongs to a list by ${orderBy}, ${direction}`);
  }
  return { value, id };
}

const cursorParts = z.tuple([
  orderBy,
  orderDirection,
  z.union([z.string().max(1024), z.number()]).nullable(),
  z.string().max(64),
]);

function readBase64(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}

/** `from` and `to`, read against one and the same now. */
export function readSpan(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): { readonly from: number | null; readonly to: number | null } {
  return {
    from: query.from === undefined ? null : parseTime(query.from, nowMs),
    to: query.to === undefined ? null : parseTime(query.to, nowMs),
  };
}

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
export function flatFilters(query: Partial<z.infer<typeof logListQuery>>): LogFilter[] {
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

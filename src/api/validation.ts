import { z } from 'zod';
import { didYouMean } from '../config/nearest.ts';
import { ApiError, CODES, type ErrorLine } from './envelope.ts';

type Place = 'body' | 'query';

/** Checks `value` and says everything that is wrong with it, each with its place; values are never repeated. */
export function parse<Schema extends z.ZodObject>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.flatMap((issue) => describe(issue, place, Object.keys(schema.shape)));
  throw new ApiError(400, lines);
}

function describe(issue: z.core.$ZodIssue, place: Place, known: readonly string[]): ErrorLine[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const noun = place === 'body' ? 'field' : 'parameter';
    return issue.keys.map((key) => ({
      code: CODES.invalid,
      message: `${key}: unknown ${noun}${path.length === 0 ? didYouMean(key, known) : ''}`,
      path: [place, ...path, key],
    }));
  }
  const name = path.length === 0 ? place : path.join('.');
  return [{ code: CODES.invalid, message: `${name}: ${issue.message}`, path: [place, ...path] }];
}

/** Query parameters are text: these read them, and show their true type in the OpenAPI document. */
export function integerText(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: `must be ${min} to ${max}` })
    .meta({ type: 'integer', minimum: min, maximum: max });
}

export const numberText = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?$/, { error: 'must be a number' })
  .transform(Number)
  .meta({ type: 'number' });

export const booleanText = z
  .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
  .transform((value) => value === 'true' || value === '1')
  .meta({ type: 'boolean' });

export const orderDirection = z.enum(['asc', 'desc']);

/** `page` and `per_page` of a list that shows at most `most` at a time. */
export function pagingShape(most: number) {
  return {
    page: integerText(1, 1_000_000_000).default(1),
    per_page: integerText(1, most).default(20),
  };
}

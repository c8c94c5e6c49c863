import { GraphQLError, GraphQLScalarType } from 'graphql';

const DAY_MS = 86_400_000;
const LONGEST_TEXT = 1024;

/** Scalars are written in lower case, as the hosted API has them; variables may be declared with either spelling. */
function numberScalar(
  name: string,
  describe: string,
  accepts: (value: number) => boolean,
): GraphQLScalarType {
  const read = (value: unknown): number => {
    // Flags are numbers here, and people write true.
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number' || !accepts(number)) throw new GraphQLError(`must be ${describe}`);
    return number;
  };
  return new GraphQLScalarType({
    name,
    description: describe,
    coerceOutputValue: (value: unknown) => value,
    coerceInputValue: read,
  });
}

const whole = (name: string, most: number): GraphQLScalarType =>
  numberScalar(
    name,
    `a whole number from 0 to ${most}`,
    (value) => Number.isSafeInteger(value) && value >= 0 && value <= most,
  );

const text = new GraphQLScalarType({
  name: 'string',
  description: `text of at most ${LONGEST_TEXT} characters`,
  coerceOutputValue: (value: unknown) => value,
  coerceInputValue: (value: unknown) => {
    if (typeof value !== 'string') throw new GraphQLError('must be text');
    if (value.length > LONGEST_TEXT) throw new GraphQLError(`must be at most ${LONGEST_TEXT} characters`);
    return value;
  },
});

// Both as epoch ms inside.
const time = new GraphQLScalarType({
  name: 'Time',
  description: 'a time such as 2026-01-31T12:00:00Z',
  coerceOutputValue: (value: unknown) => new Date(value as number).toISOString().replace('.000Z', 'Z'),
  coerceInputValue: (value: unknown) => readTime(value, /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/),
});

const date = new GraphQLScalarType({
  name: 'Date',
  description: 'a day such as 2026-01-31',
  coerceOutputValue: (value: unknown) => new Date(value as number).toISOString().slice(0, 10),
  // A time is read as its day: clients hand the same variable to both.
  coerceInputValue: (value: unknown) => {
    const ms = readTime(value, /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/);
    return ms - (((ms % DAY_MS) + DAY_MS) % DAY_MS);
  },
});

function readTime(value: unknown, form: RegExp): number {
  const ms = typeof value === 'string' && form.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new GraphQLError('must be a time such as 2026-01-31T12:00:00Z');
  return ms;
}

export const SCALARS = {
  string: text,
  uint8: whole('uint8', 255),
  uint16: whole('uint16', 65_535),
  uint64: whole('uint64', Number.MAX_SAFE_INTEGER),
  float64: numberScalar('float64', 'a number', Number.isFinite),
  Time: time,
  Date: date,
} as const;

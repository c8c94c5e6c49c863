/** A JSON object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = Object.freeze({});
const LONGEST_TEXT = 4096;

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The object at `key`; an empty one when there is none, so that reading on gives undefined. */
export function within(fields: Fields | null, key: string): Fields {
  return fieldsOf(fields?.[key]) ?? NO_FIELDS;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty text; numbers count as text, since codes come in both forms. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || value === '') return null;
  return value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
}

/** A count of tokens: a whole number that is not negative. Anything else is 'not stated'. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** The first count that is stated. */
export function firstCount(...values: readonly unknown[]): number | null {
  for (const value of values) {
    const count = countOf(value);
    if (count !== null) return count;
  }
  return null;
}

/** A quantity that may have a fraction (seconds, credits), also when it is spelled as text. */
export function amountOf(value: unknown): number | null {
  const amount = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof amount === 'number' && amount >= 0 && amount <= Number.MAX_SAFE_INTEGER ? amount : null;
}

/** US dollars as stated, to whole nano-dollars. */
export function dollarsToNanos(value: unknown): number | null {
  const dollars = amountOf(value);
  if (dollars === null) return null;
  const nanos = Math.round(dollars * 1e9);
  return Number.isSafeInteger(nanos) ? nanos : null;
}

/** Sum of the counts that are stated; null when none is. */
export function sumOfStated(...counts: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const count of counts) if (count !== null) sum = (sum ?? 0) + count;
  return sum;
}

/** The units that are stated; null when none is, so that 'no units' stays 'not stated'. */
export function statedUnits(units: Readonly<Record<string, number | null>>): Record<string, number> | null {
  let stated: Record<string, number> | null = null;
  for (const name in units) {
    const amount = units[name] ?? null;
    if (amount === null) continue;
    stated ??= {};
    stated[name] = amount;
  }
  return stated;
}

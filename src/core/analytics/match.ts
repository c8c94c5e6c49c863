import type { LogFilter } from '../stores/logs.ts';
import { VALUE_LENGTH } from './facts.ts';

export type FieldKind = 'text' | 'number' | 'boolean';
type Value = string | number | null;
type Wanted = LogFilter['value'][number];
type Match = (value: Value) => boolean;

/**
 * A filter as a function of the value of its field, with the meaning that it has over rows. Null when that cannot be
 * told from what a group keeps of the value: the order of texts, and what is longer than a group's text.
 */
export function matchOf(
  { operator, value }: Pick<LogFilter, 'operator' | 'value'>,
  kind: FieldKind,
): Match | null {
  const matches = value.map((wanted) => matchOne(operator, wanted, kind));
  if (matches.some((match) => match === null)) return null;
  const some: Match = (field) => matches.some((match) => match!(field));
  return operator === 'neq' ? (field) => !some(field) : some;
}

function matchOne(operator: LogFilter['operator'], wanted: Wanted, kind: FieldKind): Match | null {
  const isEquality = operator === 'eq' || operator === 'neq';
  if (wanted === null) return isEquality ? (field) => field === null : () => false;
  if (kind === 'text') {
    const text = String(wanted);
    if (text.length >= VALUE_LENGTH || text.includes('\u0000') || !text.isWellFormed()) return null;
    if (isEquality) return (field) => field === text;
    return operator === 'contains' ? contains(text) : null;
  }
  if (operator === 'contains') return contains(String(wanted));
  const number = readNumber(wanted, kind);
  if (number === null) return () => false;
  if (isEquality) return (field) => field === number;
  return (field) =>
    field !== null && (operator === 'lt' ? (field as number) < number : (field as number) > number);
}

function readNumber(wanted: Exclude<Wanted, null>, kind: FieldKind): number | null {
  const text = String(wanted);
  if (kind === 'boolean') {
    return text === 'true' || text === '1' ? 1 : text === 'false' || text === '0' ? 0 : null;
  }
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The case of ASCII letters does not count. */
function contains(text: string): Match {
  const wanted = lowered(text);
  return (field) => field !== null && lowered(String(field)).includes(wanted);
}

function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

import {
  CURRENCIES,
  FEASTS,
  MONTHS,
  MONTHS_BY_CONTEXT,
  NUMBER_WORDS,
  ORDINALS,
  ROMAN,
  SCALES,
  SHORT_UNITS,
  TENS,
  UNITS,
  WEEKDAYS,
} from './number-words.ts';
import type { RawToken } from './tokens.ts';

/** A number, or a part of a date, of a question. */
export interface Quantity {
  /** Digits without grouping, with scale applied: '5000'; a month or weekday by its name. */
  readonly value: string;
  readonly kind: 'number' | 'date' | 'name-of-day';
  /** One name for each unit, or null. */
  readonly unit: string | null;
  readonly currency: string | null;
  /** As it was written, for people. */
  readonly text: string;
}

export interface FoundQuantity {
  readonly quantity: Quantity;
  /** Tokens it took, from the place where it was looked for. */
  readonly length: number;
}

const YEAR = /^(?:1[5-9]|20)\d\d$/;
const DATE_NEIGHBOURS = new Set([
  'in',
  'on',
  'since',
  'until',
  'till',
  'by',
  'last',
  'next',
  'this',
  'of',
  'from',
  'to',
  'early',
  'late',
  'mid',
]);

/** The number or part of a date that begins at a token, or null. */
export function quantityAt(tokens: readonly RawToken[], at: number): FoundQuantity | null {
  const token = tokens[at]!;
  const day = dayAt(tokens, at);
  if (day !== null)
    return found({ value: day, kind: 'name-of-day', unit: null, currency: null, text: token.text }, 1);
  if (token.kind === 'sign' && CURRENCIES.has(token.word)) return moneyAt(tokens, at);
  if (token.kind === 'word' && CURRENCIES.has(token.word) && isDigits(tokens[at + 1]))
    return moneyAt(tokens, at);
  return numberAt(tokens, at);
}

const found = (quantity: Quantity, length: number): FoundQuantity => ({ quantity, length });
const isDigits = (token: RawToken | undefined): boolean => token?.kind === 'number';

function dayAt(tokens: readonly RawToken[], at: number): string | null {
  const { word, kind, isCapital } = tokens[at]!;
  if (kind !== 'word') return null;
  const name = MONTHS.get(word) ?? WEEKDAYS.get(word);
  if (name !== undefined) return name.length > 3 && word.length <= 3 && !isCapital ? null : name;
  if (FEASTS.has(word)) return word.replace(/(weekend|weekday)s/, '$1');
  if (!MONTHS_BY_CONTEXT.has(word)) return null;
  const before = tokens[at - 1];
  const isDated = isDigits(before) || isDigits(tokens[at + 1]) || DATE_NEIGHBOURS.has(before?.word ?? '');
  return isDated && isCapital ? word : null;
}

function moneyAt(tokens: readonly RawToken[], at: number): FoundQuantity | null {
  const currency = CURRENCIES.get(tokens[at]!.word)!;
  const number = numberAt(tokens, at + 1);
  if (number === null) return null;
  const text = `${tokens[at]!.text}${number.quantity.text}`;
  return found({ ...number.quantity, currency, unit: null, kind: 'number', text }, number.length + 1);
}

function numberAt(tokens: readonly RawToken[], at: number): FoundQuantity | null {
  const token = tokens[at];
  if (token === undefined) return null;
  const start = valueAt(tokens, at);
  if (start === null) return null;
  let { value } = start;
  let end = at + start.length;
  for (let next = tokens[end]; typeof value === 'number' && next !== undefined; next = tokens[end]) {
    const scale = SCALES.get(next.word);
    if (scale === undefined) break;
    value *= scale;
    end++;
    const rest = scale === 100 && tokens[end]?.word === 'and' ? valueAt(tokens, end + 1) : null;
    if (
      rest !== null &&
      typeof rest.value === 'number' &&
      rest.value < 100 &&
      NUMBER_WORDS.has(tokens[end + 1]!.word)
    ) {
      value += rest.value;
      end += 1 + rest.length;
    }
  }
  const text = tokens
    .slice(at, end)
    .map((part) => part.text)
    .join(' ');
  const following = tokens[end];
  const unit = following === undefined ? null : unitOf(following, token.kind === 'number');
  const currency = following === undefined ? null : (CURRENCIES.get(following.word) ?? null);
  const isBare = unit === null && currency === null;
  // 'how can one', 'the one that': no number.
  if (token.word === 'one' && isBare) return null;
  if (!isBare) end++;
  const written = typeof value === 'number' ? plain(value) : value;
  const isYear = isBare && token.kind === 'number' && YEAR.test(token.text);
  const isDate = isYear || typeof value === 'string';
  return found(
    {
      value: written,
      kind: isDate ? 'date' : 'number',
      unit,
      currency,
      text: isBare ? text : `${text} ${following!.text}`,
    },
    end - at,
  );
}

const plain = (value: number): string => String(Number(value.toPrecision(12)));

function unitOf(token: RawToken, isAfterDigits: boolean): string | null {
  const unit = UNITS.get(token.word);
  if (unit !== undefined) return unit;
  // '5 in' may go on '... the morning'.
  if (!isAfterDigits || (token.kind !== 'sign' && (token.word.length > 1 || token.text !== token.word)))
    return null;
  return SHORT_UNITS.get(token.word) ?? null;
}

/** A number of digits or of words; a date, time or fraction keeps its form. */
function valueAt(tokens: readonly RawToken[], at: number): { value: number | string; length: number } | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === 'number') {
    if (/[-/:]/.test(token.word) || token.word.split('.').length > 2) return { value: token.word, length: 1 };
    // Leading zeros and long digits are numbers of things: 007, an account.
    const digits = token.word.replaceAll(',', '');
    if (digits.length > 15 || (digits.length > 1 && digits.startsWith('0') && !digits.startsWith('0.')))
      return { value: digits, length: 1 };
    return { value: Number(digits), length: 1 };
  }
  if (token.kind !== 'word') return null;
  const tens = TENS.get(token.word);
  if (tens !== undefined) {
    const unit = NUMBER_WORDS.get(tokens[at + 1]?.word ?? '');
    return unit !== undefined && unit > 0 && unit < 10
      ? { value: tens + unit, length: 2 }
      : { value: tens, length: 1 };
  }
  const small = NUMBER_WORDS.get(token.word);
  if (small !== undefined) return { value: small, length: 1 };
  const ordinal = ORDINALS.get(token.word);
  if (ordinal !== undefined && ordinal > 1 && tokens[at - 1]?.word !== 'a')
    return { value: ordinal, length: 1 };
  const roman = ROMAN.get(token.text);
  if (roman !== undefined) return { value: roman, length: 1 };
  if ((token.word === 'hundred' || token.word === 'thousand' || token.word === 'million') && at > 0)
    return { value: SCALES.get(token.word)!, length: 1 };
  return null;
}

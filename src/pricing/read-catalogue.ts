import {
  type BookFile,
  type CatalogueFile,
  type ModelFile,
  type PriceFile,
  type RateFile,
  TOKEN_CLASSES,
  type TokenClass,
} from './catalogue.ts';
import { isMatchRule } from './match-model.ts';

/** What is wrong with a catalogue file, and where: `books.openai.models[3].prices[0].rates.input`. */
class Malformed extends Error {}

/**
 * Reads a catalogue file, which an operator may have put there: all of it is right, or none of it is taken. Warnings
 * are about prices that can be right but look like a slip.
 */
export function readCatalogue(json: string): { file: CatalogueFile; warnings: string[] } | { error: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { error: `not JSON: ${error instanceof Error ? error.message : 'unreadable'}` };
  }
  const warnings: string[] = [];
  try {
    return { file: fileOf(value, warnings), warnings };
  } catch (error) {
    if (error instanceof Malformed) return { error: error.message };
    throw error;
  }
}

function fail(place: string, expected: string): never {
  throw new Malformed(`${place === '' ? 'the file' : place}: ${expected} is expected`);
}

function objectOf(value: unknown, place: string, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(place, 'an object');
  const strange = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (strange !== undefined)
    fail(`${place}${place === '' ? '' : '.'}${strange}`, `nothing but ${keys!.join(', ')}`);
  return value as Record<string, unknown>;
}

function listOf(value: unknown, place: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(place, 'a list');
}

function textOf(value: unknown, place: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(place, 'a text');
}

function dayOf(value: unknown, place: string): string {
  const day = textOf(value, place);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(day)) fail(place, 'a day (YYYY-MM-DD)');
  return day;
}

function countOf(value: unknown, place: string, expected: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fail(place, expected);
}

const picosOf = (value: unknown, place: string): number =>
  countOf(value, place, 'a whole number of pico-dollars');

function fileOf(value: unknown, warnings: string[]): CatalogueFile {
  const file = objectOf(value, '', ['format', 'date', 'source', 'aside', 'providers', 'books']);
  if (file.format !== 1) fail('format', '1');
  const books = new Map<string, BookFile>();
  for (const [name, book] of Object.entries(objectOf(file.books, 'books'))) {
    books.set(name, bookOf(book, `books.${name}`, warnings));
  }
  for (const [name, { fallback = [] }] of books) {
    const missing = fallback.find((other) => !books.has(other));
    if (missing !== undefined) fail(`books.${name}.fallback`, `the name of a book, not ${missing},`);
  }
  const providers = Object.entries(objectOf(file.providers, 'providers')).map(([id, book]) => {
    const name = textOf(book, `providers.${id}`);
    return [id, books.has(name) ? name : fail(`providers.${id}`, 'the name of a book')] as const;
  });
  return {
    format: 1,
    date: dayOf(file.date, 'date'),
    source: textOf(file.source, 'source'),
    // fromEntries defines properties and never assigns: a `__proto__` in the file stays a plain key.
    providers: Object.fromEntries(providers),
    books: Object.fromEntries(books),
  };
}

function bookOf(value: unknown, place: string, warnings: string[]): BookFile {
  const book = objectOf(value, place, ['fallback', 'models']);
  const models = listOf(book.models, `${place}.models`).map((model, index) =>
    modelOf(model, `${place}.models[${index}]`, warnings),
  );
  if (book.fallback === undefined) return { models };
  const fallback = listOf(book.fallback, `${place}.fallback`).map((name) =>
    textOf(name, `${place}.fallback`),
  );
  return { fallback, models };
}

function modelOf(value: unknown, place: string, warnings: string[]): ModelFile {
  const model = objectOf(value, place, ['id', 'match', 'prices']);
  const match = listOf(model.match, `${place}.match`).map((rule, index) => {
    const rules = typeof rule === 'string' ? [rule] : listOf(rule, `${place}.match[${index}]`);
    if (rules.length === 0 || !rules.every(isMatchRule)) {
      fail(`${place}.match[${index}]`, 'a rule that begins with =, ^, $, *, ~ or !');
    }
    return typeof rule === 'string' ? rule : (rules as readonly string[]);
  });
  const prices = listOf(model.prices, `${place}.prices`).map((price, index) =>
    priceOf(price, `${place}.prices[${index}]`, warnings),
  );
  return { id: textOf(model.id, `${place}.id`), match, prices };
}

function priceOf(value: unknown, place: string, warnings: string[]): PriceFile {
  const price = objectOf(value, place, ['from', 'daily', 'rates', 'units']);
  const rates: Partial<Record<TokenClass, RateFile>> = {};
  for (const [name, rate] of Object.entries(objectOf(price.rates, `${place}.rates`, TOKEN_CLASSES))) {
    rates[name as TokenClass] = rateOf(rate, `${place}.rates.${name}`);
  }
  warnOfOrder(rates, place, warnings);
  const units = price.units === undefined ? null : Object.entries(objectOf(price.units, `${place}.units`));
  return {
    ...(price.from === undefined ? {} : { from: dayOf(price.from, `${place}.from`) }),
    ...(price.daily === undefined ? {} : { daily: dailyOf(price.daily, `${place}.daily`) }),
    rates,
    ...(units === null
      ? {}
      : {
          units: Object.fromEntries(
            units.map(([name, rate]) => [name, picosOf(rate, `${place}.units.${name}`)]),
          ),
        }),
  };
}

function dailyOf(value: unknown, place: string): readonly [number, number] {
  const [start, end, ...rest] = listOf(value, place).map((second) =>
    countOf(second, place, 'a second of the day'),
  );
  if (start === undefined || end === undefined || rest.length > 0 || Math.max(start, end) > 86_400) {
    fail(place, 'two seconds of the day');
  }
  return [start, end];
}

function rateOf(value: unknown, place: string): RateFile {
  if (!Array.isArray(value)) return picosOf(value, place);
  const [base, ...tiers] = value as unknown[];
  let last = -1;
  const read = tiers.map((tier, index) => {
    const at = `${place}[${index + 1}]`;
    const [above, picos, ...rest] = listOf(tier, at);
    const start = countOf(above, at, 'a number of tokens and a price');
    if (rest.length > 0 || start <= last)
      fail(at, 'one number of tokens, above the one before, and one price');
    last = start;
    return [start, picosOf(picos, at)] as const;
  });
  return [picosOf(base, `${place}[0]`), ...read];
}

function warnOfOrder(rates: Partial<Record<TokenClass, RateFile>>, place: string, warnings: string[]): void {
  const base = (rate: RateFile | undefined): number | null =>
    rate === undefined ? null : typeof rate === 'number' ? rate : rate[0];
  const input = base(rates.input);
  const read = base(rates.cacheRead);
  const write = base(rates.cacheWrite);
  if (input === null) return;
  if (read !== null && read > input) warnings.push(`${place}: a cache read costs more than plain input`);
  if (write !== null && write < input && write !== 0)
    warnings.push(`${place}: a cache write costs less than plain input`);
}

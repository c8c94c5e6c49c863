import { describe, expect, it } from 'vitest';
import { emptyUsage } from '../core/usage.ts';
import { PriceBook } from './price.ts';

const AT = Date.UTC(2026, 9, 8, 12);
const MILLION = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

const SMALL = JSON.stringify({
  format: 1,
  date: '2026-10-08',
  source: 'a test',
  providers: { openai: 'o', anthropic: 'o' },
  books: {
    o: {
      models: [
        {
          id: 'gpt-x',
          match: ['^gpt-', '^claude-'],
          prices: [{ rates: { input: 1_000_000, output: 2_000_000, cacheRead: 1, cacheWrite: 3 } }],
        },
      ],
    },
  },
});

describe('a catalogue file of the operator', () => {
  const change = (edit: (file: never) => void): string => {
    const file = JSON.parse(SMALL) as never;
    edit(file);
    return JSON.stringify(file);
  };
  type Loose = { [key: string]: Loose } & Loose[] & { push(value: unknown): void };

  it.each<[string, (file: Loose) => void, string]>([
    ['another format', (file) => Object.assign(file, { format: 2 }), 'format: 1 is expected'],
    [
      'a day that is none',
      (file) => Object.assign(file, { date: '2026-02-30' }),
      'date: a day (YYYY-MM-DD) is expected',
    ],
    [
      'an unknown field',
      (file) => Object.assign(file, { price: 1 }),
      'price: nothing but format, date, source, aside, providers, books is expected',
    ],
    [
      'a provider without a book',
      (file) => Object.assign(file.providers!, { groq: 'g' }),
      'providers.groq: the name of a book is expected',
    ],
    [
      'a negative price',
      (file) => Object.assign(file.books!.o!.models![0]!.prices![0]!.rates!, { input: -1 }),
      'books.o.models[0].prices[0].rates.input: a whole number of pico-dollars is expected',
    ],
    [
      'a broken price',
      (file) => Object.assign(file.books!.o!.models![0]!.prices![0]!.rates!, { output: 0.5 }),
      'books.o.models[0].prices[0].rates.output: a whole number of pico-dollars is expected',
    ],
    [
      'an unknown class',
      (file) => Object.assign(file.books!.o!.models![0]!.prices![0]!.rates!, { smell: 1 }),
      'books.o.models[0].prices[0].rates.smell: nothing but',
    ],
    [
      'tiers out of order',
      (file) =>
        Object.assign(file.books!.o!.models![0]!.prices![0]!.rates!, { input: [1, [20, 2], [10, 3]] }),
      'books.o.models[0].prices[0].rates.input[2]: one number of tokens, above the one before, and one price is expected',
    ],
    [
      'a rule of no kind',
      (file) => Object.assign(file.books!.o!.models![0]!, { match: ['gpt-x'] }),
      'books.o.models[0].match[0]: a rule that begins with =, ^, $, *, ~ or ! is expected',
    ],
    [
      'a fallback that is not there',
      (file) => Object.assign(file.books!.o!, { fallback: ['x'] }),
      'books.o.fallback: the name of a book, not x, is expected',
    ],
    [
      'hours that are none',
      (file) => Object.assign(file.books!.o!.models![0]!.prices![0]!, { daily: [0, 90_000] }),
      'books.o.models[0].prices[0].daily: two seconds of the day is expected',
    ],
  ])('with %s is refused as a whole, naming the place', (_, edit, message) => {
    expect(PriceBook.load(change(edit as never))).toEqual({ error: expect.stringContaining(message) });
  });

  it('that is not JSON, or no object, is refused', () => {
    for (const json of ['', '[]', 'null', '{"format":1', '7'])
      expect(PriceBook.load(json)).toHaveProperty('error');
  });

  it('may have odd names without effect on the look-up', () => {
    const json = SMALL.replace('"openai":"o"', '"openai":"o","__proto__":"o"');
    const one = PriceBook.load(json) as PriceBook;
    expect(
      one.price({ provider: 'toString', model: 'gpt-x', atMs: AT, usage: { ...emptyUsage(), ...MILLION } }),
    ).toBeNull();
    expect(
      one.price({ provider: 'openai', model: 'gpt-x', atMs: AT, usage: { ...emptyUsage(), ...MILLION } }),
    ).not.toBeNull();
  });

  it('is taken with a warning where a price looks like a slip', () => {
    const json = change(
      (file: Loose) =>
        Object.assign(file.books!.o!.models![0]!.prices![0]!.rates!, { cacheRead: 2_000_000 }) as never,
    );
    expect((PriceBook.load(json) as PriceBook).warnings).toEqual([
      'books.o.models[0].prices[0]: a cache read costs more than plain input',
      'books.o.models[0].prices[0]: a cache write costs less than plain input',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import type { Usage } from '../core/usage.ts';
import type { BookFile, CatalogueFile, ModelFile, PriceFile } from './catalogue.ts';
import { billCustomCost, type CustomCost } from './custom-cost.ts';
import { matchesModel, spellings } from './match-model.ts';
import { Bill, billUsage, type Price } from './price-usage.ts';
import { readCatalogue } from './read-catalogue.ts';

export type { Price } from './price-usage.ts';

interface Found {
  readonly model: ModelFile;
  /** `anthropic/claude-sonnet-4-5`. */
  readonly name: string;
  readonly periods: readonly Period[];
}

/** An entry of the catalogue, and the provider that it is for. */
export type Listed = Pick<Found, 'model' | 'name'> & { readonly provider: string };

interface Period {
  readonly price: PriceFile;
  readonly fromMs: number;
  /** What a price says of where it is from, but for what depends on the request. */
  readonly rule: string;
  readonly hasTiers: boolean;
}

// Model names come from clients: what is remembered about them is bounded in number and in length.
const REMEMBERED = 4096;
const LONGEST_NAME = 256;
const DAY_MS = 86_400_000;

/** Prices by provider and model, of one catalogue. Immutable, but for what it remembers of its look-ups. */
export class PriceBook {
  readonly #file: CatalogueFile;
  readonly #books: ReadonlyMap<string, BookFile>;
  readonly #bookOf: ReadonlyMap<string, string>;
  readonly #found = new Map<string, Map<string, Found | null>>();
  #remembered = 0;
  /** Prices that look like a slip, with their place in the file. */
  readonly warnings: readonly string[];
  /** False for a catalogue of the operator's own. */
  readonly isBundled: boolean;

  private constructor(file: CatalogueFile, warnings: readonly string[], isBundled: boolean) {
    this.#file = file;
    this.isBundled = isBundled;
    this.#books = new Map(Object.entries(file.books));
    this.#bookOf = new Map(Object.entries(file.providers));
    this.warnings = warnings;
  }

  /** The catalogue that comes with the gateway. */
  static bundled(): PriceBook {
    const book = PriceBook.load(readFileSync(new URL('./catalogue.json', import.meta.url), 'utf8'), true);
    if (!(book instanceof PriceBook)) throw new Error(`The bundled price catalogue is broken: ${book.error}`);
    return book;
  }

  /** A catalogue file as a whole, or what is wrong with it and where. */
  static load(json: string, isBundled = false): PriceBook | { readonly error: string } {
    const read = readCatalogue(json);
    return 'error' in read ? read : new PriceBook(read.file, read.warnings, isBundled);
  }

  /** Day that the prices were gathered. */
  get date(): string {
    return this.#file.date;
  }

  /** Everything that is listed, provider by provider; a book that several share comes once for each. */
  list(): Listed[] {
    return [...this.#bookOf].flatMap(([provider, book]) =>
      (this.#books.get(book)?.models ?? []).map((model) => ({
        provider,
        model,
        name: `${book}/${model.id}`,
      })),
    );
  }

  /** The entry that a request for that model is priced by; null when there is none. */
  find(provider: string, model: string): Listed | null {
    const found = this.#find(provider, model);
    return found && { provider, model: found.model, name: found.name };
  }

  /** Null when the model, or the price of something that was used, is not known. 0 only where the price is 0. */
  price(input: { provider: string; model: string; atMs: number; usage: Usage }): Price | null {
    const found = this.#find(input.provider, input.model);
    if (!found) return null;
    const period = periodAt(found.periods, input.atMs);
    const bill = new Bill();
    if (!period || !billUsage(bill, period.price, input.usage)) return null;
    return bill.close(ruleOf(period, input.usage));
  }

  /** Cost by the rates that the caller stated for this request. */
  priceCustom(custom: CustomCost, usage: Usage): Price | null {
    return billCustomCost(custom, usage);
  }

  #find(provider: string, model: string): Found | null {
    const known = this.#found.get(provider)?.get(model);
    if (known !== undefined) return known;
    const book = this.#bookOf.get(provider);
    if (book === undefined || model.length > LONGEST_NAME) return null;
    const found = this.#lookUp(book, model);
    if (++this.#remembered > REMEMBERED) {
      this.#found.clear();
      this.#remembered = 1;
    }
    let models = this.#found.get(provider);
    if (!models) {
      models = new Map();
      this.#found.set(provider, models);
    }
    models.set(model, found);
    return found;
  }

  #lookUp(bookName: string, model: string): Found | null {
    const names = [bookName, ...(this.#books.get(bookName)?.fallback ?? [])];
    for (const spelling of spellings(model)) {
      for (const name of names) {
        const match = this.#books.get(name)?.models.find((candidate) => matchesModel(candidate, spelling));
        if (match) return this.#foundOf(match, `${name}/${match.id}`);
      }
    }
    return null;
  }

  #foundOf(model: ModelFile, name: string): Found {
    const source = `catalogue of ${this.#file.date}: ${name}`;
    return { model, name, periods: model.prices.map((price) => periodOf(price, source)) };
  }
}

function periodOf(price: PriceFile, source: string): Period {
  const from = price.from === undefined ? '' : `, from ${price.from}`;
  const daily = price.daily === undefined ? '' : ', at this time of the day';
  return {
    price,
    fromMs: price.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(`${price.from}T00:00:00Z`),
    rule: source + from + daily,
    hasTiers: Object.values(price.rates).some((rate) => typeof rate !== 'number'),
  };
}

function ruleOf({ price, rule, hasTiers }: Period, usage: Usage): string {
  const tier = hasTiers ? tierOf(price, usage.inputTokens ?? 0) : null;
  const above = tier === null ? '' : `, above ${tier} input tokens`;
  const twice =
    usage.cacheWrite1hTokens && price.rates.cacheWrite1h === undefined
      ? ', 1-hour cache writes at twice the input price'
      : '';
  return rule + above + twice;
}

/** The last one whose condition holds; the first one for a time before all of them. */
function periodAt(periods: readonly Period[], atMs: number): Period | null {
  for (let i = periods.length - 1; i >= 0; i--) {
    const { price, fromMs } = periods[i]!;
    if (atMs >= fromMs && (price.daily === undefined || isWithin(price.daily, atMs))) return periods[i]!;
  }
  return periods[0] ?? null;
}

function isWithin([start, end]: readonly [number, number], atMs: number): boolean {
  const second = (((atMs % DAY_MS) + DAY_MS) % DAY_MS) / 1000;
  return end < start ? second >= start || second < end : second >= start && second < end;
}

/** Highest threshold that the request is above; null for the base tier. */
function tierOf(price: PriceFile, inputTokens: number): number | null {
  let highest: number | null = null;
  for (const rate of Object.values(price.rates)) {
    if (typeof rate === 'number') continue;
    for (const [above] of rate.slice(1) as readonly (readonly [number, number])[]) {
      if (inputTokens > above && above > (highest ?? -1)) highest = above;
    }
  }
  return highest;
}

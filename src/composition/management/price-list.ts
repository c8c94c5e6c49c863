import type { PriceObject } from '../../api/contract/prices.ts';
import type { ApiServices } from '../../api/services.ts';
import type { PriceFile, RateFile } from '../../pricing/catalogue.ts';
import type { Listed, PriceBook } from '../../pricing/price.ts';

/** Pico-dollars per token are millionths of a dollar per million tokens. */
const perMillion = (picoPerToken: number): number => picoPerToken / 1e6;
const PICO_PER_USD = 1e12;

/** The price catalogue as the management API shows it. Made at the first look into it. */
export function priceList(book: PriceBook): ApiServices['prices'] {
  const show = ({ provider, model, name }: Listed): PriceObject => ({
    provider,
    model: model.id,
    listed_under: name,
    prices: model.prices.map(showPrice),
    source: book.isBundled ? 'bundled' : 'operator',
    date: book.date,
  });
  let all: readonly PriceObject[] | null = null;
  return {
    list() {
      all ??= book.list().map(show);
      return all;
    },
    find(provider, model) {
      const found = book.find(provider, model);
      return found && show(found);
    },
  };
}

function showPrice({ daily, from, rates, units }: PriceFile): PriceObject['prices'][number] {
  return {
    from: from ?? null,
    daily: daily === undefined ? null : { from_seconds: daily[0], to_seconds: daily[1] },
    rates: Object.fromEntries(Object.entries(rates).map(([name, rate]) => [snakeCase(name), showRate(rate)])),
    units: Object.fromEntries(
      Object.entries(units ?? {}).map(([name, pico]) => [snakeCase(name), pico / PICO_PER_USD]),
    ),
  };
}

function showRate(rate: RateFile): PriceObject['prices'][number]['rates'][string] {
  if (typeof rate === 'number') return { usd_per_million: perMillion(rate), above: [] };
  const [base, ...tiers] = rate;
  return {
    usd_per_million: perMillion(base),
    above: tiers.map(([above, price]) => ({ input_tokens: above, usd_per_million: perMillion(price) })),
  };
}

/** `cacheWrite1h` → `cache_write_1h` */
const snakeCase = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z]|\d)/g, '_').toLowerCase();

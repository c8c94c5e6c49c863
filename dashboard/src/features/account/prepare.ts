import type { Price, ProcessSetting } from '../../api/process.ts';
import { UNKNOWN } from '../../format/numbers.ts';
import { accountWords as words } from '../../words/account.ts';

type PriceEntry = Price['prices'][number];

/** The price that holds today: the last whose day has come; one that holds for hours of the day is told beside it. */
export function priceOfToday(price: Price, nowMs: number): PriceEntry | null {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const come = price.prices.filter(({ from, daily }) => daily === null && (from === null || from <= today));
  return come.at(-1) ?? price.prices.at(-1) ?? null;
}

/** USD per million tokens: `3.00`, `0.075`; a dash where it is not told apart. */
export function formatRate(entry: PriceEntry | null, name: string): string {
  const usd = entry?.rates[name]?.usd_per_million;
  if (usd === undefined) return UNKNOWN;
  const digits = usd === 0 || usd >= 1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(usd)));
  return usd.toFixed(Math.max(2, digits));
}

/** The least number of input tokens from which a request costs more; null when there is none. */
export function tierFrom(entry: PriceEntry | null): number | null {
  const starts = Object.values(entry?.rates ?? {}).flatMap(({ above }) =>
    above.map(({ input_tokens }) => input_tokens),
  );
  return starts.length === 0 ? null : Math.min(...starts);
}

export function settingText({ value, secret }: ProcessSetting): string {
  if (value === null) return words.notSet;
  if (secret) return words.secret;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

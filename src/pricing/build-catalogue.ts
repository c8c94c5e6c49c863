import { writeFileSync } from 'node:fs';
import { findProvider, type MatchLogic, type ModelInfo, type ModelPrice } from '@pydantic/genai-prices';
import { parseDecimal } from '../core/money.ts';
import type { BookFile, CatalogueFile, ModelFile, PriceFile, RateFile, TokenClass } from './catalogue.ts';

// Run by hand after the package was raised: `node src/pricing/build-catalogue.ts`. A test fails until it was. The date
// is the day on which that version of the package was published.
const SOURCE_VERSION = '0.1.8';
const SOURCE_DATE = '2026-09-23';

/** Book of the source by our provider id. */
const PROVIDERS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  'aws-bedrock': 'aws',
  azure: 'azure',
  'azure-openai': 'azure',
  baseten: 'baseten',
  cerebras: 'cerebras',
  cohere: 'cohere',
  deepseek: 'deepseek',
  fireworks: 'fireworks',
  'google-ai-studio': 'google',
  'google-vertex-ai': 'google',
  grok: 'x-ai',
  groq: 'groq',
  mistral: 'mistral',
  openai: 'openai',
  openrouter: 'openrouter',
  'perplexity-ai': 'perplexity',
  'workers-ai': 'cloudflare',
};

const TOKEN_PRICES: Readonly<Record<string, TokenClass>> = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cacheRead',
  cache_write_mtok: 'cacheWrite',
  cache_write_1h_mtok: 'cacheWrite1h',
  output_reasoning_mtok: 'reasoning',
  input_audio_mtok: 'audioInput',
  output_audio_mtok: 'audioOutput',
  cache_audio_read_mtok: 'audioCacheRead',
  input_image_mtok: 'imageInput',
  output_image_mtok: 'imageOutput',
  cache_image_read_mtok: 'imageCacheRead',
};

/** Price by another unit: its name in Usage.units, and how many of them the price is for. */
const UNIT_PRICES: Readonly<Record<string, { unit: string; per: bigint }>> = {
  web_searches_kcount: { unit: 'searches', per: 1000n },
  requests_kcount: { unit: 'requests', per: 1000n },
  input_document_kpages: { unit: 'pages', per: 1000n },
  audio_hours: { unit: 'seconds', per: 3600n },
  output_citation_mtok: { unit: 'citation_tokens', per: 1_000_000n },
};

/** Models whose empty price list means that they cost nothing, and not that the price is unknown. */
const isFreeModel = (id: string): boolean => id.endsWith(':free') || id === 'moderation';

interface Counts {
  /** Kept so that no wider rule catches their names, but without a price. */
  withoutPrice: number;
  /** Prices that have no place here, by the source's name. */
  aside: Map<string, number>;
}

function decimal(price: number, scale: number): bigint {
  return parseDecimal(String(price), scale) ?? 0n;
}

/** USD per million tokens to pico-dollars per token. */
const perToken = (price: number): number => Number(decimal(price, 6));

function rateFrom(price: NonNullable<ModelPrice[string]>): RateFile {
  if (typeof price === 'number') return perToken(price);
  const tiers = [...price.tiers].sort((one, other) => one.start - other.start);
  return [perToken(price.base), ...tiers.map((tier) => [tier.start, perToken(tier.price)] as const)];
}

/** Null when a part of the tokens has a price that cannot be said here: a cost without it would be wrong. */
function pricesFrom(source: ModelPrice, counts: Counts): Omit<PriceFile, 'from' | 'daily'> | null {
  const rates: Partial<Record<TokenClass, RateFile>> = {};
  const units: Record<string, number> = {};
  let expressible = true;
  for (const [name, price] of Object.entries(source).sort()) {
    if (price === undefined) continue;
    const tokenClass = TOKEN_PRICES[name];
    const unit = UNIT_PRICES[name];
    if (tokenClass) rates[tokenClass] = rateFrom(price);
    else if (unit && typeof price === 'number') {
      units[unit.unit] = Number((decimal(price, 12) + unit.per / 2n) / unit.per);
    } else {
      // A price by the hour of input is the one by the hour of audio again.
      if (name === 'input_audio_hours') continue;
      counts.aside.set(name, (counts.aside.get(name) ?? 0) + 1);
      if (name.endsWith('_mtok')) expressible = false;
    }
  }
  if (!expressible) return null;
  return { rates, ...(Object.keys(units).length === 0 ? {} : { units }) };
}

function secondOf(time: string): number {
  const [hour = '0', minute = '0', second = '0'] = time.replace('Z', '').split(':');
  return Number(hour) * 3600 + Number(minute) * 60 + Number(second);
}

function modelFrom(model: ModelInfo, counts: Counts): ModelFile {
  const match = rulesFrom(model.match);
  const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const prices: PriceFile[] = [];
  for (const { constraint, prices: source } of conditional) {
    const read =
      Object.keys(source).length > 0
        ? pricesFrom(source, counts)
        : isFreeModel(model.id)
          ? { rates: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } }
          : null;
    if (read === null || (Object.keys(read.rates).length === 0 && read.units === undefined)) {
      prices.length = 0;
      break;
    }
    if (constraint?.type === 'start_date') prices.push({ from: constraint.start_date, ...read });
    else if (constraint?.type === 'time_of_date') {
      prices.push({ daily: [secondOf(constraint.start_time), secondOf(constraint.end_time)], ...read });
    } else prices.push(read);
  }
  if (prices.length === 0) counts.withoutPrice++;
  return { id: model.id, match, prices };
}

type Rule = string | readonly string[];

/** Alternatives, each of them one rule or several that all must hold. */
function rulesFrom(logic: MatchLogic): Rule[] {
  if ('or' in logic) return logic.or.flatMap(rulesFrom);
  if ('regex' in logic) return rulesFromRegex(logic.regex);
  if ('equals' in logic) return [`=${logic.equals.toLowerCase()}`];
  if ('starts_with' in logic) return [`^${logic.starts_with.toLowerCase()}`];
  if ('ends_with' in logic) return [`$${logic.ends_with.toLowerCase()}`];
  if ('contains' in logic) return [`*${logic.contains.toLowerCase()}`];
  const all = logic.and.map(rulesFrom);
  if (all.some((alternatives) => alternatives.length > 1))
    throw new Error('Alternatives inside `and` have no rule');
  return [all.flat(2)];
}

/** The few regular expressions of the source are of three kinds: a dated name, a digit to follow, 'no speech model'. */
function rulesFromRegex(regex: string): Rule[] {
  if (regex === '^(?!.*-[tT][tT][sS](?:$|-))') return [['!$-tts', '!*-tts-']];
  const pattern = regex
    .replace(/\\d(?:\{(\d)\})?/g, (_, count: string | undefined) => '#'.repeat(Number(count ?? 1)))
    .replaceAll('\\.', '.');
  if (/^\^[a-z0-9./#-]+\$$/.test(pattern)) return [`~${pattern.slice(1, -1)}`];
  const open = /^(\^[a-z0-9./-]+)#$/.exec(pattern);
  if (open) return Array.from({ length: 10 }, (_, digit) => `${open[1]}${digit}`);
  throw new Error(`The regular expression ${regex} has no rule that says the same`);
}

export function buildCatalogue(): CatalogueFile {
  const counts: Counts = { withoutPrice: 0, aside: new Map() };
  const books: Record<string, BookFile> = {};
  const build = (name: string): void => {
    if (Object.hasOwn(books, name)) return;
    const source = findProvider({ providerId: name });
    if (!source || source.id !== name) throw new Error(`The source has no provider ${name}`);
    const fallback = source.fallback_model_providers;
    books[name] = {
      ...(fallback ? { fallback } : {}),
      models: source.models.map((model) => modelFrom(model, counts)),
    };
    for (const other of fallback ?? []) build(other);
  };
  for (const name of Object.values(PROVIDERS)) build(name);
  const sorted = Object.fromEntries(Object.entries(books).sort(([one], [other]) => (one < other ? -1 : 1)));
  return {
    format: 1,
    date: SOURCE_DATE,
    source: `@pydantic/genai-prices ${SOURCE_VERSION} (MIT, Pydantic Services Inc.)`,
    aside: { ...Object.fromEntries([...counts.aside].sort()), 'models without a price': counts.withoutPrice },
    providers: PROVIDERS,
    books: sorted,
  };
}

/** One line per model: a raised price is one changed line. */
export function catalogueText(file: CatalogueFile): string {
  const books = Object.entries(file.books).map(([name, { fallback, models }]) => {
    const head = fallback ? `"fallback":${JSON.stringify(fallback)},` : '';
    return `${JSON.stringify(name)}:{${head}"models":[\n${models.map((model) => JSON.stringify(model)).join(',\n')}\n]}`;
  });
  const { format, date, source, aside, providers } = file;
  const head = JSON.stringify({ format, date, source, aside, providers }).slice(0, -1);
  return `${head},"books":{\n${books.join(',\n')}\n}}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL('./catalogue.json', import.meta.url), catalogueText(buildCatalogue()));
}

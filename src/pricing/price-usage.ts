import { toNanos } from '../core/money.ts';
import type { Usage } from '../core/usage.ts';
import type { PriceFile, RateFile, TokenClass } from './catalogue.ts';

export interface PriceLine {
  /** Token class or unit: `input`, `cache_read`, `output`, `seconds` … */
  readonly kind: string;
  readonly units: number;
  /** Decimal digits; text because it goes into records. */
  readonly picosPerUnit: string;
  /** Rounded for reading. The total is rounded once, from the exact sum. */
  readonly nanos: number;
}

export interface Price {
  readonly costNanos: number;
  readonly lines: readonly PriceLine[];
  /** Why it is this price. */
  readonly rule: string;
}

/** Collects lines and the exact sum of them. */
export class Bill {
  readonly lines: PriceLine[] = [];
  #picos = 0n;

  add(kind: string, units: number, picosPerUnit: bigint): void {
    if (units === 0) return;
    // Seconds come with fractions; millionths of a unit keep them exact enough and the arithmetic whole.
    const picos = Number.isInteger(units)
      ? BigInt(units) * picosPerUnit
      : (BigInt(Math.round(units * 1e6)) * picosPerUnit) / 1_000_000n;
    this.#picos += picos;
    this.lines.push({ kind, units, picosPerUnit: picosPerUnit.toString(), nanos: toNanos(picos) });
  }

  close(rule: string): Price {
    return { costNanos: toNanos(this.#picos), lines: this.lines, rule };
  }
}

/** The classes of input and output that providers price apart. Parts are disjoint; together they are the whole. */
export interface TokenParts {
  readonly fresh: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
}

/** Null when a figure is no count: nothing is guessed from broken figures. */
export function inputParts(usage: Usage, inputTokens: number): TokenParts | null {
  const cacheRead = usage.cacheReadTokens ?? 0;
  const cacheWrite = usage.cacheWriteTokens ?? 0;
  const cacheWrite1h = usage.cacheWrite1hTokens ?? 0;
  if (!isCount(inputTokens) || !isCount(cacheRead) || !isCount(cacheWrite) || !isCount(cacheWrite1h))
    return null;
  return {
    fresh: Math.max(0, inputTokens - cacheRead - cacheWrite - cacheWrite1h),
    cacheRead,
    cacheWrite,
    cacheWrite1h,
  };
}

export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Price of one class at a request size; undefined when it is not listed. The whole request is in one tier. */
function rateAt(rate: RateFile | undefined, inputTokens: number): number | undefined {
  if (rate === undefined || typeof rate === 'number') return rate;
  const [base, ...tiers] = rate;
  let picos = base;
  for (const [above, price] of tiers) if (inputTokens > above) picos = price;
  return picos;
}

function isFree(rate: RateFile | undefined): boolean {
  return rate === undefined || rate === 0;
}

/**
 * Bills what was used. False when something that was used has no known price, or when it is not known how much was
 * used of something that has one: a cost is exact or unknown.
 */
export function billUsage(bill: Bill, { rates, units = {} }: PriceFile, usage: Usage): boolean {
  const hasTokenPrices = Object.keys(rates).length > 0;
  const tokensStated = usage.inputTokens !== null || usage.outputTokens !== null;
  let billedUnit = false;
  for (const [unit, amount] of Object.entries(usage.units ?? {})) {
    const price = Object.hasOwn(units, unit) ? units[unit]! : null;
    if (price === null || !(amount >= 0) || !(amount < 1e9)) continue;
    bill.add(unit, amount, BigInt(price));
    billedUnit = true;
  }
  if (!hasTokenPrices) return billedUnit;
  if (!tokensStated || !billTokens(bill, rates, usage)) return false;
  if (units.requests !== undefined) bill.add('requests', 1, BigInt(units.requests));
  return true;
}

function billTokens(bill: Bill, rates: PriceFile['rates'], usage: Usage): boolean {
  // Embeddings state no output and have no price for it; a chat answer without its output count is not priced.
  if (usage.inputTokens === null || (usage.outputTokens === null && !isFree(rates.output))) return false;
  const inputTokens = usage.inputTokens;
  const parts = inputParts(usage, inputTokens);
  const outputTokens = usage.outputTokens ?? 0;
  if (parts === null || !isCount(outputTokens)) return false;
  let known = true;
  const charge = (kind: string, tokens: number, picos: number | undefined): void => {
    if (tokens === 0) return;
    if (picos === undefined) known = false;
    else bill.add(kind, tokens, BigInt(picos));
  };
  const at = (name: TokenClass): number | undefined => rateAt(rates[name], inputTokens);
  const take = (stated: number | null, listed: number | undefined, left: number): number =>
    stated === null || listed === undefined || !isCount(stated) ? 0 : Math.min(stated, left);

  const input = at('input');
  const cacheRead = at('cacheRead');
  // What is audio or image is stated for the input as a whole: it is fresh first, and cached only where it must be.
  const audio = take(usage.audioInputTokens, at('audioInput'), parts.fresh);
  const image = take(usage.imageInputTokens, at('imageInput'), parts.fresh - audio);
  const cachedAudio = take((usage.audioInputTokens ?? 0) - audio, at('audioCacheRead'), parts.cacheRead);
  const cachedImage = take(
    (usage.imageInputTokens ?? 0) - image,
    at('imageCacheRead'),
    parts.cacheRead - cachedAudio,
  );
  charge('input', parts.fresh - audio - image, input);
  charge('audio_input', audio, at('audioInput'));
  charge('image_input', image, at('imageInput'));
  charge('cache_read', parts.cacheRead - cachedAudio - cachedImage, cacheRead);
  charge('audio_cache_read', cachedAudio, at('audioCacheRead'));
  charge('image_cache_read', cachedImage, at('imageCacheRead'));
  charge('cache_write', parts.cacheWrite, at('cacheWrite'));
  charge('cache_write_1h', parts.cacheWrite1h, at('cacheWrite1h') ?? twiceInput(rates, input));

  const reasoning = take(usage.reasoningTokens, at('reasoning'), outputTokens);
  const audioOut = take(usage.audioOutputTokens, at('audioOutput'), outputTokens - reasoning);
  const imageOut = take(usage.imageOutputTokens, at('imageOutput'), outputTokens - reasoning - audioOut);
  charge('output', outputTokens - reasoning - audioOut - imageOut, at('output'));
  charge('reasoning', reasoning, at('reasoning'));
  charge('audio_output', audioOut, at('audioOutput'));
  charge('image_output', imageOut, at('imageOutput'));
  return known;
}

/** Anthropic's rule for writes to the 1-hour cache, for the resellers of its models who list only the 5-minute price. */
function twiceInput(rates: PriceFile['rates'], input: number | undefined): number | undefined {
  return rates.cacheWrite === undefined || input === undefined ? undefined : 2 * input;
}

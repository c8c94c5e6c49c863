import { parseDecimal } from '../core/money.ts';
import type { Usage } from '../core/usage.ts';
import { Bill, inputParts, isCount, type Price } from './price-usage.ts';

/** What `cf-aig-custom-cost` says, in pico-dollars; null is 'not given'. */
export interface CustomCost {
  readonly perTokenIn: bigint | null;
  readonly perTokenOut: bigint | null;
  readonly perCacheRead: bigint | null;
  readonly perCacheWrite: bigint | null;
  /** Cost of the whole request, whatever was used. Stands alone. */
  readonly total: bigint | null;
}

const FORM =
  'a JSON object with per_token_in, per_token_out, per_cache_read_token, per_cache_write_token, or with total_cost alone, each a number of USD from 0 to 1000000, is expected';
const FIELDS = {
  per_token_in: 'perTokenIn',
  per_token_out: 'perTokenOut',
  per_cache_read_token: 'perCacheRead',
  per_cache_write_token: 'perCacheWrite',
  total_cost: 'total',
} as const satisfies Record<string, keyof CustomCost>;

const PICOS_PER_USD_DIGITS = 12;
const MOST = 1_000_000n * 10n ** BigInt(PICOS_PER_USD_DIGITS);

/** A number as it is spelled: 2.5e-6 must not pass through a binary fraction on its way to an exact price. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function parseKeepingNumbers(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined ? new NumberText(context.source) : value;
  return JSON.parse(text, reviver);
}

export function parseCustomCost(text: string): CustomCost | { readonly error: string } {
  let value: unknown;
  try {
    value = parseKeepingNumbers(text);
  } catch {
    return { error: FORM };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof NumberText) {
    return { error: FORM };
  }
  const cost: { -readonly [key in keyof CustomCost]: CustomCost[key] } = {
    perTokenIn: null,
    perTokenOut: null,
    perCacheRead: null,
    perCacheWrite: null,
    total: null,
  };
  const entries = Object.entries(value);
  for (const [key, given] of entries) {
    if (!Object.hasOwn(FIELDS, key)) return { error: `${JSON.stringify(key)} is not known: ${FORM}` };
    const digits = given instanceof NumberText ? given.text : typeof given === 'string' ? given : '';
    const picos = parseDecimal(digits, PICOS_PER_USD_DIGITS);
    if (picos === null || picos > MOST) return { error: `${key} is not such a number: ${FORM}` };
    cost[FIELDS[key as keyof typeof FIELDS]] = picos;
  }
  if (entries.length === 0) return { error: FORM };
  if (cost.total !== null && entries.length > 1) return { error: `total_cost stands beside a rate: ${FORM}` };
  return cost;
}

/**
 * Cost by the caller's own rates (spec 17.4). A rate for input or output that is not given is 0. With one cache rate
 * given, the other class costs what plain input costs; with none, all input costs that. Writes of both kinds (5 minutes,
 * 1 hour) have the one rate. Null when a count is not stated that a rate other than 0 applies to.
 */
export function billCustomCost(custom: CustomCost, usage: Usage): Price | null {
  const bill = new Bill();
  if (custom.total !== null) {
    bill.add('total', 1, custom.total);
    return bill.close('cf-aig-custom-cost: total_cost');
  }
  const perIn = custom.perTokenIn ?? 0n;
  const perOut = custom.perTokenOut ?? 0n;
  const perRead = custom.perCacheRead ?? perIn;
  const perWrite = custom.perCacheWrite ?? perIn;
  const inputIsFree = perIn === 0n && perRead === 0n && perWrite === 0n;
  if (usage.inputTokens === null && usage.outputTokens === null) return null;
  if (usage.inputTokens === null ? !inputIsFree : !isCount(usage.inputTokens)) return null;
  if (usage.outputTokens === null ? perOut !== 0n : !isCount(usage.outputTokens)) return null;
  const parts = inputParts(usage, usage.inputTokens ?? 0);
  if (parts === null) return null;
  if (custom.perCacheRead === null && custom.perCacheWrite === null) {
    bill.add('input', usage.inputTokens ?? 0, perIn);
  } else {
    bill.add('input', parts.fresh, perIn);
    bill.add('cache_read', parts.cacheRead, perRead);
    bill.add('cache_write', parts.cacheWrite + parts.cacheWrite1h, perWrite);
  }
  bill.add('output', usage.outputTokens ?? 0, perOut);
  return bill.close('cf-aig-custom-cost: rates per token');
}

import type { CostFinding, Exchange } from '../core/exchange.ts';
import type { CustomCost } from '../pricing/custom-cost.ts';
import type { PriceBook } from '../pricing/price.ts';

const UNKNOWN: CostFinding = { costNanos: null, isCustom: false, rule: null, detail: null };
const FREE_HIT: CostFinding = { costNanos: 0, isCustom: false, rule: 'cache hit', detail: null };

/** What an exchange cost: nothing for a cache hit, else the caller's own price, else the catalogue's. */
export function costFinder(prices: PriceBook): (exchange: Exchange) => CostFinding {
  return (exchange) => {
    if (exchange.hit) return FREE_HIT;
    if (!exchange.answer?.facts) return UNKNOWN;
    // Cache and record both ask.
    exchange.answer.cost ??= findCost(exchange, prices);
    return exchange.answer.cost;
  };
}

function findCost(exchange: Exchange, prices: PriceBook): CostFinding {
  const { answer, step } = exchange;
  const usage = answer?.facts?.usage;
  if (!answer || !step || !usage) return UNKNOWN;
  const custom = step.controls?.customCost as CustomCost | null | undefined;
  const model = answer.facts?.model ?? step.model;
  if (custom) {
    const price = prices.priceCustom(custom, usage);
    return {
      costNanos: price?.costNanos ?? null,
      isCustom: true,
      rule: 'cf-aig-custom-cost',
      detail: null,
    };
  }
  if (model === null) return { ...UNKNOWN, rule: 'catalogue', detail: 'the model is not known' };
  const input = { provider: step.provider.id, atMs: exchange.arrivedAt, usage };
  // What was asked for is often the name that is listed when the served one is a snapshot of it.
  const price =
    prices.price({ ...input, model }) ??
    (step.model && step.model !== model ? prices.price({ ...input, model: step.model }) : null);
  if (!price)
    return {
      ...UNKNOWN,
      rule: `catalogue of ${prices.date}`,
      detail: `no price for ${step.provider.id} ${model} and this usage`,
    };
  let detail = '';
  for (const { kind, units, nanos } of price.lines)
    detail += `${detail === '' ? '' : ', '}${kind} ${units}: ${nanos}`;
  return { costNanos: price.costNanos, isCustom: false, rule: price.rule, detail };
}

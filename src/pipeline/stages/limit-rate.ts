import { GatewayError } from '../../core/errors.ts';
import type { Exchange, Step } from '../../core/exchange.ts';
import type { CallOrigin } from '../../core/inside-call.ts';
import type { Stage } from '../../core/stage.ts';
import { type Gateway, gatewayKey } from '../../core/stores/config.ts';
import type { CounterStore, RateRule, RateVerdict } from '../../core/stores/counters.ts';

export interface LimitServices {
  readonly counters: CounterStore;
  now(): number;
}

/** The gateway's rate limit (spec 6); null when it is off. */
export function rateRule(gateway: Gateway): RateRule | null {
  if (gateway.rateLimitingLimit <= 0 || gateway.rateLimitingInterval <= 0) return null;
  return {
    subject: gatewayKey(gateway.account, gateway.id),
    limit: gateway.rateLimitingLimit,
    intervalMs: gateway.rateLimitingInterval * 1000,
    technique: gateway.rateLimitingTechnique,
  };
}

/** Calls that the gateway makes on its own for the semantic cache: a request of a client must not count twice. */
const NOT_COUNTED: ReadonlySet<CallOrigin | null> = new Set<CallOrigin>(['embedding', 'cache-check']);

/** Counts a request once, before its first upstream call; cache hits never come this far. */
export function limitRate({ counters, now }: LimitServices): Stage<Step> {
  return (step, next) => {
    const { exchange } = step;
    const rule = rateRule(exchange.gateway);
    if (rule === null || exchange.rate !== null || NOT_COUNTED.has(exchange.origin)) return next(step);
    const verdict = counters.take(rule, now());
    exchange.rate = verdict;
    const described = `${rule.limit} per ${rule.intervalMs / 1000} s, ${rule.technique}`;
    if (verdict.allowed) {
      exchange.decide('limit', `${verdict.remaining} left`, described);
      return next(step);
    }
    exchange.decide('limit', 'refused', described);
    throw new GatewayError('rate-limited', `Rate limited: ${described}`, {
      headers: ['retry-after', String(Math.max(1, Math.ceil(verdict.resetMs / 1000)))],
    });
  };
}

/** Reply headers of a limited gateway (draft-ietf-httpapi-ratelimit-headers, the three-field form). */
export function rateHeaders(exchange: Exchange, { counters, now }: LimitServices): string[] {
  const rule = rateRule(exchange.gateway);
  if (rule === null) return [];
  const verdict: RateVerdict = exchange.rate ?? counters.peek(rule, now());
  return [
    'ratelimit-limit',
    String(verdict.limit),
    'ratelimit-remaining',
    String(verdict.remaining),
    'ratelimit-reset',
    String(Math.ceil(verdict.resetMs / 1000)),
  ];
}

import { answerRefusal } from '../../core/answer-refusal.ts';
import type { Exchange, Step } from '../../core/exchange.ts';
import { headersForAll } from '../../core/headers.ts';
import type { Stage } from '../../core/stage.ts';
import type { CacheStore } from '../../core/stores/cache.ts';

export interface KeepServices {
  readonly store: CacheStore;
  now(): number;
  tick(): number;
  /** Price of the answer that is being stored, for 'saved' on later hits. */
  costOf(exchange: Exchange): number | null;
}

/** Stores the answer of a clean miss on its way out, for answerFromCache to find. */
export function keepAnswer(services: KeepServices): Stage<Step> {
  return (step, next) => {
    const key = step.cacheKey;
    if (key === null) return next(step);
    const { exchange } = step;
    const wanted = step.controls.cache!;
    return next(step).then((reply) => {
      if (reply.status !== 200) return reply;
      // As they are now: outer stages put fields of this one exchange on the same reply.
      const headers = headersForAll(reply.headers);
      return reply.observe({
        end: (outcome) => {
          const reason =
            outcome === 'complete'
              ? answerRefusal(exchange, step)
              : `the answer was not received whole (${outcome})`;
          if (reason !== null) {
            exchange.decide('cache', 'not stored', null, reason);
            return;
          }
          const storedAt = services.now();
          const { payer } = exchange;
          services.store.put({
            key,
            account: exchange.account,
            gateway: exchange.gateway.id,
            status: 200,
            headers,
            body: exchange.answer!.capture.bytes(),
            storedAt,
            expiresAt: storedAt + wanted.ttlSeconds * 1000,
            recordId: payer.id,
            costNanos: services.costOf(payer),
            durationMs: Math.round(services.tick() - exchange.arrivedTick),
            model: exchange.answer!.facts?.model ?? step.model,
            provider: step.provider.id,
          });
          exchange.decide('cache', 'stored', wanted.rule, `for ${wanted.ttlSeconds} s`);
        },
      });
    });
  };
}

import type { Exchange, Step } from '../core/exchange.ts';
import { compose, type Handler } from '../core/stage.ts';
import { answerFromCache, type CacheServices } from './stages/answer-from-cache.ts';
import { answerFromSimilar, type SimilarServices } from './stages/answer-from-similar.ts';
import { type AuthenticateServices, authenticate } from './stages/authenticate.ts';
import { type KeepServices, keepAnswer } from './stages/keep-answer.ts';
import { type LimitServices, limitRate, rateHeaders } from './stages/limit-rate.ts';
import { openSteps, type StepServices } from './stages/open-steps.ts';
import { type RecordServices, record } from './stages/record.ts';
import { type HeartbeatServices, sendHeartbeats } from './stages/send-heartbeats.ts';
import { type SharingServices, shareInFlight } from './stages/share-in-flight.ts';

export interface PipelineServices<Q extends object> {
  readonly heartbeats: HeartbeatServices;
  readonly auth: AuthenticateServices;
  readonly steps: StepServices;
  readonly cache: CacheServices & KeepServices;
  readonly flights: SharingServices;
  readonly similar: SimilarServices<Q>;
  readonly limits: LimitServices;
  readonly records: Omit<RecordServices, 'rateHeaders'>;
  /** Runs the steps of an exchange until one answers. */
  trySteps(runStep: Handler<Step>): Handler<Exchange>;
  /** Runs the attempts of one step until one starts to answer. */
  readonly tryTargets: Handler<Step>;
}

/** THE list of stages, outermost first: what sits inside keepAnswer is cached, what sits inside record is recorded. */
export function pipeline<Q extends object>(services: PipelineServices<Q>): Handler<Exchange> {
  const stepRing = compose<Step>(
    [
      answerFromCache(services.cache),
      shareInFlight(services.flights),
      answerFromSimilar(services.similar),
      keepAnswer(services.cache),
      limitRate(services.limits),
    ],
    services.tryTargets,
  );
  return compose<Exchange>(
    [
      record({ ...services.records, rateHeaders: (exchange) => rateHeaders(exchange, services.limits) }),
      sendHeartbeats(services.heartbeats),
      authenticate(services.auth),
      openSteps(services.steps),
    ],
    services.trySteps(stepRing),
  );
}

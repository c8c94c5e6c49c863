import { answerRefusal } from '../../core/answer-refusal.ts';
import type { Exchange, Step } from '../../core/exchange.ts';
import { headersForAll } from '../../core/headers.ts';
import { noteHit } from '../../core/note-hit.ts';
import { BytesSource, Reply } from '../../core/reply.ts';
import type { SemanticReason } from '../../core/semantic.ts';
import type { Handler, Stage } from '../../core/stage.ts';
import type { SemanticAnswer, SemanticEntry } from '../../core/stores/semantic.ts';

/** How a look-up ended. Figures only: what was asked stands in no decision line. */
export interface SimilarOutcome {
  /** Null for a hit. */
  readonly reason: SemanticReason | null;
  /** Of the best candidate; null when there was none. */
  readonly similarity: number | null;
  readonly probability: number | null;
  /** The best candidate. */
  readonly near: SemanticEntry | null;
  /** Of a hit. */
  readonly found: { readonly entry: SemanticEntry; readonly answer: SemanticAnswer } | null;
  /** From the request's arrival to the end of the look-up. */
  readonly afterMs: number;
}

/** `Q` is a question, of which this stage knows nothing. */
export interface SimilarServices<Q> {
  /** The question of a step, or why it has none for the semantic cache. Null leaves the step alone. */
  questionOf(step: Step): Q | SemanticReason | null | Promise<Q | SemanticReason | null>;
  /** Whether a similar answer may be served to it now, or what keeps it from that: then it is looked for all the same. */
  held(question: Q): 'shadow' | 'paused' | null;
  /** True for a caller who wants a fresh answer, which is kept. */
  skipsReading(question: Q): boolean;
  /** Never rejects. Bounded in time when `isWaited`. */
  lookUp(question: Q, isWaited: boolean): Promise<SimilarOutcome>;
  /** Counts how a request ended that was not looked for, or has been looked for. */
  note(step: Step, outcome: SimilarOutcome): void;
  /** A stored answer is on its way to the client. */
  served(question: Q, outcome: SimilarOutcome): void;
  /** Why an answer that may be stored is not given to similar questions; null when it may be. */
  unfitReason(step: Step, body: Buffer): string | null | Promise<string | null>;
  /** The fresh answer, whole and fit; null when it is not. Keeps it, and lets it be compared with what was found. */
  settle(question: Q, step: Step, outcome: SimilarOutcome, fresh: SemanticAnswer | null): void;
  now(): number;
  tick(): number;
}

const RULE = 'semantic_cache';
const SKIPPED: SimilarOutcome = {
  reason: 'skipped',
  similarity: null,
  probability: null,
  near: null,
  found: null,
  afterMs: 0,
};

/** The semantic cache: an answer to a question that means the same; what comes instead is kept for the next who asks. */
export function answerFromSimilar<Q extends object>(services: SimilarServices<Q>): Stage<Step> {
  return (step, next) => {
    const { exchange, controls } = step;
    if (controls.semantic === 'off' || exchange.method !== 'POST' || step.body.kind !== 'held')
      return next(step);
    return findSimilar(step, next, services);
  };
}

async function findSimilar<Q extends object>(
  step: Step,
  next: Handler<Step>,
  services: SimilarServices<Q>,
): Promise<Reply> {
  const { exchange } = step;
  const question = await services.questionOf(step);
  if (question === null) return next(step);
  if (typeof question === 'string') {
    const outcome = { ...SKIPPED, reason: question };
    decideMiss(exchange, outcome);
    services.note(step, outcome);
    return next(step);
  }
  if (services.skipsReading(question)) {
    decideMiss(exchange, SKIPPED);
    services.note(step, SKIPPED);
    return keep(await next(step), step, question, Promise.resolve(SKIPPED), services);
  }
  const held = services.held(question);
  if (held !== null) {
    if (held === 'paused') decideMiss(exchange, { ...SKIPPED, reason: held });
    // Beside the call: whoever asked waits for nothing here.
    const watching = services.lookUp(question, false).then((outcome) => {
      const { found } = outcome;
      if (found !== null)
        exchange.decide('cache', 'similar answer not served', held, `${found.entry.id}, ${figures(outcome)}`);
      else if (held === 'shadow') decideMiss(exchange, outcome);
      services.note(step, held === 'paused' ? { ...outcome, reason: held } : outcome);
      return outcome;
    });
    return keep(await next(step), step, question, watching, services);
  }
  const outcome = await services.lookUp(question, true);
  // A look-up that ended with its client says nothing.
  if (!exchange.left) services.note(step, outcome);
  if (outcome.found !== null) {
    services.served(question, outcome);
    return replay(step, outcome, services);
  }
  exchange.cacheStatus = 'MISS';
  decideMiss(exchange, outcome);
  return keep(await next(step), step, question, Promise.resolve(outcome), services);
}

/** Lets the answer pass and, when it has ended well, gives a copy of it to those who keep and compare. */
function keep<Q extends object>(
  reply: Reply,
  step: Step,
  question: Q,
  looking: Promise<SimilarOutcome>,
  services: SimilarServices<Q>,
): Reply {
  const { exchange } = step;
  const settle = (fresh: SemanticAnswer | null): void => {
    void looking.then((outcome) => services.settle(question, step, outcome, fresh));
  };
  const status = reply.status;
  const headers = headersForAll(reply.headers);
  return reply.observe({
    end: (bodyOutcome) => {
      const refusal =
        status !== 200
          ? `status ${status}`
          : bodyOutcome === 'complete'
            ? answerRefusal(exchange, step)
            : `the answer was not received whole (${bodyOutcome})`;
      if (refusal !== null) {
        exchange.decide('cache', 'not kept for similar questions', null, refusal);
        return settle(null);
      }
      // A copy: the captured chunks are views into larger socket buffers.
      const body = Buffer.concat(exchange.answer!.capture.chunks);
      const finish = (unfit: string | null): void => {
        if (unfit === null) exchange.decide('cache', 'kept for similar questions', RULE);
        else exchange.decide('cache', 'not kept for similar questions', RULE, unfit);
        settle(unfit === null ? { headers, body } : null);
      };
      const unfit = services.unfitReason(step, body);
      return unfit instanceof Promise ? unfit.then(finish) : finish(unfit);
    },
  });
}

function decideMiss(exchange: Exchange, outcome: SimilarOutcome): void {
  exchange.cacheReason = outcome.reason;
  exchange.decide('cache', 'no similar answer', outcome.reason, figures(outcome));
}

function figures({ similarity, probability }: SimilarOutcome): string | null {
  if (similarity === null) return null;
  const cosine = `similarity ${similarity.toFixed(4)}`;
  return probability === null ? cosine : `${cosine}, probability ${probability.toFixed(4)}`;
}

function replay<Q>(step: Step, outcome: SimilarOutcome, services: SimilarServices<Q>): Reply {
  const { entry, answer } = outcome.found!;
  const hit = { kind: 'semantic', entry: entry.id, similarity: outcome.similarity } as const;
  const ageMs = noteHit(step, entry, hit, services);
  step.exchange.decide(
    'cache',
    'similar answer',
    RULE,
    `${entry.id}, ${figures(outcome)}, stored ${Math.round(ageMs / 1000)} s ago by ${entry.recordId}`,
  );
  return new Reply(200, [...answer.headers], new BytesSource(answer.body.length > 0 ? [answer.body] : []));
}

import { isOfForm, MOST_ANSWER_BYTES, unfitReason } from '../../cache/semantic/answer-fit.ts';
import { type Readiness, type SemanticEngine, WATCH_DEADLINE_MS } from '../../cache/semantic/engine.ts';
import type { SemanticChecks } from '../../cache/semantic/evidence/checks.ts';
import type { Clock } from '../../core/clock.ts';
import type { Exchange, Step } from '../../core/exchange.ts';
import { findHeader } from '../../core/headers.ts';
import { newId } from '../../core/ids.ts';
import type { SemanticAnswer, SemanticEntry, SemanticStore } from '../../core/stores/semantic.ts';
import type { SemanticEvidenceStore, SimilarHit } from '../../core/stores/semantic-evidence.ts';
import type { SimilarOutcome, SimilarServices } from '../../pipeline/stages/answer-from-similar.ts';
import type { DecodedContent } from '../../wire/decode-content.ts';
import { asksForStream, checkedRequest, type StepQuestion } from './semantic-question.ts';

/** Answers that wait for their question's vector. */
const MOST_WAITING = 64;

export interface SimilarOptions {
  readonly engine: SemanticEngine;
  readonly clock: Clock;
  /** A request waits this long for a similar answer, and no longer. */
  readonly waitMs: number;
  /** Opened by the first question; null when that cannot be, or no more. */
  opened(): OpenParts | null;
  /** Models and score, loaded by the first who asks; with `mayWait` false, what is still loading counts as late. */
  ready(mayWait: boolean): Promise<Readiness>;
  /** Least probability of a hit; null while the score is not loaded. */
  neededFor(question: StepQuestion): number | null;
  questionOf: SimilarServices<StepQuestion>['questionOf'];
  decode(bytes: Buffer, encoding: string): DecodedContent | null | Promise<DecodedContent | null>;
  costOf(exchange: Exchange): number | null;
}

interface OpenParts {
  readonly store: SemanticStore;
  readonly evidence: SemanticEvidenceStore;
  readonly checks: SemanticChecks;
}

/** What the stage asks of the semantic cache. Nothing here throws: what goes wrong is a miss. */
export function similarServices(options: SimilarOptions): SimilarServices<StepQuestion> {
  const { clock, engine, opened } = options;
  let waiting = 0;

  const keep = async (question: StepQuestion, entry: Draft, fresh: SemanticAnswer): Promise<void> => {
    if (waiting >= MOST_WAITING) return;
    waiting++;
    try {
      const [embedder, vector] = await Promise.all([question.embedder(), question.vector()]);
      const partition = question.partition(embedder.id);
      opened()?.store.put({ ...entry, partition }, vector, fresh);
    } catch {
      // Without a vector there is nothing to find it by; why there is none was said by the look-up.
    } finally {
      waiting--;
    }
  };

  /** What nearly was a hit shows how right answers of that probability are. */
  const learnFromNearMiss = async (
    question: StepQuestion,
    outcome: SimilarOutcome,
    fresh: SemanticAnswer,
  ): Promise<void> => {
    const { near, probability, reason } = outcome;
    const { step } = question;
    if (near === null || probability === null || reason !== 'score' || step.controls.semantic !== 'verify')
      return;
    const parts = opened();
    const needed = options.neededFor(question);
    if (parts === null || needed === null) return;
    const { store, checks } = parts;
    if (!checks.isNearMiss(step.exchange.gateway, probability, needed)) return;
    const stored = await store.answer(near.id).catch(() => null);
    if (stored === null) return;
    const hit = hitOf(question, near, outcome, clock.now());
    checks.nearMiss(hit, checkedRequest(step), stored, fresh);
  };

  return {
    questionOf(step) {
      const found = options.questionOf(step);
      // What is none of its business opens nothing.
      const checked = (question: Found): Found =>
        question === null || opened() !== null ? question : 'unavailable';
      return found instanceof Promise ? found.then(checked) : checked(found);
    },
    held: ({ step }) =>
      step.controls.semantic === 'shadow'
        ? 'shadow'
        : opened()?.checks.isPaused(step.exchange.gateway)
          ? 'paused'
          : null,
    skipsReading: ({ step }) => step.controls.skipsCacheRead,
    async lookUp(question, isWaited) {
      const { step } = question;
      const left = new AbortController();
      // A client that has left waits for nothing; what is only watched goes on for the sake of the figures.
      const stop = isWaited ? step.exchange.onLeave(() => left.abort()) : () => {};
      const outcome = await engine.lookUp(
        question,
        () => options.ready(!isWaited),
        isWaited ? options.waitMs : WATCH_DEADLINE_MS,
        isWaited ? left.signal : null,
      );
      stop();
      return shown(outcome, asksForStream(step), clock.tick() - step.exchange.arrivedTick);
    },
    note(step, { reason, probability }) {
      const { account, gateway } = step.exchange;
      const mode = step.controls.semantic;
      opened()?.evidence.noteLookUp({
        account,
        gateway: gateway.id,
        at: clock.now(),
        mode,
        reason,
        probability,
      });
    },
    served(question, outcome) {
      const parts = opened();
      if (parts === null) return;
      const { store, checks } = parts;
      const { entry, answer } = outcome.found!;
      store.noteHit(entry.id);
      checks.served(
        hitOf(question, entry, outcome, clock.now(), true),
        checkedRequest(question.step),
        answer,
      );
    },
    unfitReason(step, body) {
      const { answer } = step.exchange;
      const { contentType, dialect, encoding, facts } = answer!;
      if (body.length > MOST_ANSWER_BYTES) return 'the answer is too large';
      const check = (plain: DecodedContent | null): string | null =>
        plain?.complete
          ? unfitReason({
              dialect,
              finishReason: facts!.finishReason,
              contentType,
              streamAsked: asksForStream(step),
              body: plain.bytes,
            })
          : 'the answer cannot be decoded';
      if (encoding === '') return check({ bytes: body, complete: true });
      const decoded = options.decode(body, encoding);
      return decoded instanceof Promise ? decoded.then(check) : check(decoded);
    },
    settle(question, step, outcome, fresh) {
      const { found } = outcome;
      if (found !== null) {
        const hit = hitOf(question, found.entry, outcome, clock.now());
        // What was found stays; as if it had been served.
        opened()?.checks.compared(hit, checkedRequest(step), found.answer, fresh);
        return;
      }
      if (fresh === null) return;
      void learnFromNearMiss(question, outcome, fresh);
      void keep(question, draftOf(question, step, clock, options.costOf), fresh);
    },
    now: () => clock.now(),
    tick: () => clock.tick(),
  };
}

type Found = Awaited<ReturnType<SimilarServices<StepQuestion>['questionOf']>>;
type Draft = Omit<SemanticEntry, 'partition'>;

function draftOf(
  question: StepQuestion,
  step: Step,
  clock: Clock,
  costOf: (exchange: Exchange) => number | null,
): Draft {
  const { exchange } = step;
  const { payer } = exchange;
  const storedAt = clock.now();
  return {
    id: newId(storedAt),
    account: question.account,
    gateway: question.gateway,
    text: question.text,
    storedAt,
    expiresAt: storedAt + question.ttlSeconds * 1000,
    recordId: payer.id,
    costNanos: costOf(payer),
    durationMs: Math.round(clock.tick() - exchange.arrivedTick),
    model: exchange.answer?.facts?.model ?? step.model,
    provider: step.provider.id,
  };
}

function shown(
  outcome: Awaited<ReturnType<SemanticEngine['lookUp']>>,
  streamAsked: boolean,
  afterMs: number,
): SimilarOutcome {
  const { candidate } = outcome;
  const near = candidate?.entry ?? null;
  const similarity = candidate?.cosine ?? null;
  const probability = candidate?.probability ?? null;
  const facts = { similarity, probability, near, afterMs };
  if (outcome.kind === 'miss') return { ...facts, reason: outcome.reason, found: null };
  const { answer } = outcome;
  // The partition holds the form already: a stored answer of another one would be damage.
  if (!isOfForm(findHeader(answer.headers, 'content-type') ?? '', streamAsked))
    return { ...facts, reason: 'answer-gone', found: null };
  return { ...facts, reason: null, found: { entry: outcome.candidate.entry, answer } };
}

function hitOf(
  { step, account, gateway, text }: StepQuestion,
  entry: SemanticEntry,
  { similarity, probability, afterMs }: SimilarOutcome,
  now: number,
  served = false,
): SimilarHit {
  return {
    id: step.exchange.payer.id,
    account,
    gateway,
    at: now,
    served,
    entryId: entry.id,
    partition: entry.partition,
    asked: text,
    stored: entry.text,
    similarity: similarity!,
    probability: probability!,
    storedRecordId: entry.recordId,
    model: entry.model,
    ageMs: Math.max(0, now - entry.storedAt),
    savedNanos: entry.costNanos,
    savedMs: Math.max(0, entry.durationMs - afterMs),
  };
}

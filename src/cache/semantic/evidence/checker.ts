import type { Clock } from '../../../core/clock.ts';
import type { Health } from '../../../core/health.ts';
import type { CallGateway } from '../../../core/inside-call.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Embedder } from '../../../core/semantic.ts';
import type { Gateway } from '../../../core/stores/config.ts';
import type { SemanticAnswer, SemanticStore } from '../../../core/stores/semantic.ts';
import type { SemanticEvidenceStore, SimilarHit } from '../../../core/stores/semantic-evidence.ts';
import { askAgain } from './ask-again.ts';
import { CheckBudget } from './check-budget.ts';
import { CheckQueue } from './check-queue.ts';
import type { CheckedRequest, SemanticChecks } from './checks.ts';
import { compareAnswers, type Finding } from './compare-answers.ts';
import { type JudgeForms, judgeAnswers } from './judge-answers.ts';
import { foldedQuestion, KnownWrong } from './known-wrong.ts';
import { LeaveRoom } from './leave-room.ts';
import { isNear, Sampling } from './sampling.ts';
import { thresholdsFrom } from './thresholds.ts';
import { ErrorWatch } from './watch-error.ts';

export interface CheckerServices {
  readonly evidence: SemanticEvidenceStore;
  readonly entries: Pick<SemanticStore, 'remove'>;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
  readonly callGateway: CallGateway;
  readonly forms: JudgeForms;
  /** The local embedder; null while there is none: then words and judge decide alone. */
  embedderOf(gateway: Gateway): Embedder | null;
  /** What people would read of an answer; '' for nothing. */
  readAnswer(answer: SemanticAnswer): string;
  random(): number;
}

/** Machine verdicts of 'wrong' after which a stored answer goes. */
const WRONGS_TO_EVICT = 2;
/** Larger answers are not taken apart on the thread that serves. */
const MOST_ANSWER_BYTES = 512 * 1024;

/** Finds out in the background whether what was served, or would have been, was right. */
export class HitChecker implements SemanticChecks {
  readonly watch: ErrorWatch;
  readonly #services: CheckerServices;
  readonly #queue = new CheckQueue();
  readonly #budget: CheckBudget;
  readonly #sampling: Sampling;
  readonly #known = new KnownWrong();
  readonly #room: LeaveRoom;

  constructor(services: CheckerServices) {
    this.#services = services;
    this.#budget = new CheckBudget(services.evidence, services.clock);
    this.#sampling = new Sampling(services.evidence, () => services.random());
    this.#room = new LeaveRoom(services.clock);
    this.watch = new ErrorWatch(services);
  }

  served(hit: SimilarHit, request: CheckedRequest, stored: SemanticAnswer): void {
    this.#quietly(() => {
      const isWanted = this.#sampling.wants(request.gateway);
      this.#services.evidence.putHit(hit);
      if (!isWanted) return;
      this.#enqueue(request, [stored], (signal) => this.#checkServed(hit, request, stored, signal));
    });
  }

  compared(
    hit: SimilarHit,
    request: CheckedRequest,
    stored: SemanticAnswer | null,
    fresh: SemanticAnswer | null,
  ): void {
    this.#quietly(() => {
      this.#services.evidence.putHit(hit);
      if (stored === null || fresh === null) return;
      this.#enqueue(request, [stored, fresh], async (signal) => {
        const finding = await this.#compare(hit, request, stored, fresh, signal);
        this.#conclude(hit, request.gateway, this.#lessNoise(hit, finding));
      });
    });
  }

  nearMiss(hit: SimilarHit, request: CheckedRequest, stored: SemanticAnswer, fresh: SemanticAnswer): void {
    this.#quietly(() =>
      this.#enqueue(request, [stored, fresh], async (signal) => {
        const { verdict } = await this.#compare(hit, request, stored, fresh, signal);
        const { account, gateway, at, probability } = hit;
        this.#services.evidence.noteNearMiss(account, gateway, at, probability, verdict);
      }),
    );
  }

  isNearMiss(gateway: Gateway, probability: number, needed: number): boolean {
    return gateway.semanticCache?.mode === 'verify' && isNear(probability, needed);
  }

  isKnownWrong(account: string, gateway: string, asked: string, stored: string): boolean {
    return this.#known.has(this.#services.evidence.wrongPairs(account, gateway), asked, stored);
  }

  isPaused(gateway: Gateway): boolean {
    return this.watch.isPaused(gateway);
  }

  /** Drops what has not been checked, and is done when nothing is under way. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  #enqueue(
    request: CheckedRequest,
    answers: readonly SemanticAnswer[],
    work: (signal: AbortSignal) => Promise<void>,
  ): void {
    const bytes = answers.reduce((sum, { body }) => sum + body.length, request.body.length);
    const isTaken = this.#queue.add({
      bytes,
      run: async (signal) => {
        try {
          await work(signal);
        } catch (error) {
          if (signal.aborted) return;
          // Messages of errors can quote what was sent.
          const name = error instanceof Error ? error.name : typeof error;
          this.#services.logger.debug(
            { gateway: request.gateway.id, error: name },
            'a cache check broke off',
          );
        }
      },
    });
    if (!isTaken) this.#services.health.count('semantic-checks-left-out');
  }

  async #checkServed(
    hit: SimilarHit,
    request: CheckedRequest,
    stored: SemanticAnswer,
    signal: AbortSignal,
  ): Promise<void> {
    const fresh = await this.#askAgain(hit, request, signal);
    if (fresh === null) return;
    const finding = await this.#compare(hit, request, stored, fresh, signal);
    this.#conclude(hit, request.gateway, this.#lessNoise(hit, finding));
    if (!this.#sampling.wantsNoise()) return;
    const again = await this.#askAgain(hit, request, signal);
    if (again === null) return;
    const noise = await this.#compare(hit, request, again, fresh, signal);
    this.#noteNoise(hit, noise);
  }

  /** Null when it may not be asked, or there was no good answer. */
  async #askAgain(
    hit: SimilarHit,
    request: CheckedRequest,
    signal: AbortSignal,
  ): Promise<SemanticAnswer | null> {
    if (!this.#room.mayAsk(request.gateway)) return null;
    // As much as the answer cost that was stored: the question is nearly the same.
    const allowance = this.#budget.take(request.gateway, hit.savedNanos);
    if (allowance === null) return null;
    try {
      const asked = await askAgain(request, hit.id, this.#services.callGateway, signal);
      const { answer, costNanos, headers } = asked;
      this.#room.note(request.gateway, headers);
      // An error without a price was none of the provider's work.
      allowance.settle(answer === null ? (costNanos ?? 0) : costNanos);
      return answer;
    } catch (error) {
      allowance.settle(null);
      throw error;
    }
  }

  #compare(
    hit: SimilarHit,
    request: CheckedRequest,
    given: SemanticAnswer,
    fresh: SemanticAnswer,
    signal: AbortSignal,
  ): Promise<Finding> {
    const { evidence, readAnswer, embedderOf, callGateway, forms } = this.#services;
    const { gateway } = request;
    const read = (answer: SemanticAnswer): string =>
      answer.body.length > MOST_ANSWER_BYTES ? '' : readAnswer(answer);
    const thresholds = thresholdsFrom(evidence.noiseCosines(gateway.account, gateway.id, hit.model));
    const services = { callGateway, forms, budget: this.#budget };
    const judge =
      gateway.semanticCache?.judge == null
        ? null
        : (pair: Parameters<typeof judgeAnswers>[0]) => judgeAnswers(pair, request, hit.id, services, signal);
    return compareAnswers(
      { asked: hit.asked, fresh: read(fresh), given: read(given) },
      { embedder: embedderOf(gateway), thresholds, judge },
      signal,
    );
  }

  /** One and the same question, asked twice: where the answers differ, the model differs from itself. */
  #lessNoise(hit: SimilarHit, finding: Finding): Finding {
    if (foldedQuestion(hit.asked) !== foldedQuestion(hit.stored)) return finding;
    this.#noteNoise(hit, finding);
    if (finding.verdict !== 'wrong') return finding;
    return {
      ...finding,
      verdict: 'right',
      note: 'the same question; the model answers it in different ways',
    };
  }

  #noteNoise({ account, gateway, model }: SimilarHit, { verdict, cosine }: Finding): void {
    const { evidence, clock } = this.#services;
    if (cosine !== null) evidence.noteNoiseCosine(account, gateway, model, cosine);
    if (verdict !== 'unsure') evidence.noteNoise(account, gateway, clock.now(), verdict === 'wrong');
  }

  #conclude(hit: SimilarHit, gateway: Gateway, { verdict, by, note }: Finding): void {
    const { evidence, entries, logger } = this.#services;
    const { account, id, entryId } = hit;
    if (!evidence.judge(account, hit.gateway, id, verdict, by, note)) return;
    if (verdict === 'wrong' && evidence.verdictsOf(entryId).wrong >= WRONGS_TO_EVICT) {
      const selection = { account, gateway: hit.gateway, id: entryId, partition: null, storedBefore: null };
      entries.remove(selection).catch((error: unknown) => {
        const name = error instanceof Error ? error.name : typeof error;
        logger.warn(
          { gateway: hit.gateway, error: name },
          'a stored answer that was wrong twice could not be removed',
        );
      });
    }
    if (hit.served) this.watch.look(gateway);
  }

  /** Nothing that goes wrong here may reach a request. */
  #quietly(work: () => void): void {
    try {
      work();
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      this.#services.logger.warn({ error: name }, 'a hit of the semantic cache could not be noted');
    }
  }
}

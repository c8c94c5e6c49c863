import type { Clock } from '../../../core/clock.ts';
import type { Health } from '../../../core/health.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Gateway } from '../../../core/stores/config.ts';
import type { SemanticEvidenceStore } from '../../../core/stores/semantic-evidence.ts';
import { shareOf } from '../../../core/wilson.ts';

/** Verdicts before anything is concluded from them, and how many of the newest count. */
const LEAST_JUDGED = 20;
const MOST_JUDGED = 300;
const NOISE_MS = 30 * 86_400_000;

export interface WatchServices {
  readonly evidence: SemanticEvidenceStore;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
}

/**
 * Pauses a gateway whose served answers are wrong more often than its budget allows: when even the lower end of the
 * 95 % interval, less what is surely the model's own disagreement with itself, lies above it.
 */
export class ErrorWatch {
  readonly #services: WatchServices;

  constructor(services: WatchServices) {
    this.#services = services;
  }

  /** After each verdict about an answer that was served. */
  look(gateway: Gateway): void {
    const { evidence, clock, health, logger } = this.#services;
    const { account, id, semanticCache } = gateway;
    if (semanticCache === null || evidence.pauseOf(account, id) !== null) return;
    const from = Math.max(evidence.countsFrom(account, id), gateway.modifiedAt);
    const { right, wrong } = evidence.judgedSince(account, id, from, MOST_JUDGED);
    const error = shareOf(wrong, right + wrong);
    if (error.judged < LEAST_JUDGED || error.low <= semanticCache.errorBudget) return;
    const now = clock.now();
    const noise = evidence.summarise(account, id, now - NOISE_MS, now + 1).noise.low;
    if (error.low - noise <= semanticCache.errorBudget) return;
    const reason = `${wrong} of ${error.judged} answers that were checked were wrong: at least ${percent(error.low)}, and ${percent(semanticCache.errorBudget)} is allowed`;
    evidence.setPause(account, id, { since: now, reason });
    health.count('semantic-cache-paused');
    logger.warn(
      { account, gateway: id, wrong, judged: error.judged },
      'the semantic cache is paused: too many of its answers were wrong',
    );
  }

  /** True while nothing is to be served. A change of the gateway's settings ends a pause. */
  isPaused(gateway: Gateway): boolean {
    const { evidence, logger } = this.#services;
    const { account, id } = gateway;
    const pause = evidence.pauseOf(account, id);
    if (pause === null) return false;
    if (pause.since >= gateway.modifiedAt) return true;
    evidence.setPause(account, id, null);
    logger.info(
      { account, gateway: id },
      'the semantic cache goes on: the settings of its gateway were changed',
    );
    // A file that cannot be read goes on holding everything up.
    return evidence.pauseOf(account, id) !== null;
  }

  /** False when there was no pause. */
  resume({ account, id }: Gateway): boolean {
    const { evidence, clock, logger } = this.#services;
    if (evidence.pauseOf(account, id) === null) return false;
    evidence.setPause(account, id, null);
    evidence.setCountsFrom(account, id, clock.now());
    logger.info({ account, gateway: id }, 'the semantic cache goes on: somebody ended its pause');
    return true;
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

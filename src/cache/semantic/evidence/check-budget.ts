import type { Clock } from '../../../core/clock.ts';
import type { Gateway } from '../../../core/stores/config.ts';
import type { SemanticEvidenceStore } from '../../../core/stores/semantic-evidence.ts';

const DAY_MS = 86_400_000;

/** What a call is taken to cost when nobody knows: one cent for two thousand words or so of a large model. */
export const UNKNOWN_CALL_NANOS = 10_000_000;

/** A call that was allowed. */
export interface Allowance {
  /** To be called once: with what it cost, null when that is not known. */
  settle(nanos: number | null): void;
  /** In place of it: it was never sent. */
  release(): void;
}

/** What checking may cost in a day (UTC), calls that are under way included. */
export class CheckBudget {
  readonly #evidence: Pick<SemanticEvidenceStore, 'checkNanosOf' | 'noteCheckCost'>;
  readonly #clock: Clock;
  readonly #underWay = new Map<string, number>();

  constructor(evidence: Pick<SemanticEvidenceStore, 'checkNanosOf' | 'noteCheckCost'>, clock: Clock) {
    this.#evidence = evidence;
    this.#clock = clock;
  }

  /** Null when a call of about that cost would go beyond it. */
  take({ account, id, semanticCache }: Gateway, expectedNanos: number | null): Allowance | null {
    const expected = Math.max(0, expectedNanos ?? UNKNOWN_CALL_NANOS);
    const now = this.#clock.now();
    const key = `${account}/${id}`;
    const reserved = this.#underWay.get(key) ?? 0;
    const spent = this.#evidence.checkNanosOf(account, id, Math.floor(now / DAY_MS));
    const limit = semanticCache?.dailyCheckNanos ?? 0;
    if (limit <= 0 || spent + reserved + expected > limit) return null;
    this.#underWay.set(key, reserved + expected);
    const release = (): void => {
      const left = (this.#underWay.get(key) ?? 0) - expected;
      if (left > 0) this.#underWay.set(key, left);
      else this.#underWay.delete(key);
    };
    return {
      release,
      settle: (nanos) => {
        release();
        this.#evidence.noteCheckCost(account, id, this.#clock.now(), nanos ?? expected);
      },
    };
  }
}

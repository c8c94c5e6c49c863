import type { Gateway } from '../../../core/stores/config.ts';
import type { SemanticEvidenceStore } from '../../../core/stores/semantic-evidence.ts';

/** Served hits after a change of settings that are all checked. */
const WARM_UP = 60;
/** Of the sample rate, where the gateway only keeps an eye on it. */
const ON_SHARE = 0.2;
/** Of the checks, those that ask twice, to see how a model differs from itself. */
const NOISE_SHARE = 0.1;
/** Below the probability that is needed; what comes close to it shows whether it could be lower. */
const NEAR_BAND = 0.05;

/** Which of the served answers are checked. */
export class Sampling {
  readonly #evidence: Pick<SemanticEvidenceStore, 'servedSince'>;
  readonly #random: () => number;
  /** Served since the settings were last changed, by gateway, up to the warm-up. */
  readonly #served = new Map<string, { readonly from: number; count: number }>();

  constructor(evidence: Pick<SemanticEvidenceStore, 'servedSince'>, random: () => number) {
    this.#evidence = evidence;
    this.#random = random;
  }

  /** To be asked once for each hit that is served, before it is kept. */
  wants(gateway: Gateway): boolean {
    const settings = gateway.semanticCache;
    if (settings === null || settings.mode === 'off' || settings.mode === 'shadow') return false;
    if (this.#isWarmingUp(gateway)) return true;
    const rate = settings.mode === 'verify' ? settings.sampleRate : settings.sampleRate * ON_SHARE;
    return this.#random() < rate;
  }

  wantsNoise(): boolean {
    return this.#random() < NOISE_SHARE;
  }

  #isWarmingUp({ account, id, modifiedAt }: Gateway): boolean {
    const key = `${account}/${id}`;
    let served = this.#served.get(key);
    if (served === undefined || served.from !== modifiedAt) {
      served = { from: modifiedAt, count: this.#evidence.servedSince(account, id, modifiedAt, WARM_UP) };
      this.#served.set(key, served);
    }
    if (served.count >= WARM_UP) return false;
    served.count++;
    return true;
  }
}

export const isNear = (probability: number, needed: number): boolean =>
  probability < needed && probability >= needed - NEAR_BAND;

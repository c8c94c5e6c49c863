import type { SemanticReason, Verdict } from './semantic.ts';
import type { Gateway, Token } from './stores/config.ts';
import type { SemanticStore } from './stores/semantic.ts';
import type { JudgedHit, Pause, SemanticEvidenceStore } from './stores/semantic-evidence.ts';

/** How the tier of one gateway is doing. A pause is not told here: the evidence knows of it. */
export interface SemanticTierState {
  /** `unavailable` when the models cannot be loaded or asked. */
  readonly state: 'off' | 'working' | 'loading' | 'unavailable';
  /** Why it is unavailable, for people; null otherwise. */
  readonly problem: string | null;
  /** Id of the embedder with its weights and dimensions; as it is set while that is not known; null when off. */
  readonly embedder: string | null;
  /** Least probability at which an answer is served now, 0 to 1; null when off. */
  readonly needed: number | null;
}

/** What the ladder says of two questions. */
export interface SemanticComparison {
  readonly wouldHit: boolean;
  /** Null when it would hit. */
  readonly reason: SemanticReason | null;
  /** The words that decided, for people; hostile text as every prompt is. */
  readonly detail: string | null;
  /** Cosine of the two; null when it was not asked for. */
  readonly similarity: number | null;
  /** Probability that the verifier alone gives; null when it was not asked. */
  readonly verifier: number | null;
  readonly probability: number | null;
  readonly needed: number;
}

export interface ComparedPair {
  readonly asked: string;
  readonly stored: string;
  /** In whose name a provider's embedder is asked. */
  readonly token: Token;
  /** Leaves out what people have told apart: shows what the ladder alone would do. */
  readonly withoutWrongPairs: boolean;
}

/** The semantic cache as the management API sees it. */
export interface SemanticTier {
  state(gateway: Gateway): SemanticTierState;
  /**
   * What would happen if `asked` came and `stored` were there. Rejects with an Error whose message is for people when
   * the models cannot be asked. To be called only where the gateway has settings.
   */
  compare(gateway: Gateway, pair: ComparedPair): Promise<SemanticComparison>;
  readonly entries: Pick<SemanticStore, 'find' | 'list' | 'remove' | 'stats'>;
}

/** What the management API works on. */
export interface SemanticDesk {
  readonly tier: SemanticTier;
  readonly evidence: SemanticEvidenceStore;
  /**
   * A person's verdict. 'wrong' evicts the answer and keeps the two questions apart from then on; 'right' gives up what
   * an earlier 'wrong' kept apart. Null when there is no such hit.
   */
  judge(
    account: string,
    gateway: string,
    id: string,
    verdict: Exclude<Verdict, 'unsure'>,
    note: string | null,
  ): Promise<JudgedHit | null>;
  /** Null while it is not paused. */
  pauseOf(gateway: Gateway): Pause | null;
  /** Ends a pause; evidence from before it no longer counts for the next. False when there was none. */
  resume(gateway: Gateway): boolean;
  /** Everything that was learnt and stored of a gateway that is deleted. */
  forget(account: string, gateway: string): void;
}

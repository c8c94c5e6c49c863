import type { HeaderList } from '../../../core/headers.ts';
import type { Gateway, Token } from '../../../core/stores/config.ts';
import type { SemanticAnswer } from '../../../core/stores/semantic.ts';
import type { SimilarHit } from '../../../core/stores/semantic-evidence.ts';

/** The request that met a stored answer, as far as asking it again needs it. Held in memory for that alone. */
export interface CheckedRequest {
  readonly gateway: Gateway;
  /** Null for an anonymous caller of an open gateway. */
  readonly token: Token | null;
  readonly method: string;
  /** What follows the gateway in the URL: provider, path, query; of a universal request, those of the step. */
  readonly rest: string;
  /** After the provider, without query: by it the bodies are read. */
  readonly path: string;
  /** As the client sent them, credentials included. */
  readonly headers: HeaderList;
  /** Whole, as it came. */
  readonly body: Buffer;
}

/**
 * What the engine tells of its hits. Every call returns at once and never throws: what is to be found out is found out
 * in the background, is dropped when there is too much of it, and ends with the process.
 */
export interface SemanticChecks {
  /** `stored` was served as the answer to `request`. Keeps the hit, and asks a sample of them again. */
  served(hit: SimilarHit, request: CheckedRequest, stored: SemanticAnswer): void;
  /**
   * `stored` would have been served (shadow, or paused), and `fresh` came from the provider in its place: whole and fit
   * to be stored. Null for either when there is none: then the hit is kept without a verdict.
   */
  compared(
    hit: SimilarHit,
    request: CheckedRequest,
    stored: SemanticAnswer | null,
    fresh: SemanticAnswer | null,
  ): void;
  /**
   * `stored` was nearly good enough (see `isNearMiss`), and `fresh` came in its place. It is no hit: it only says how
   * right answers of that probability are. `hit.id` is not looked at.
   */
  nearMiss(hit: SimilarHit, request: CheckedRequest, stored: SemanticAnswer, fresh: SemanticAnswer): void;
  /** True for a miss whose stored answer is worth keeping at hand until the fresh one has come. */
  isNearMiss(gateway: Gateway, probability: number, needed: number): boolean;
  /** Two questions that a person has told apart, in either order, whatever their case and spaces. */
  isKnownWrong(account: string, gateway: string, asked: string, stored: string): boolean;
  /** True while a gateway is to do as in shadow, with the reason `paused`. A change of its settings ends a pause. */
  isPaused(gateway: Gateway): boolean;
}

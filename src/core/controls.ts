import type { SemanticMode } from './semantic.ts';
import type { Backoff } from './stores/config.ts';

/** What the caller asked of the gateway for one step, after precedence: step header, request header, gateway setting. */
export interface Controls {
  /** Null when this request is not for the cache. */
  readonly cache: CacheControls | null;
  /** The gateway's mode, or a stricter one that the caller asked for. */
  readonly semantic: SemanticMode;
  /** The caller wants a fresh answer, whichever cache might have one. */
  readonly skipsCacheRead: boolean;
  /** How long the caller lets an answer be given again; null when it does not say. */
  readonly askedTtlSeconds: number | null;
  readonly collectLog: boolean;
  readonly collectPayload: boolean;
  /** At most five scalar entries; null when none were given, or when one of them was no scalar. */
  readonly metadata: Readonly<Record<string, string | number | boolean>> | null;
  /** Value of cf-aig-custom-cost, checked; null when absent. */
  readonly customCost: unknown;
  readonly eventId: string | null;
  /** Time to the first byte of an answer, ms; null is none. */
  readonly requestTimeoutMs: number | null;
  readonly retry: RetryControls;
  /** cf-aig-byok-alias; null when absent. */
  readonly keyAlias: string | null;
  /** True refuses a request that brings no provider credential and finds none stored. */
  readonly requireCredential: boolean;
}

export interface CacheControls {
  readonly ttlSeconds: number;
  /** Do not read; the fresh answer still replaces the entry. */
  readonly skipRead: boolean;
  readonly customKey: string | null;
  /** Which of header and setting decided, for the decision line. */
  readonly rule: string;
  /** Take part in an equal request that is under way, and let others take part in this one. */
  readonly shareInFlight: boolean;
}

export interface RetryControls {
  /** 1 to 5; 1 is no retry. */
  readonly maxAttempts: number;
  readonly delayMs: number;
  readonly backoff: Backoff;
}

import type { RateTechnique } from './config.ts';

export interface RateRule {
  /** What is counted: `account/gateway`. */
  readonly subject: string;
  /** Requests per window, at least 1. */
  readonly limit: number;
  readonly intervalMs: number;
  readonly technique: RateTechnique;
}

export interface RateVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Ms until the window gives at least one place back (0 when there is one now: then until the next reset). */
  readonly resetMs: number;
}

/** Counts requests. `take` is atomic: a denied request changes nothing. */
export interface CounterStore {
  take(rule: RateRule, nowMs: number): RateVerdict;
  /** What `take` would say, without counting. */
  peek(rule: RateRule, nowMs: number): RateVerdict;
  close(): void;
}

import type { JudgedBy, SemanticMode, SemanticReason, Verdict } from '../semantic.ts';

/** What is learnt about the semantic cache: look-ups, answers that were served or would have been, and what was found about them. */

/** One look-up that came to its end. */
export interface LookUp {
  readonly account: string;
  readonly gateway: string;
  /** Epoch ms. */
  readonly at: number;
  readonly mode: SemanticMode;
  /** Null for a hit, or in shadow for what would have been one. */
  readonly reason: SemanticReason | null;
  /** Probability that the best candidate's answer serves, 0 to 1; null when none came so far. */
  readonly probability: number | null;
}

/** An answer that was served, or would have been. Texts are hostile, as every prompt is. */
export interface SimilarHit {
  /** UUIDv7; of a served one the log id of the request. */
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  readonly at: number;
  readonly served: boolean;
  readonly entryId: string;
  readonly partition: string;
  /** What was asked, and the stored question whose answer it got. */
  readonly asked: string;
  readonly stored: string;
  readonly similarity: number;
  readonly probability: number;
  /** Log id of the request that paid for the answer. */
  readonly storedRecordId: string;
  readonly model: string | null;
  readonly ageMs: number;
  /** What it saved, or would have; null is unknown. Time is that of the paid answer, less the way to the hit. */
  readonly savedNanos: number | null;
  readonly savedMs: number | null;
}

export interface JudgedHit extends SimilarHit {
  readonly verdict: Verdict | null;
  readonly judgedBy: JudgedBy | null;
  /** Why, for people; null when nobody said. */
  readonly note: string | null;
}

export interface SimilarHitQuery {
  readonly account: string;
  readonly gateway: string;
  readonly served: boolean | null;
  /** 'none' is not judged. */
  readonly verdict: Verdict | 'none' | null;
  readonly entryId: string | null;
  readonly limit: number;
  readonly offset: number;
}

/** Two questions that were once held for the same and are not: they must never meet again. */
export interface WrongPair {
  readonly id: string;
  readonly account: string;
  readonly gateway: string;
  readonly asked: string;
  readonly stored: string;
  readonly at: number;
  /** Id of the hit that showed it. */
  readonly hitId: string;
}

/** A share with its 95 % Wilson interval, all 0 to 1; `share` is null without a sample. */
export interface Share {
  readonly wrong: number;
  readonly judged: number;
  readonly share: number | null;
  readonly low: number;
  readonly high: number;
}

/** Added up over whole UTC days. */
export interface EvidenceSummary {
  /** Look-ups by how they ended; `hit` for hits and, in shadow, would-be hits. */
  readonly reasons: Readonly<Partial<Record<SemanticReason | 'hit', number>>>;
  readonly served: number;
  readonly wouldServe: number;
  /** Of what was served; in shadow of what would have been. */
  readonly error: Share;
  /** How often the same question, asked twice, got two answers that the same comparison holds for different. */
  readonly noise: Share;
  readonly savedNanos: number;
  readonly savedMs: number;
  readonly checkNanos: number;
  /** By probability, ascending: look-ups whose best candidate had at least `from`, and what was found about those. */
  readonly bins: readonly {
    readonly from: number;
    readonly lookUps: number;
    readonly right: number;
    readonly wrong: number;
  }[];
}

export interface Pause {
  readonly since: number;
  /** For people. */
  readonly reason: string;
}

/** Durable, small, bounded; nothing of it is written while a request waits. */
export interface SemanticEvidenceStore {
  noteLookUp(lookUp: LookUp): void;
  putHit(hit: SimilarHit): void;
  findHit(account: string, gateway: string, id: string): JudgedHit | null;
  listHits(query: SimilarHitQuery): { readonly rows: readonly JudgedHit[]; readonly totalCount: number };
  /** False when there is no such hit. A person's verdict is not changed by a machine. */
  judge(
    account: string,
    gateway: string,
    id: string,
    verdict: Verdict,
    by: JudgedBy,
    note: string | null,
  ): boolean;
  /** Of one stored answer, whatever it was given to. */
  verdictsOf(entryId: string): { readonly right: number; readonly wrong: number };
  /** What was found about an answer that was nearly served: only the bins count it. */
  noteNearMiss(account: string, gateway: string, at: number, probability: number, verdict: Verdict): void;
  /** Answers served since `from` (epoch ms), at most so many. */
  servedSince(account: string, gateway: string, from: number, most: number): number;
  /** Verdicts about the newest `most` of the answers served since `from` that have been judged right or wrong. */
  judgedSince(
    account: string,
    gateway: string,
    from: number,
    most: number,
  ): { readonly right: number; readonly wrong: number };
  noteNoise(account: string, gateway: string, at: number, differs: boolean): void;
  /** How alike two answers to the same question were, when it was asked twice of that model. */
  noteNoiseCosine(account: string, gateway: string, model: string | null, cosine: number): void;
  /** The newest of them, a few hundred at most. */
  noiseCosines(account: string, gateway: string, model: string | null): readonly number[];
  noteCheckCost(account: string, gateway: string, at: number, nanos: number): void;
  checkNanosOf(account: string, gateway: string, day: number): number;
  putWrongPair(pair: WrongPair): void;
  deleteWrongPair(account: string, gateway: string, id: string): boolean;
  wrongPairs(account: string, gateway: string): readonly WrongPair[];
  summarise(account: string, gateway: string, from: number, to: number): EvidenceSummary;
  pauseOf(account: string, gateway: string): Pause | null;
  setPause(account: string, gateway: string, pause: Pause | null): void;
  /** Epoch ms from which on evidence counts towards a pause: set when one was ended; 0 at first. */
  countsFrom(account: string, gateway: string): number;
  setCountsFrom(account: string, gateway: string, at: number): void;
  /** Everything of a gateway that is deleted. */
  forget(account: string, gateway: string): void;
  close(): void;
}

/** Is told of what comes in, as it comes. */
export interface EvidenceObserver {
  lookedUp(lookUp: LookUp): void;
  /** A hit that had no verdict before. */
  judged(hit: SimilarHit, verdict: Verdict): void;
}

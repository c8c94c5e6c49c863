import { ModelError } from '../../core/model-error.ts';
import type { Embedder, GateRefusal, SemanticReason, Verifier } from '../../core/semantic.ts';
import type { Neighbour, SemanticAnswer, SemanticEntry, SemanticStore } from '../../core/stores/semantic.ts';
import type { SemanticEvidenceStore } from '../../core/stores/semantic-evidence.ts';
import type { SemanticChecks } from './evidence/checks.ts';
import type { Score } from './score/score.ts';
import { withEvidence } from './score/with-evidence.ts';

/** Nearest ones that are looked at, and how many of those the verifier reads. */
const NEIGHBOURS = 5;
const VERIFIED = 3;
/** Below it hardly a pair of the local embedder's means the same; other embedders have other scales. */
const LEAST_LOCAL_COSINE = 0.75;
const LEAST_COSINE = 0.6;

/** A question on its way down the ladder. */
export interface Question {
  readonly account: string;
  readonly gateway: string;
  readonly text: string;
  /** Largest share of wrong answers, 0 to 1. */
  readonly errorBudget: number;
  /** Of the gateway's settings. */
  embedder(): Promise<Embedder>;
  /** What must be equal, by the id of the embedder. */
  partition(embedder: string): string;
  /** Of `text`, made once. */
  vector(): Promise<Float32Array>;
}

/** How far a stored question came. */
export interface Candidate {
  readonly entry: SemanticEntry;
  /** Of the gateway's embedder. */
  readonly cosine: number;
  /** That the stored answer serves, 0 to 1; null when it did not come so far. */
  readonly probability: number | null;
}

export type LookUpOutcome =
  | {
      readonly kind: 'hit';
      readonly candidate: Candidate & { readonly probability: number };
      readonly answer: SemanticAnswer;
    }
  | { readonly kind: 'miss'; readonly reason: SemanticReason; readonly candidate: Candidate | null };

export interface LadderParts {
  readonly store: Pick<SemanticStore, 'nearest' | 'answer'>;
  readonly evidence: Pick<SemanticEvidenceStore, 'verdictsOf'>;
  readonly checks: Pick<SemanticChecks, 'isKnownWrong'>;
  /** Of the models that the score was made with, whatever embedder finds the neighbours. */
  readonly embedder: Embedder;
  readonly verifier: Verifier;
  readonly score: Score;
  gate(asked: string, stored: string): GateRefusal | null;
}

/** Why a candidate is none; in the order of how near a hit that is. */
interface Judged {
  readonly candidate: Candidate;
  readonly reason: SemanticReason | null;
}

/**
 * The ladder, cheapest first: nearest neighbours, what is known of wrong pairs, the gate, the verifier on the best, the
 * probability against the budget. Rejects only when the signal aborts or the parts fail in a way that names itself
 * (`LadderError`).
 */
export async function climb(
  question: Question,
  parts: LadderParts,
  signal: AbortSignal,
): Promise<LookUpOutcome> {
  const { id } = await step('embedder-failed', question.embedder());
  const vector = await step('embedder-failed', question.vector());
  signal.throwIfAborted();
  const isLocal = id === parts.embedder.id;
  const near = await step(
    'unavailable',
    parts.store.nearest({
      partition: question.partition(id),
      vector,
      limit: NEIGHBOURS,
      minCosine: isLocal ? LEAST_LOCAL_COSINE : LEAST_COSINE,
      signal,
    }),
  );
  const [nearest] = near;
  if (nearest === undefined) return { kind: 'miss', reason: 'no-neighbour', candidate: null };

  let refused: Judged | null = null;
  const passed: Neighbour[] = [];
  for (const neighbour of near) {
    const reason = cheapRefusal(question, neighbour.entry.text, parts);
    if (reason === null) passed.push(neighbour);
    else refused ??= { candidate: { ...neighbour, probability: null }, reason };
    if (passed.length === VERIFIED) break;
  }
  if (passed.length === 0) return { kind: 'miss', reason: refused!.reason!, candidate: refused!.candidate };

  const judged = await judge(question, passed, isLocal, parts, signal);
  const [best] = judged.sort((a, b) => (b.candidate.probability ?? -1) - (a.candidate.probability ?? -1));
  if (best!.reason !== null) return { kind: 'miss', reason: best!.reason, candidate: best!.candidate };
  const answer = await step('unavailable', parts.store.answer(best!.candidate.entry.id));
  if (answer === null) return { kind: 'miss', reason: 'answer-gone', candidate: best!.candidate };
  return {
    kind: 'hit',
    candidate: { ...best!.candidate, probability: best!.candidate.probability! },
    answer,
  };
}

function cheapRefusal(question: Question, stored: string, parts: LadderParts): SemanticReason | null {
  if (parts.checks.isKnownWrong(question.account, question.gateway, question.text, stored))
    return 'known-wrong';
  const refusal = parts.gate(question.text, stored);
  return refusal === null ? null : `gate-${refusal.reason}`;
}

async function judge(
  question: Question,
  near: readonly Neighbour[],
  isLocal: boolean,
  parts: LadderParts,
  signal: AbortSignal,
): Promise<Judged[]> {
  const stored = near.map(({ entry }) => entry.text);
  const [readings, cosines] = await Promise.all([
    readPairs(question.text, stored, parts.verifier, signal),
    isLocal ? near.map(({ cosine }) => cosine) : cosinesTo(question.text, stored, parts.embedder, signal),
  ]);
  const needed = parts.score.leastProbability(question.errorBudget);
  return near.map((neighbour, at) => {
    const reading = readings[at]!;
    if (reading === null)
      return { candidate: { ...neighbour, probability: null }, reason: 'too-long' as const };
    const { right, wrong } = parts.evidence.verdictsOf(neighbour.entry.id);
    const pair = { asked: question.text, stored: neighbour.entry.text, cosine: cosines[at]!, ...reading };
    const probability = withEvidence(parts.score.scorePair(pair).probability, right, wrong);
    return {
      candidate: { ...neighbour, probability },
      reason: probability >= needed ? null : ('score' as const),
    };
  });
}

/** What the verifier says of each pair, both ways round; null for one that is too long for it. */
export async function readPairs(
  asked: string,
  stored: readonly string[],
  verifier: Verifier,
  signal: AbortSignal | null,
): Promise<({ readonly logit: number; readonly logitBack: number } | null)[]> {
  const pairs = stored.flatMap((text) => [[asked, text] as const, [text, asked] as const]);
  const logits = await step('verifier-failed', verifier.verify(pairs, signal));
  return stored.map((_, at) => {
    const [logit, logitBack] = [logits[2 * at] ?? null, logits[2 * at + 1] ?? null];
    return logit === null || logitBack === null ? null : { logit, logitBack };
  });
}

/** Of the question with each of the others, as this embedder sees them. */
export async function cosinesTo(
  asked: string,
  stored: readonly string[],
  embedder: Embedder,
  signal: AbortSignal | null,
): Promise<number[]> {
  const [own, ...others] = await step('unavailable', embedder.embed([asked, ...stored], signal));
  return others.map((other) => other.reduce((sum, value, at) => sum + value * own![at]!, 0));
}

/** A part of the ladder that gave way: a miss for that reason. */
export class LadderError extends Error {
  readonly reason: SemanticReason;

  constructor(reason: SemanticReason, cause: unknown) {
    super(`semantic cache: ${reason}`, { cause });
    this.reason = reason;
  }
}

async function step<T>(reason: SemanticReason, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isModels = error instanceof ModelError && error.kind !== 'failed';
    throw new LadderError(isModels ? error.kind : reason, error);
  }
}

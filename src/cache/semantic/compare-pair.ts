import type { Embedder } from '../../core/semantic.ts';
import type { SemanticComparison } from '../../core/semantic-tier.ts';
import { cosinesTo, type LadderParts, readPairs } from './look-up.ts';

export interface PairToCompare {
  readonly account: string;
  readonly gateway: string;
  readonly asked: string;
  readonly stored: string;
  /** Largest share of wrong answers, 0 to 1. */
  readonly errorBudget: number;
  /** Of the gateway's settings: by it the one would be found for the other. */
  readonly embedder: Embedder;
  readonly withoutWrongPairs: boolean;
}

/** What the ladder says of two questions, every rung asked that can be: people want to know all of it. */
export async function comparePair(pair: PairToCompare, parts: LadderParts): Promise<SemanticComparison> {
  const { asked, stored } = pair;
  const [[cosine], [reading], [similarity]] = await Promise.all([
    cosinesTo(asked, [stored], parts.embedder, null),
    readPairs(asked, [stored], parts.verifier, null),
    cosinesTo(asked, [stored], pair.embedder, null),
  ]);
  const needed = parts.score.leastProbability(pair.errorBudget);
  const facts = reading == null ? null : { asked, stored, cosine: cosine!, ...reading };
  const probability = facts && parts.score.scorePair(facts).probability;
  const found = {
    similarity: similarity!,
    verifier: facts && 1 / (1 + Math.exp(-(facts.logit + facts.logitBack) / 2)),
    probability,
    // Where no point keeps the budget, nothing is served; JSON has no number for that.
    needed: Math.min(needed, 1),
  };
  const refused = (
    reason: SemanticComparison['reason'],
    detail: string | null = null,
  ): SemanticComparison => ({ wouldHit: false, reason, detail, ...found });
  if (!pair.withoutWrongPairs && parts.checks.isKnownWrong(pair.account, pair.gateway, asked, stored))
    return refused('known-wrong');
  const refusal = parts.gate(asked, stored);
  if (refusal !== null) return refused(`gate-${refusal.reason}`, refusal.detail);
  if (probability === null) return refused('too-long');
  if (probability < needed) return refused('score');
  return { wouldHit: true, reason: null, detail: null, ...found };
}

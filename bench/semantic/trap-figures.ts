import { compare } from '../../src/cache/semantic/gate/gate.ts';
import type { Score } from '../../src/cache/semantic/score/score.ts';
import type { LocalModels } from '../../src/core/semantic.ts';
import { makeTraps, type Trap } from './traps/generate.ts';

/** What became of a trap at an error budget. */
export interface TrapOutcome extends Trap {
  readonly isHit: boolean;
  /** Of the gate, or `score`, or `too-long`; null for a hit. */
  readonly reason: string | null;
}

/** Sends every trap through gate, verifier and score, as the cache does: what the gate refuses is read by no model. */
export const tryTraps = async (
  score: Score,
  models: Pick<LocalModels, 'embedder' | 'verifier'>,
  errorBudget: number,
): Promise<TrapOutcome[]> => {
  const least = score.leastProbability(errorBudget);
  const judge = async (trap: Trap): Promise<TrapOutcome> => {
    const { asked, stored } = trap;
    const refusal = compare(asked, stored);
    if (refusal !== null) return { ...trap, isHit: false, reason: refusal.reason };
    const [vectors, logits] = await Promise.all([
      models.embedder.embed([asked, stored], null),
      models.verifier.verify(
        [
          [asked, stored],
          [stored, asked],
        ],
        null,
      ),
    ]);
    const [logit, logitBack] = logits;
    if (logit == null || logitBack == null) return { ...trap, isHit: false, reason: 'too-long' };
    const cosine = vectors[0]!.reduce((sum, value, at) => sum + value * vectors[1]![at]!, 0);
    const { probability } = score.scorePair({ asked, stored, cosine, logit, logitBack });
    return { ...trap, isHit: probability >= least, reason: probability >= least ? null : 'score' };
  };
  const outcomes: TrapOutcome[] = [];
  for (const trap of makeTraps()) outcomes.push(await judge(trap));
  return outcomes;
};

/** Prints how many of each kind are hit at the default budget. */
export const printTraps = async (
  score: Score,
  models: Pick<LocalModels, 'embedder' | 'verifier'>,
  isVerbose: boolean,
): Promise<void> => {
  const outcomes = await tryTraps(score, models, 0.01);
  console.log(`\nTraps through gate and score at a budget of 1 %`);
  for (const kind of new Set(outcomes.map((outcome) => outcome.kind))) {
    const ofKind = outcomes.filter((outcome) => outcome.kind === kind);
    const should = ofKind[0]!.isSame ? 'should hit' : 'must miss ';
    const hits = ofKind.filter((outcome) => outcome.isHit).length;
    console.log(`  ${should} ${kind.padEnd(16)} ${String(hits).padStart(3)} of ${ofKind.length}`);
    if (!isVerbose) continue;
    for (const { isSame, isHit, reason, asked, stored } of ofKind)
      if (isSame !== isHit)
        console.log(`      ${reason ?? 'hit'} ${JSON.stringify(asked)} ${JSON.stringify(stored)}`);
  }
  const mustMiss = outcomes.filter((outcome) => !outcome.isSame);
  const wrong = mustMiss.filter((outcome) => outcome.isHit).length;
  console.log(
    `  look-alikes hit: ${wrong} of ${mustMiss.length} (${((100 * wrong) / mustMiss.length).toFixed(2)} %; goal at most 0.5 %)`,
  );
};

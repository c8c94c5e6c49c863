import { compare } from '../../src/cache/semantic/gate/gate.ts';
import type { Score } from '../../src/cache/semantic/score/score.ts';
import type { ModelOutputs } from './outputs.ts';
import { makeTraps, type Trap } from './traps/generate.ts';

/** What became of a trap at an error budget. */
export interface TrapOutcome extends Trap {
  readonly isHit: boolean;
  /** Of the gate, or `score`, or `too-long`; null for a hit. */
  readonly reason: string | null;
  readonly probability: number | null;
}

/** Sends every trap through gate, verifier and score, as the cache does. */
export const tryTraps = async (
  score: Score,
  outputs: Pick<ModelOutputs, 'facts'>,
  errorBudget: number,
): Promise<TrapOutcome[]> => {
  const traps = makeTraps();
  const least = score.leastProbability(errorBudget);
  const facts = await outputs.facts(traps.map(({ asked, stored }) => ({ a: asked, b: stored })));
  return traps.map((trap, at): TrapOutcome => {
    const refusal = compare(trap.asked, trap.stored);
    const found = facts[at]!;
    const probability = found === null ? null : score.scorePair(found).probability;
    const reason =
      refusal?.reason ?? (probability === null ? 'too-long' : probability >= least ? null : 'score');
    return { ...trap, isHit: reason === null, reason, probability };
  });
};

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** Prints how many of each kind are hit, with and without the gate, at the default budget. */
export const printTraps = async (score: Score, outputs: ModelOutputs, isVerbose: boolean): Promise<void> => {
  const budget = 0.01;
  const outcomes = await tryTraps(score, outputs, budget);
  const least = score.leastProbability(budget);
  console.log(`\nTraps at a budget of 1 %: hits through gate and score, and by the score alone`);
  for (const kind of new Set(outcomes.map((outcome) => outcome.kind))) {
    const ofKind = outcomes.filter((outcome) => outcome.kind === kind);
    const hits = ofKind.filter((outcome) => outcome.isHit);
    const alone = ofKind.filter((outcome) => (outcome.probability ?? 0) >= least);
    const should = ofKind[0]!.isSame ? 'should hit ' : 'must miss  ';
    console.log(
      `  ${should} ${kind.padEnd(16)} ${String(hits.length).padStart(3)} of ${ofKind.length}   (score alone ${alone.length})`,
    );
    if (!isVerbose) continue;
    for (const { isSame, isHit, reason, probability, asked, stored } of ofKind)
      if (isSame !== isHit)
        console.log(
          `      ${reason ?? 'hit'} ${probability?.toFixed(3)} ${JSON.stringify(asked)} ${JSON.stringify(stored)}`,
        );
  }
  const mustMiss = outcomes.filter((outcome) => !outcome.isSame);
  const wrong = mustMiss.filter((outcome) => outcome.isHit).length;
  console.log(
    `  look-alikes hit: ${wrong} of ${mustMiss.length} (${percent(wrong, mustMiss.length)}; goal at most 0.5 %)`,
  );
};

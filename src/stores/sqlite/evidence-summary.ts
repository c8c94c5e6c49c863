import type { SemanticReason, Verdict } from '../../core/semantic.ts';
import type { EvidenceSummary, LookUp, SimilarHit } from '../../core/stores/semantic-evidence.ts';
import { shareOf } from '../../core/wilson.ts';

/** Where the bins of probability begin: finer where the difference between a good and a bad cache lies. */
export const BIN_STARTS = [
  0, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998,
] as const;

export type CountLine = readonly [kind: string, n: number];

const binOf = (probability: number): number => BIN_STARTS.findLastIndex((from) => probability >= from);

export function countsOfLookUp({ reason, probability }: LookUp): CountLine[] {
  const lines: CountLine[] = [[`reason/${reason ?? 'hit'}`, 1]];
  if (probability !== null) lines.push([`bin/${binOf(probability)}/look-ups`, 1]);
  return lines;
}

export function countsOfHit({ served, savedNanos, savedMs }: SimilarHit): CountLine[] {
  const side = served ? 'served' : 'would';
  return [
    [`${side}/hits`, 1],
    [`${side}/nanos`, Math.round(savedNanos ?? 0)],
    [`${side}/ms`, Math.round(savedMs ?? 0)],
  ];
}

/** `n` is -1 for a verdict that is taken back. */
export function countsOfVerdict(
  hit: Pick<SimilarHit, 'served' | 'probability'>,
  verdict: Verdict | null,
  n: 1 | -1,
): CountLine[] {
  if (verdict === null || verdict === 'unsure') return [];
  return [
    [`${hit.served ? 'served' : 'would'}/${verdict}`, n],
    ...countsOfNearMiss(hit.probability, verdict, n),
  ];
}

export function countsOfNearMiss(probability: number, verdict: Verdict, n: 1 | -1 = 1): CountLine[] {
  return verdict === 'unsure' ? [] : [[`bin/${binOf(probability)}/${verdict}`, n]];
}

export function summaryOf(counts: ReadonlyMap<string, number>): EvidenceSummary {
  const of = (kind: string): number => Math.max(0, counts.get(kind) ?? 0);
  const served = of('served/hits');
  const wouldServe = of('would/hits');
  // What was never served can only be judged by what would have been.
  const side = served > 0 ? 'served' : 'would';
  const reasons: Partial<Record<SemanticReason | 'hit', number>> = {};
  for (const [kind, n] of counts) {
    if (kind.startsWith('reason/')) reasons[kind.slice('reason/'.length) as SemanticReason | 'hit'] = n;
  }
  return {
    reasons,
    served,
    wouldServe,
    error: shareOf(of(`${side}/wrong`), of(`${side}/right`) + of(`${side}/wrong`)),
    noise: shareOf(of('noise/differs'), of('noise/same') + of('noise/differs')),
    savedNanos: of(`${side}/nanos`),
    savedMs: of(`${side}/ms`),
    checkNanos: of('check/nanos'),
    bins: binsOf(of),
  };
}

/** Of what had at least so much: from the last bin down, each with those above it. */
function binsOf(of: (kind: string) => number): EvidenceSummary['bins'] {
  const bins: EvidenceSummary['bins'][number][] = [];
  let [lookUps, right, wrong] = [0, 0, 0];
  for (let index = BIN_STARTS.length - 1; index >= 0; index--) {
    lookUps += of(`bin/${index}/look-ups`);
    right += of(`bin/${index}/right`);
    wrong += of(`bin/${index}/wrong`);
    bins.unshift({ from: BIN_STARTS[index]!, lookUps, right, wrong });
  }
  return bins;
}

import type { Comparison, MeasuredShare, SemanticSummary, SimilarHit } from '../../../api/semantic.ts';
import type { CurvePoint } from '../../../charts/curve.ts';
import type { Tone } from '../../../components/status-mark.tsx';
import { type semanticWords, similarWords } from '../../../words/semantic.ts';

/** How a measured share stands to its budget. `unsure`: the sample is too small to say so. */
export type Standing = 'none' | 'sure' | 'within' | 'unsure' | 'above';

export function standingOf({ judged, share, low, high }: MeasuredShare, budget: number): Standing {
  if (judged === 0 || share === null) return 'none';
  if (low > budget) return 'above';
  if (high <= budget) return 'sure';
  return share <= budget ? 'within' : 'unsure';
}

export const TONE_OF_STANDING: Readonly<Record<Standing, Tone>> = {
  none: 'plain',
  sure: 'good',
  within: 'plain',
  unsure: 'warning',
  above: 'bad',
};

/** The right end of the bars: room for the budget and for every interval, never beyond everything. */
export function endOfScale(shares: readonly MeasuredShare[], budget: number | null): number {
  const highs = shares.filter(({ judged }) => judged > 0).map(({ high }) => high);
  const most = Math.max((budget ?? 0) * 2, ...highs.map((high) => high * 1.1), 0.02);
  return Math.min(1, most);
}

/**
 * What was checked, as a curve; the point that is nearest to the bound that holds now is marked. Below the last bound
 * that has verdicts of its own precision would be a guess.
 */
export function curvePoints({ curve, areas, operating_point: now }: SemanticSummary): readonly CurvePoint[] {
  const known = curve.filter(
    ({ precision, judged, hit_rate }) =>
      precision !== null && judged > 0 && hit_rate <= (areas?.hit_rate ?? 0),
  );
  const distances = known.map(({ probability }) =>
    now === null ? Number.POSITIVE_INFINITY : Math.abs(probability - now),
  );
  const nearest = now === null ? -1 : distances.indexOf(Math.min(...distances));
  return known.map(({ probability, hit_rate, precision, low, high, judged }, index) => ({
    setting: probability,
    x: hit_rate,
    y: precision ?? 0,
    low,
    high,
    sample: judged,
    isNow: index === nearest,
  }));
}

export interface RankedReason {
  readonly reason: string;
  readonly count: number;
  /** Of the most frequent one, 0 to 1: the length of its bar. */
  readonly length: number;
}

/** Most frequent first; what is no refusal is not among them. */
export function rankReasons(reasons: SemanticSummary['reasons']): readonly RankedReason[] {
  const refusals = reasons.filter(({ reason, count }) => reason !== 'hit' && count > 0);
  const most = Math.max(1, ...refusals.map(({ count }) => count));
  return [...refusals]
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason))
    .map(({ reason, count }) => ({ reason, count, length: count / most }));
}

const LADDER = ['fit', 'similarity', 'gate', 'verifier', 'probability'] as const;
export type Rung = (typeof LADDER)[number];

export interface Step {
  readonly rung: Rung;
  readonly outcome: 'passed' | 'stopped' | 'skipped';
}

/** How far two questions came on the ladder. */
export function stepsOf({
  would_hit: isHit,
  reason,
}: Pick<Comparison, 'would_hit' | 'reason'>): readonly Step[] {
  const stop = isHit || reason === null ? LADDER.length : LADDER.indexOf(rungOf(reason));
  return LADDER.map((rung, index) => ({
    rung,
    outcome: index < stop ? 'passed' : index === stop ? 'stopped' : 'skipped',
  }));
}

function rungOf(reason: string): Rung {
  if (reason.startsWith('gate-') || reason === 'known-wrong') return 'gate';
  if (reason === 'no-neighbour' || reason === 'embedder-failed') return 'similarity';
  if (reason === 'verifier-failed') return 'verifier';
  if (reason === 'score') return 'probability';
  return 'fit';
}

/** What was found about a hit, and by whom. */
export function verdictMark({ verdict, judged_by }: Pick<SimilarHit, 'verdict' | 'judged_by'>) {
  const { hits } = similarWords;
  if (verdict === null) return { tone: 'plain' as Tone, text: hits.notJudged, by: null };
  const tone: Tone = verdict === 'right' ? 'good' : verdict === 'wrong' ? 'bad' : 'plain';
  return { tone, text: hits.verdicts[verdict], by: judged_by === null ? null : hits.verdictBy[judged_by] };
}

/** The tone of the state line. */
export const TONE_OF_STATE: Readonly<Record<keyof typeof semanticWords.states, Tone>> = {
  off: 'plain',
  working: 'good',
  loading: 'plain',
  paused: 'warning',
  unavailable: 'bad',
};

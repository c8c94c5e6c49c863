import { precisionAreas } from '../core/precision-areas.ts';
import type { SemanticEntryListing } from '../core/stores/semantic.ts';
import type { EvidenceSummary, JudgedHit, Share, WrongPair } from '../core/stores/semantic-evidence.ts';
import { wilsonInterval } from '../core/wilson.ts';
import type {
  SemanticEntryObject,
  SemanticSummaryObject,
  ShareObject,
  SimilarHitObject,
  WrongPairObject,
} from './contract/semantic.ts';
import { usd } from './log-row.ts';
import { showStored } from './stored-answers.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export const showShare = ({ wrong, judged, share, low, high }: Share): ShareObject => ({
  wrong,
  judged,
  share,
  low,
  high,
});

export function showHit(hit: JudgedHit): SimilarHitObject {
  return {
    id: hit.id,
    created_at: iso(hit.at),
    served: hit.served,
    entry: hit.entryId,
    partition: hit.partition,
    asked: hit.asked,
    stored: hit.stored,
    similarity: hit.similarity,
    probability: hit.probability,
    log_id: hit.served ? hit.id : null,
    stored_log_id: hit.storedRecordId,
    model: hit.model,
    age: hit.ageMs / 1000,
    saved: usd(hit.savedNanos),
    verdict: hit.verdict,
    judged_by: hit.judgedBy,
    note: hit.note,
  };
}

export function showPair(pair: WrongPair): WrongPairObject {
  return {
    id: pair.id,
    asked: pair.asked,
    stored: pair.stored,
    created_at: iso(pair.at),
    hit: pair.hitId,
  };
}

export function showEntry(entry: SemanticEntryListing): SemanticEntryObject {
  return {
    id: entry.id,
    partition: entry.partition,
    text: entry.text,
    ...showStored(entry),
  };
}

/**
 * Precision at each least probability. What is near the operating point is checked more often than what lies far above
 * it, so each bin counts by its look-ups and not by its checks; the interval is as wide as that makes it.
 */
export function curveOf(bins: EvidenceSummary['bins'], lookUps: number): SemanticSummaryObject['curve'] {
  const curve: SemanticSummaryObject['curve'] = [];
  let weights = 0;
  let weighted = 0;
  let variance = 0;
  for (let index = bins.length - 1; index >= 0; index--) {
    const { from, ...all } = bins[index]!;
    const above = bins[index + 1] ?? { lookUps: 0, right: 0, wrong: 0 };
    const right = all.right - above.right;
    const judged = right + all.wrong - above.wrong;
    // A verdict is about a look-up: one that was counted on another day still weighs something.
    const weight = judged > 0 ? Math.max(judged, all.lookUps - above.lookUps) : 0;
    if (weight > 0) {
      weights += weight;
      weighted += weight * (right / judged);
      variance += weight ** 2 / judged;
    }
    const precision = weights > 0 ? weighted / weights : null;
    // The size of a plain sample that would know as much (Kish).
    const { low, high } = wilsonInterval(precision ?? 0, weights > 0 ? weights ** 2 / variance : 0);
    curve.unshift({
      probability: from,
      hit_rate: lookUps === 0 ? 0 : all.lookUps / lookUps,
      precision,
      low,
      high,
      judged: all.right + all.wrong,
    });
  }
  return curve;
}

/** The curve in figures, as far down as its own verdicts go. */
export function areasOf(
  bins: EvidenceSummary['bins'],
  curve: SemanticSummaryObject['curve'],
): SemanticSummaryObject['areas'] {
  const lowest = bins.findIndex(({ right, wrong }, index) => {
    const above = bins[index + 1] ?? { right: 0, wrong: 0 };
    return right + wrong > above.right + above.wrong;
  });
  const known = lowest < 0 ? [] : curve.slice(lowest).filter(({ hit_rate }) => hit_rate > 0);
  const points = known.flatMap(({ hit_rate: hitRate, precision }) =>
    precision === null ? [] : [{ hitRate, precision }],
  );
  const areas = precisionAreas(points.reverse());
  if (areas === null) return null;
  return {
    p_chr_auc: areas.pChrAuc,
    pr_auc: areas.prAuc,
    crr: areas.crr,
    hit_rate: points.at(-1)!.hitRate,
  };
}

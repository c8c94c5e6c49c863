/** From where on two answers are held for the same by their cosine, and up to where for different. Between: unsure. */
export interface Thresholds {
  readonly same: number;
  readonly different: number;
}

/**
 * While too little is known of how a model's answers to one and the same question vary. Wide apart on purpose: what lies
 * between is unsure and counts as nothing, while a wrong verdict evicts and pauses.
 */
const DEFAULT_THRESHOLDS: Thresholds = { same: 0.92, different: 0.55 };

/** Cosines of a model's two answers to the same question, before they are believed. */
const LEAST_SAMPLE = 20;

/**
 * Learnt from asking the same question twice: as alike as three out of four such pairs is the same; less alike than
 * nearly all of them is different.
 */
export function thresholdsFrom(cosines: readonly number[]): Thresholds {
  if (cosines.length < LEAST_SAMPLE) return DEFAULT_THRESHOLDS;
  const sorted = cosines.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  const same = clamp(at(0.25), 0.8, 0.98);
  return { same, different: Math.min(clamp(at(0.02) - 0.05, 0.4, 0.9), same - 0.05) };
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

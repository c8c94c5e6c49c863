import type { Share } from './stores/semantic-evidence.ts';

/** Two-sided 95 %. */
const Z = 1.959963984540054;

/**
 * The interval that holds a share with 95 % confidence, after Wilson (1927): honest also for small samples and for
 * shares near 0 and 1, where the usual one has no width. Without a sample it is everything.
 */
export function wilsonInterval(
  share: number,
  sample: number,
): { readonly low: number; readonly high: number } {
  if (sample <= 0) return { low: 0, high: 1 };
  const z2 = Z * Z;
  const middle = share + z2 / (2 * sample);
  const half = Z * Math.sqrt((share * (1 - share)) / sample + z2 / (4 * sample * sample));
  const scale = 1 + z2 / sample;
  // At the ends rounding would leave a trace of the impossible.
  return {
    low: share <= 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: share >= 1 ? 1 : Math.min(1, (middle + half) / scale),
  };
}

export function shareOf(wrong: number, judged: number): Share {
  const share = judged === 0 ? null : wrong / judged;
  return { wrong, judged, share, ...wilsonInterval(share ?? 0, judged) };
}

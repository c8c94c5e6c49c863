/**
 * Values in buckets that grow by a fifth each: a value read back from its bucket is off by at most 10 %, over any
 * range, and two histograms are merged by adding their counts. The first bucket is everything up to 0.001.
 */
const GROWTH = 1.1 / 0.9;
const LOG_GROWTH = Math.log(GROWTH);
/** Bucket of the value 1: a whole number of steps above the first. */
export const BUCKET_OF_ONE = 34;
/** In ms about 16 days; longer counts as that. */
export const BUCKETS = 140;

export function bucketOf(value: number): number {
  if (!(value > 0)) return 0;
  const bucket = Math.ceil(Math.log(value) / LOG_GROWTH) + BUCKET_OF_ONE;
  return bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/** The value that is within 10 % of everything in the bucket. */
export function bucketValue(bucket: number): number {
  return (2 * GROWTH ** (bucket - BUCKET_OF_ONE)) / (GROWTH + 1);
}

/** The value below which the share (0 to 1) of all values lies; null when there are none. */
export function quantile(counts: Uint32Array, share: number): number | null {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return null;
  const rank = Math.min(total - 1, Math.floor(share * total));
  let seen = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket]!;
    if (seen > rank) return bucketValue(bucket);
  }
  return null;
}

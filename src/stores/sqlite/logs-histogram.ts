/**
 * Times in buckets that grow by a fifth each: a value read back from its bucket is off by at most 10 %, over any
 * range, and two histograms are merged by adding their counts. Bucket 0 is everything up to 1 ms.
 */
const GROWTH = 1.1 / 0.9;
const LOG_GROWTH = Math.log(GROWTH);
/** About 11 days; longer counts as that. */
const LAST_BUCKET = 103;
const ENTRY_BYTES = 8;

/** Count by bucket. */
export type Histogram = Map<number, number>;

export function addValue(histogram: Histogram, valueMs: number): void {
  const bucket = bucketOf(valueMs);
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
}

export function bucketOf(valueMs: number): number {
  if (!(valueMs > 1)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log(valueMs) / LOG_GROWTH));
}

/** The value that is within 10 % of everything in the bucket. */
export function bucketValue(bucket: number): number {
  return bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1);
}

export function merge(into: Histogram, other: Histogram): void {
  for (const [bucket, count] of other) into.set(bucket, (into.get(bucket) ?? 0) + count);
}

/** The value below which the share (0 to 1) of all values lies; null when there are none. */
export function quantile(histogram: Histogram, share: number): number | null {
  const buckets = [...histogram].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.min(total - 1, Math.floor(share * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen > rank) return bucketValue(bucket);
  }
  return null;
}

export function encodeHistogram(histogram: Histogram): Uint8Array {
  const bytes = new Uint8Array(histogram.size * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [bucket, count] of histogram) {
    view.setUint16(at, bucket, true);
    // Six bytes hold more requests than an hour can see.
    view.setUint32(at + 2, count % 0x1_0000_0000, true);
    view.setUint16(at + 6, Math.floor(count / 0x1_0000_0000), true);
    at += ENTRY_BYTES;
  }
  return bytes;
}

export function decodeHistogram(bytes: Uint8Array): Histogram {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const histogram: Histogram = new Map();
  for (let at = 0; at + ENTRY_BYTES <= bytes.byteLength; at += ENTRY_BYTES) {
    const count = view.getUint32(at + 2, true) + view.getUint16(at + 6, true) * 0x1_0000_0000;
    histogram.set(view.getUint16(at, true), count);
  }
  return histogram;
}

import type { Dimension } from '../stores/analytics.ts';
import { type Facts, groupText, metadataEntries } from './facts.ts';

/** Reads the values of one dimension; several when a record counts in several groups. */
type ReadDimension = (facts: Facts) => string | readonly string[];

const READERS: Readonly<Record<Exclude<Dimension, `metadata:${string}`>, ReadDimension>> = {
  gateway: (facts) => facts.gateway,
  provider: (facts) => groupText(facts.provider),
  model: (facts) => groupText(facts.model ?? ''),
  path: (facts) => groupText(facts.path),
  status_code: (facts) => String(facts.statusCode),
  status_class: (facts) => statusClass(facts.statusCode),
  error_type: (facts) => groupText(facts.errorType ?? ''),
  cache_kind: (facts) => facts.cacheKind ?? '',
  cached: (facts) => String(facts.cached),
  rate_limited: (facts) => String(facts.rateLimited),
  token_id: (facts) => groupText(facts.tokenId ?? ''),
  user_id: (facts) => groupText(facts.userId ?? ''),
  session_id: (facts) => groupText(facts.sessionId ?? ''),
  user_agent: (facts) => groupText(facts.userAgent ?? ''),
  metadata_key: ({ metadata }) => {
    const keys = metadataEntries(metadata).map(([key]) => key);
    return keys.length === 0 ? '' : [...new Set(keys)];
  },
  duration_ms: (facts) => numberText(facts.durationMs),
  cost_nanos: (facts) => numberText(facts.costNanos),
  tokens_in: (facts) => numberText(facts.inputTokens),
  tokens_out: (facts) => numberText(facts.outputTokens),
  metadata: ({ metadata }) => (metadata ?? '').slice(0, METADATA_LENGTH).toWellFormed(),
};

/** Longest metadata that is a value as a whole. */
const METADATA_LENGTH = 1024;
const numberText = (value: number | null): string => (value === null ? '' : String(value));

export const METADATA_PREFIX = 'metadata:';

export function statusClass(statusCode: number): string {
  return `${Math.floor(statusCode / 100)}xx`;
}

/** Throws RangeError for what is no dimension. */
function readerOf(dimension: Dimension): ReadDimension {
  if (dimension.startsWith(METADATA_PREFIX)) {
    const wanted = groupText(dimension.slice(METADATA_PREFIX.length));
    return ({ metadata }) => metadataEntries(metadata).find(([key]) => key === wanted)?.[1] ?? '';
  }
  const reader = Object.hasOwn(READERS, dimension) ? READERS[dimension as keyof typeof READERS] : undefined;
  if (reader === undefined) throw new RangeError(`figures cannot be broken down by '${dimension}'`);
  return reader;
}

/** All groups that the facts belong to: one, unless a dimension has several values. */
export function groupReader(
  dimensions: readonly Dimension[],
): (facts: Facts) => readonly (readonly string[])[] {
  const readers = dimensions.map(readerOf);
  return (facts) => {
    let groups: string[][] = [[]];
    for (const read of readers) {
      const value = read(facts);
      if (typeof value === 'string') {
        for (const group of groups) group.push(value);
      } else {
        groups = groups.flatMap((group) => value.map((one) => [...group, one]));
      }
    }
    return groups;
  };
}

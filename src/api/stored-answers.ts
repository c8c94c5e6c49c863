import type { CacheListing } from '../core/stores/cache.ts';
import type { CacheEntryObject } from './contract/cache.ts';
import { usd } from './log-row.ts';
import { integerText } from './validation.ts';

/** A condition of a purge: only what is older than so many seconds. */
export const ageShape = { older_than_seconds: integerText(0, 1_000_000_000).optional() };

/** The moment before which an answer must have been stored to be removed, in ms; null when age is no condition. */
export const storedBefore = (
  query: { readonly older_than_seconds?: number | undefined },
  nowMs: number,
): number | null => (query.older_than_seconds === undefined ? null : nowMs - query.older_than_seconds * 1000);

/** What the API says of a stored answer, whether it is found by its key or by its question. */
export const showStored = (row: Omit<CacheListing, 'key'>): Omit<CacheEntryObject, 'key'> => ({
  provider: row.provider,
  model: row.model,
  bytes: row.bytes,
  created_at: new Date(row.storedAt).toISOString(),
  expires_at: new Date(row.expiresAt).toISOString(),
  hits: row.hits,
  cost: usd(row.costNanos),
  log_id: row.recordId,
});

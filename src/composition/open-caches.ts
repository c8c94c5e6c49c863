import { TieredCacheStore } from '../cache/tiers.ts';
import type { Settings } from '../config/settings.ts';
import { MemoryCacheStore } from '../stores/memory/cache.ts';
import { type CacheFileOptions, openCacheFile, type SqliteCacheStore } from '../stores/sqlite/cache.ts';

export interface Caches {
  readonly store: TieredCacheStore;
  readonly memory: MemoryCacheStore;
  readonly disk: SqliteCacheStore;
}

/** Memory over a file. */
export function openCaches(
  settings: Pick<Settings, 'cacheMemoryBytes' | 'cacheDiskBytes'>,
  options: Omit<CacheFileOptions, 'budgetBytes'>,
): Caches {
  const { clock } = options;
  const memory = new MemoryCacheStore(settings.cacheMemoryBytes, () => clock.now());
  const disk = openCacheFile({ ...options, budgetBytes: settings.cacheDiskBytes });
  return { store: new TieredCacheStore(memory, disk), memory, disk };
}

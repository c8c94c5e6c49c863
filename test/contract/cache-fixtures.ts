import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TieredCacheStore } from '../../src/cache/tiers.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import type { CacheEntry, CacheStore } from '../../src/core/stores/cache.ts';
import { MemoryCacheStore } from '../../src/stores/memory/cache.ts';
import { openCacheFile, type SqliteCacheStore } from '../../src/stores/sqlite/cache.ts';
import { openLogger } from '../../src/telemetry/logger.ts';

/** A clock that tests set. */
export const time = { nowMs: 1_700_000_000_000 };
const clock: Clock = { now: () => time.nowMs, tick: () => time.nowMs };
const logger = openLogger('silent');
export const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'tidegate-cache-')), 'cache.db');
export const keyOf = (n: number): string => n.toString(16).padStart(64, '0');

export function entry(n: number, change: Partial<CacheEntry> = {}): CacheEntry {
  return {
    key: keyOf(n),
    account: 'local',
    gateway: 'default',
    status: 200,
    headers: ['content-type', 'application/json'],
    body: Buffer.from([0, 255, n & 255]),
    storedAt: time.nowMs,
    expiresAt: time.nowMs + 60_000,
    recordId: `record-${n}`,
    costNanos: 5,
    durationMs: 700,
    model: 'm',
    provider: 'openai',
    ...change,
  };
}

export const BUDGET = 400_000;

/** The disk tier on its own. */
export function openFile(path = newPath(), budgetBytes = BUDGET, health = new Health()): SqliteCacheStore {
  return openCacheFile({ path, budgetBytes, clock, health, logger });
}

/** Every store of cached answers. */
export const kinds: Record<string, (budget: number) => CacheStore> = {
  memory: (budget) => new MemoryCacheStore(budget, () => time.nowMs),
  sqlite: (budgetBytes) => openFile(newPath(), budgetBytes),
  'memory over sqlite': (budgetBytes) =>
    new TieredCacheStore(
      new MemoryCacheStore(budgetBytes / 4, () => time.nowMs),
      openFile(newPath(), budgetBytes),
    ),
};

import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { HealthObject } from '../../api/contract/process.ts';
import type { Health } from '../../core/health.ts';
import { sizeOf } from '../../stores/files/size-of.ts';

/** What lies in the data folder, by what it is for people. */
const STORES: readonly (readonly [name: string, path: string])[] = [
  ['Configuration', 'config.db'],
  ['Sign-ins', 'access.db'],
  ['Cache', 'cache.db'],
  ['Rate limits', 'counters.journal'],
  ['Spool', 'spool'],
  ['Logs', 'logs'],
  ['Bodies', 'bodies'],
  ['Search', 'texts'],
  ['Evaluations', 'evaluations.db'],
  ['Semantic cache, what was learnt', 'semantic-evidence.db'],
];
const KEEP_MS = 10_000;

export interface Figures {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly openRequests: number;
  readonly openUpstream: number;
  readonly heldRequestBytes: number;
  readonly spool: unknown;
}

/** What /healthz says, and what only those who sign in may know. Sizes are measured every ten seconds at most. */
export function controlHealth(
  health: Health,
  dataFolder: string,
  figures: () => Figures,
  tick: () => number,
): () => Promise<HealthObject> {
  let measured: { readonly atTick: number; readonly sizes: ReturnType<typeof measure> } | null = null;
  return async () => {
    if (measured === null || tick() - measured.atTick > KEEP_MS) {
      measured = { atTick: tick(), sizes: measure(dataFolder) };
    }
    const { stores, disk } = await measured.sizes;
    const now = figures();
    const degraded = health.list().map(({ since, ...rest }) => ({
      ...rest,
      since: new Date(since).toISOString(),
    }));
    const { user, system } = process.cpuUsage();
    const { heapUsed, rss } = process.memoryUsage();
    return {
      status: degraded.length === 0 ? 'ok' : 'degraded',
      version: now.version,
      uptime_seconds: now.uptimeSeconds,
      degraded,
      counters: Object.fromEntries(health.counters),
      open_requests: now.openRequests,
      open_upstream: now.openUpstream,
      held_request_bytes: now.heldRequestBytes,
      spool: now.spool,
      process: {
        pid: process.pid,
        node: process.version,
        rss_bytes: rss,
        heap_bytes: heapUsed,
        cpu_seconds: (user + system) / 1e6,
      },
      stores,
      disk,
    };
  };
}

async function measure(dataFolder: string): Promise<Pick<HealthObject, 'stores' | 'disk'>> {
  const stores: HealthObject['stores'] = [];
  for (const [name, path] of STORES) {
    const size = await sizeOf(join(dataFolder, path));
    if (size.files > 0) stores.push({ name, path, ...size });
  }
  const disk = await statfs(dataFolder).then(
    ({ bavail, blocks, bsize }) => ({ total_bytes: blocks * bsize, free_bytes: bavail * bsize }),
    () => null,
  );
  return { stores, disk };
}

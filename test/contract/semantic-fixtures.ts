import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSemanticStore } from '../../src/composition/semantic/open-semantic-store.ts';
import type { Clock } from '../../src/core/clock.ts';
import { Health } from '../../src/core/health.ts';
import { newId } from '../../src/core/ids.ts';
import type {
  NearestQuery,
  SemanticAnswer,
  SemanticEntry,
  SemanticEntryQuery,
  SemanticSelection,
  SemanticStore,
} from '../../src/core/stores/semantic.ts';
import { openLogger } from '../../src/telemetry/logger.ts';

/** A clock that tests set; its ticks go on by themselves. */
export const time = { nowMs: 1_700_000_000_000 };
export const clock: Clock = { now: () => time.nowMs, tick: () => performance.now() };
export const DIMENSIONS = 24;
export const BUDGET = 1_000_000;

export const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'tidegate-semantic-')), 'semantic.db');
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface OpenedStore {
  readonly store: SemanticStore;
  readonly health: Health;
}

export function openStore(path: string, budgetBytes = BUDGET, indexBytes = 8 * 1_048_576): OpenedStore {
  const health = new Health();
  const logger = openLogger('silent');
  return { store: openSemanticStore({ path, budgetBytes, indexBytes, clock, health, logger }), health };
}

/** Of length 1, always the same for a seed, and far from those of others. */
export function vectorOf(seed: string | number, dimensions = DIMENSIONS): Float32Array {
  let state = createHash('sha256').update(String(seed)).digest().readUInt32LE();
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const values = Array.from({ length: dimensions }, () => next() + next() + next() - 1.5);
  const length = Math.hypot(...values);
  return new Float32Array(values.map((value) => value / length));
}

export function anEntry(n: number, change: Partial<SemanticEntry> = {}): SemanticEntry {
  return {
    id: newId(time.nowMs),
    account: 'local',
    gateway: 'main',
    partition: hashOf('partition'),
    text: `Question ${n}: what is the CAPITAL of Österreich?`,
    storedAt: time.nowMs,
    expiresAt: time.nowMs + 3_600_000,
    recordId: newId(time.nowMs),
    costNanos: 1000,
    durationMs: 700,
    model: 'gpt-4o-mini',
    provider: 'openai',
    ...change,
  };
}

export const anAnswer = (text: string): SemanticAnswer => ({
  headers: ['content-type', 'application/json'],
  body: Buffer.from(text),
});

export const nearestTo = (vector: Float32Array, change: Partial<NearestQuery> = {}): NearestQuery => ({
  partition: hashOf('partition'),
  vector,
  limit: 5,
  minCosine: 0.9,
  signal: null,
  ...change,
});

export const selection = (change: Partial<SemanticSelection> = {}): SemanticSelection => ({
  account: 'local',
  gateway: 'main',
  id: null,
  partition: null,
  storedBefore: null,
  ...change,
});

export const listOf = (change: Partial<SemanticEntryQuery> = {}): SemanticEntryQuery => ({
  account: 'local',
  gateway: 'main',
  partition: null,
  search: null,
  orderBy: 'created_at',
  direction: 'desc',
  limit: 50,
  offset: 0,
  ...change,
});

/** Asks again until it is so; throws with the last answer when it never is. */
export async function until<T>(
  ask: () => Promise<T> | T,
  isSo: (answer: T) => boolean | Promise<boolean>,
): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (await isSo(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`it never came: ${JSON.stringify(answer)}`);
    await sleep(20);
  }
}

export const loaded = (store: SemanticStore): Promise<unknown> =>
  until(
    () => store.stats('local', 'main'),
    ({ isLoading }) => !isLoading,
  );

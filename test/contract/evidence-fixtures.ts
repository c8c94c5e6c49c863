import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/core/ids.ts';
import type { SimilarHit, WrongPair } from '../../src/core/stores/semantic-evidence.ts';
import { SqliteEvidenceStore } from '../../src/stores/sqlite/evidence.ts';

export const DAY_MS = 86_400_000;
export const NOON = 20_000 * DAY_MS + DAY_MS / 2;

/** A folder for the evidence, and the stores that were opened on it. */
export interface EvidenceFolder {
  readonly folder: string;
  readonly path: string;
  /** What the stores complained of. */
  readonly trouble: string[];
  open(options?: { keptHits?: number; flushMs?: number }): SqliteEvidenceStore;
  reopen(store: SqliteEvidenceStore): SqliteEvidenceStore;
  close(): void;
}

export function evidenceFolder(): EvidenceFolder {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-evidence-'));
  const path = join(folder, 'semantic-evidence.db');
  const trouble: string[] = [];
  const stores: SqliteEvidenceStore[] = [];
  const open: EvidenceFolder['open'] = (options = {}) => {
    const clock = { now: () => NOON, tick: () => performance.now() };
    const onTrouble = (message: string) => void trouble.push(message);
    const store = new SqliteEvidenceStore({ path, clock, onTrouble, flushMs: 5, ...options });
    stores.push(store);
    return store;
  };
  return {
    folder,
    path,
    trouble,
    open,
    reopen(store) {
      store.close();
      return open();
    },
    close() {
      for (const store of stores) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const aHit = (change: Partial<SimilarHit> = {}): SimilarHit => ({
  id: newId(NOON),
  account: 'a',
  gateway: 'g',
  at: NOON,
  served: true,
  entryId: 'entry-1',
  partition: 'p'.repeat(64),
  asked: 'How do I enable it?',
  stored: 'How can I turn it on?',
  similarity: 0.91,
  probability: 0.996,
  storedRecordId: newId(NOON),
  model: 'm',
  ageMs: 5_000,
  savedNanos: 1_000,
  savedMs: 800,
  ...change,
});

export const aPair = (id: string, change: Partial<WrongPair> = {}): WrongPair => ({
  id,
  account: 'a',
  gateway: 'g',
  asked: 'x',
  stored: 'y',
  at: NOON,
  hitId: 'h',
  ...change,
});

export const listed = (store: SqliteEvidenceStore, change: object = {}) =>
  store.listHits({
    account: 'a',
    gateway: 'g',
    served: null,
    verdict: null,
    entryId: null,
    limit: 10,
    offset: 0,
    ...change,
  });

export async function settled(done: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('it is never so');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

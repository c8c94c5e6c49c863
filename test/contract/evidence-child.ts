import { writeSync } from 'node:fs';
import { newId } from '../../src/core/ids.ts';
import { SqliteEvidenceStore } from '../../src/stores/sqlite/evidence.ts';
import { aHit, aPair, NOON } from './evidence-fixtures.ts';

/** Learns until it is killed; says on its output what was kept when that must be. */
const store = new SqliteEvidenceStore({
  path: process.argv[2]!,
  clock: { now: () => NOON, tick: () => performance.now() },
  onTrouble: (message) => say(`trouble ${message}`),
  flushMs: 10,
});

/** The pipe may be full for a moment: that must not be what ends this process. */
function say(text: string): void {
  for (;;) {
    try {
      writeSync(1, `${text}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

function some(): void {
  for (let count = Math.random() * 40; count > 0; count--) {
    const hit = aHit();
    store.noteLookUp({ ...hit, mode: 'verify', reason: null });
    store.putHit(hit);
    if (Math.random() < 0.3) store.judge('a', 'g', hit.id, 'right', 'text', null);
    // What a person says is kept when the call returns.
    if (Math.random() < 0.05 && store.judge('a', 'g', hit.id, 'wrong', 'person', null))
      say(`wrong ${hit.id}`);
  }
  const pair = aPair(newId(NOON));
  store.putWrongPair(pair);
  say(`pair ${pair.id}`);
  setTimeout(some, Math.random() * 8);
}
some();

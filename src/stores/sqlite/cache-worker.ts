import { parentPort, workerData } from 'node:worker_threads';
import type { CacheSelection } from '../../core/stores/cache.ts';
import { readBatch } from './cache-batch.ts';
import { CacheRows, openCacheDatabase } from './cache-rows.ts';
import { type Database, isDamage } from './database.ts';
import { KeyFilter } from './key-filter.ts';

/** What the main thread asks for. */
export type CacheMessage =
  /** Entries as CacheBatch puts them together. */
  | { readonly kind: 'put'; readonly batch: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'purge'; readonly account: string; readonly gateway: string }
  | { readonly kind: 'purge-some'; readonly id: number; readonly selection: CacheSelection }
  | { readonly kind: 'hits'; readonly hits: ReadonlyMap<string, number> }
  | { readonly kind: 'sweep'; readonly nowMs: number }
  | { readonly kind: 'stats'; readonly id: number }
  /** Adds the keys of all entries to a KeyFilter over this memory. */
  | { readonly kind: 'fill'; readonly memory: SharedArrayBuffer }
  | { readonly kind: 'close' };

export type CacheAnswer =
  | { readonly kind: 'stats'; readonly id: number; readonly entries: number; readonly bytes: number }
  | { readonly kind: 'deleted'; readonly key: string }
  | { readonly kind: 'purged'; readonly id: number; readonly removed: number }
  | { readonly kind: 'failed'; readonly message: string; readonly isDamage: boolean }
  | { readonly kind: 'filled' }
  /** With the memory of the batch, to be used again. */
  | { readonly kind: 'written'; readonly buffer: ArrayBuffer };

interface WorkerInput {
  readonly path: string;
  readonly budgetBytes: number;
}

const { path, budgetBytes } = workerData as WorkerInput;
const port = parentPort!;
const say = (answer: CacheAnswer): void => port.postMessage(answer);

/** A cache that cannot write is a cache that forgets; the main thread says so in /healthz. */
const fail = (error: unknown): void =>
  say({
    kind: 'failed',
    message: error instanceof Error ? error.message : String(error),
    isDamage: isDamage(error),
  });

try {
  const database = openCacheDatabase(path);
  const rows = new CacheRows(database, budgetBytes);
  port.on('message', (message: CacheMessage) => {
    try {
      handle(message, database, rows);
    } catch (error) {
      fail(error);
    }
  });
} catch (error) {
  // Without a listener on the port the thread ends here.
  fail(error);
}

function handle(message: CacheMessage, database: Database, rows: CacheRows): void {
  switch (message.kind) {
    case 'put':
      putBatch(message.batch, rows);
      return;
    case 'fill': {
      const filter = new KeyFilter(message.memory);
      for (const key of rows.keys()) filter.add(key);
      say({ kind: 'filled' });
      return;
    }
    case 'delete':
      rows.delete(message.key);
      say({ kind: 'deleted', key: message.key });
      return;
    case 'purge':
      rows.purge(message.account, message.gateway);
      return;
    case 'purge-some':
      purgeSome(message.id, message.selection, rows);
      return;
    case 'hits':
      rows.addHits(message.hits);
      return;
    case 'sweep':
      rows.sweep(message.nowMs);
      return;
    case 'stats':
      say({ kind: 'stats', id: message.id, entries: rows.entries, bytes: rows.bytes });
      return;
    case 'close':
      database.close();
      port.close();
  }
}

function putBatch(batch: Uint8Array<ArrayBuffer>, rows: CacheRows): void {
  rows.put(readBatch(batch));
  const { buffer } = batch;
  port.postMessage({ kind: 'written', buffer } satisfies CacheAnswer, [buffer]);
}

/** Answers in any case: somebody waits. */
function purgeSome(id: number, selection: CacheSelection, rows: CacheRows): void {
  let removed = 0;
  try {
    removed = rows.purgeSome(selection);
  } finally {
    say({ kind: 'purged', id, removed });
  }
}

import { parentPort, workerData } from 'node:worker_threads';
import { type CacheHead, CacheRows, openCacheDatabase } from './cache-rows.ts';

/** What the main thread asks for. Bodies of a batch stand one after the other in one buffer. */
export type CacheMessage =
  | {
      readonly kind: 'put';
      readonly heads: string;
      readonly lengths: readonly number[];
      readonly bodies: Uint8Array;
    }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'purge'; readonly account: string; readonly gateway: string }
  | { readonly kind: 'sweep'; readonly nowMs: number }
  | { readonly kind: 'stats'; readonly id: number }
  | { readonly kind: 'close' };

export type CacheAnswer =
  | { readonly kind: 'stats'; readonly id: number; readonly entries: number; readonly bytes: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'written' };

interface WorkerInput {
  readonly path: string;
  readonly budgetBytes: number;
}

const { path, budgetBytes } = workerData as WorkerInput;
const port = parentPort!;
const database = openCacheDatabase(path);
const rows = new CacheRows(database, budgetBytes);

const say = (answer: CacheAnswer): void => port.postMessage(answer);

port.on('message', (message: CacheMessage) => {
  try {
    handle(message);
  } catch (error) {
    // A cache that cannot write is a cache that forgets; the main thread says so in /healthz.
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

function handle(message: CacheMessage): void {
  switch (message.kind) {
    case 'put': {
      const heads = JSON.parse(message.heads) as CacheHead[];
      let at = 0;
      const batch = heads.map((head, index) => {
        const body = message.bodies.subarray(at, at + message.lengths[index]!);
        at += body.length;
        return { head, body };
      });
      rows.put(batch);
      say({ kind: 'written' });
      return;
    }
    case 'delete':
      rows.delete(message.key);
      return;
    case 'purge':
      rows.purge(message.account, message.gateway);
      return;
    case 'sweep':
      rows.sweep(message.nowMs);
      return;
    case 'stats':
      say({ kind: 'stats', id: message.id, entries: rows.entries, bytes: rows.bytes });
      return;
    case 'close':
      database.close();
      say({ kind: 'closed' });
      port.close();
  }
}

import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { Health } from '../../core/health.ts';
import type { CacheEntry, CacheStats, CacheStore } from '../../core/stores/cache.ts';
import { type CacheHead, openCacheDatabase } from './cache-rows.ts';
import type { CacheAnswer, CacheMessage } from './cache-worker.ts';
import { DamagedDatabaseError, type Database, type Statement, setAside } from './database.ts';

export interface CacheFileOptions {
  readonly path: string;
  readonly budgetBytes: number;
  readonly clock: Clock;
  readonly health: Health;
}

const FLUSH_MS = 50;
const FLUSH_BYTES = 1024 * 1024;
// What may wait for the worker; beyond it new entries are not kept on disk.
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 60_000;

/** Opens the disk tier. A damaged file is set aside: it is only a cache. */
export function openCacheFile(options: CacheFileOptions): SqliteCacheStore {
  try {
    openCacheDatabase(options.path).close();
  } catch (error) {
    if (!(error instanceof DamagedDatabaseError)) throw error;
    const name = setAside(options.path, options.clock.now());
    options.health.degrade(
      'cache-disk',
      `the cache file was damaged and set aside as ${name}; an empty one is in use`,
      options.clock.now(),
    );
  }
  return new SqliteCacheStore(options);
}

/** Cached answers in SQLite: read here by primary key, written in batches by a worker thread. */
export class SqliteCacheStore implements CacheStore {
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #reader: Database;
  readonly #find: Statement;
  readonly #startWorker: () => Worker;
  // Started by the first write: a gateway that caches nothing does not pay for a thread.
  #worker: Worker | null = null;
  #sweeper: NodeJS.Timeout | null = null;
  readonly #statsWaiting = new Map<number, (stats: CacheStats) => void>();
  #heads: CacheHead[] = [];
  #bodies: Buffer[] = [];
  #bytes = 0;
  #sentBytes: number[] = [];
  #timer: NodeJS.Timeout | null = null;
  #nextStats = 0;
  #onClosed: (() => void) | null = null;

  constructor({ path, budgetBytes, clock, health }: CacheFileOptions) {
    this.#clock = clock;
    this.#health = health;
    this.#reader = openCacheDatabase(path);
    this.#find = this.#reader.prepare('SELECT head, body FROM entries WHERE key = ?');
    this.#startWorker = () => {
      const worker = new Worker(new URL('./cache-worker.ts', import.meta.url), {
        workerData: { path, budgetBytes },
      });
      worker.on('message', (answer: CacheAnswer) => this.#hear(answer));
      worker.on('error', (error) => this.#fail(error.message));
      worker.unref();
      this.#sweeper = setInterval(() => this.#say({ kind: 'sweep', nowMs: clock.now() }), SWEEP_MS);
      this.#sweeper.unref();
      return worker;
    };
  }

  find(key: string): CacheEntry | null {
    try {
      const row = this.#find.get(Buffer.from(key, 'hex'));
      if (!row) return null;
      const head = JSON.parse(row.head as string) as CacheHead;
      if (head.expiresAt <= this.#clock.now()) return null;
      const body = row.body as Uint8Array;
      return { ...head, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
    } catch (error) {
      this.#fail((error as Error).message);
      return null;
    }
  }

  put(entry: CacheEntry): void {
    const waiting = this.#bytes + this.#sentBytes.reduce((sum, bytes) => sum + bytes, 0);
    if (waiting + entry.body.length > MAX_WAITING_BYTES) {
      this.#health.count('cache_disk_skipped');
      return;
    }
    const { body, ...head } = entry;
    this.#heads.push(head);
    this.#bodies.push(body);
    this.#bytes += body.length;
    if (this.#bytes >= FLUSH_BYTES) this.#flush();
    else if (this.#timer === null) {
      this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
      this.#timer.unref();
    }
  }

  delete(key: string): void {
    this.#flush();
    this.#say({ kind: 'delete', key });
  }

  purge(account: string, gateway: string): void {
    this.#flush();
    this.#say({ kind: 'purge', account, gateway });
  }

  stats(): Promise<CacheStats> {
    this.#flush();
    return new Promise((resolve) => {
      const id = this.#nextStats++;
      this.#statsWaiting.set(id, resolve);
      this.#say({ kind: 'stats', id });
    });
  }

  async close(): Promise<void> {
    this.#flush();
    if (this.#sweeper) clearInterval(this.#sweeper);
    const worker = this.#worker;
    if (worker) {
      await new Promise<void>((resolve) => {
        this.#onClosed = resolve;
        worker.once('exit', () => resolve());
        this.#say({ kind: 'close' });
      });
    }
    this.#reader.close();
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#heads.length === 0) return;
    const bodies = Buffer.allocUnsafeSlow(this.#bytes);
    let at = 0;
    for (const body of this.#bodies) at += body.copy(bodies, at);
    const lengths = this.#bodies.map((body) => body.length);
    this.#sentBytes.push(this.#bytes);
    const message: CacheMessage = { kind: 'put', heads: JSON.stringify(this.#heads), lengths, bodies };
    this.#heads = [];
    this.#bodies = [];
    this.#bytes = 0;
    this.#say(message, [bodies.buffer]);
  }

  #say(message: CacheMessage, transfer: ArrayBuffer[] = []): void {
    this.#worker ??= this.#startWorker();
    this.#worker.postMessage(message, transfer);
  }

  #hear(answer: CacheAnswer): void {
    switch (answer.kind) {
      case 'written':
        this.#sentBytes.shift();
        if (this.#health.isDegraded('cache-disk')) this.#health.recover('cache-disk');
        return;
      case 'failed':
        this.#sentBytes.shift();
        this.#fail(answer.message);
        return;
      case 'stats':
        this.#statsWaiting.get(answer.id)?.({ entries: answer.entries, bytes: answer.bytes });
        this.#statsWaiting.delete(answer.id);
        return;
      case 'closed':
        this.#onClosed?.();
    }
  }

  #fail(message: string): void {
    this.#health.degrade('cache-disk', `the disk cache cannot be used: ${message}`, this.#clock.now());
    this.#health.count('cache_disk_errors');
  }
}

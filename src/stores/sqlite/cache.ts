import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import type { Health } from '../../core/health.ts';
import type { Logger } from '../../core/logger.ts';
import type { CacheEntry, CacheStats, CacheStore } from '../../core/stores/cache.ts';
import { type CacheHead, openCacheDatabase } from './cache-rows.ts';
import type { CacheAnswer, CacheMessage } from './cache-worker.ts';
import { type Database, isDamage, type Statement, setAside } from './database.ts';
import { KeyFilter } from './key-filter.ts';

export interface CacheFileOptions {
  readonly path: string;
  readonly budgetBytes: number;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
}

const FLUSH_MS = 50;
const FLUSH_BYTES = 1024 * 1024;
// What may wait for the worker; beyond it new entries are not kept on disk.
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 60_000;
// Keys of entries that are gone stay in the filter; after so many new ones it is made anew.
const FILTER_KEYS = 2_000_000;
// After its thread died the disk tier is left alone for so long.
const PAUSE_MS = 2_000;

/** Opens the disk tier. A damaged file is set aside: it is only a cache. */
export function openCacheFile(options: CacheFileOptions): SqliteCacheStore {
  return new SqliteCacheStore(options);
}

/** Cached answers in SQLite: read here by primary key, written in batches by a worker thread. */
export class SqliteCacheStore implements CacheStore {
  readonly #options: CacheFileOptions;
  #reader: Database | null = null;
  #find: Statement | null = null;
  #worker: Worker | null = null;
  #filter = new KeyFilter(new SharedArrayBuffer(KeyFilter.BYTES));
  /** False while the filter lacks entries of an earlier process: then every key may be on disk. */
  #filterIsWhole = false;
  #filterKeys = 0;
  #pausedUntil = 0;
  #sweeper: NodeJS.Timeout | null = null;
  readonly #statsWaiting = new Map<number, (stats: CacheStats) => void>();
  /** Entries that the thread has yet to delete: until then they are not to be found here. */
  readonly #deleting = new Map<string, number>();
  #heads: CacheHead[] = [];
  #bodies: Buffer[] = [];
  #bytes = 0;
  #sentBytes: number[] = [];
  #timer: NodeJS.Timeout | null = null;
  #nextStats = 0;

  constructor(options: CacheFileOptions) {
    this.#options = options;
    try {
      this.#openReader();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#renew();
    }
  }

  /** Starts the writing thread, so that the first entries need not wait for it. Without this the first write starts it. */
  start(): void {
    if (this.#worker === null && this.#options.clock.now() >= this.#pausedUntil)
      this.#worker = this.#startWorker();
  }

  find(key: string): CacheEntry | null {
    if (this.#find === null || this.#deleting.has(key)) return null;
    if (this.#filterIsWhole && !this.#filter.mayHave(key)) return null;
    try {
      const row = this.#find.get(Buffer.from(key, 'hex'));
      if (!row) return null;
      const head = JSON.parse(row.head as string) as CacheHead;
      if (head.expiresAt <= this.#options.clock.now()) return null;
      const body = row.body as Uint8Array;
      return { ...head, body: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
    } catch (error) {
      this.#fail((error as Error).message, isDamage(error));
      return null;
    }
  }

  put(entry: CacheEntry): void {
    const waiting = this.#bytes + this.#sentBytes.reduce((sum, bytes) => sum + bytes, 0);
    if (waiting + entry.body.length > MAX_WAITING_BYTES) {
      this.#options.health.count('cache_disk_skipped');
      return;
    }
    const { body, ...head } = entry;
    this.#filter.add(entry.key);
    if (++this.#filterKeys > FILTER_KEYS) this.#renewFilter();
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
    this.#deleting.set(key, (this.#deleting.get(key) ?? 0) + 1);
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
    const worker = this.#worker;
    if (worker) {
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      this.#say({ kind: 'close' });
      await ended;
    }
    if (this.#sweeper) clearInterval(this.#sweeper);
    this.#reader?.close();
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
    this.start();
    if (this.#worker) this.#worker.postMessage(message, transfer);
    else this.#forgetWaiting();
  }

  #startWorker(): Worker {
    const { path, budgetBytes, clock } = this.#options;
    const worker = new Worker(new URL('./cache-worker.ts', import.meta.url), {
      workerData: { path, budgetBytes },
    });
    worker.on('message', (answer: CacheAnswer) => {
      if (this.#worker === worker) this.#hear(answer);
    });
    worker.on('error', (error) => this.#fail(error.message, false));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#leaveWorker();
    });
    worker.unref();
    if (!this.#filterIsWhole) this.#fillFilter(worker);
    this.#sweeper ??= setInterval(() => this.#say({ kind: 'sweep', nowMs: clock.now() }), SWEEP_MS).unref();
    return worker;
  }

  #renewFilter(): void {
    this.#filter = new KeyFilter(new SharedArrayBuffer(KeyFilter.BYTES));
    this.#filterIsWhole = false;
    this.#filterKeys = 0;
    if (this.#worker) this.#fillFilter(this.#worker);
  }

  #fillFilter(worker: Worker): void {
    const message: CacheMessage = { kind: 'fill', memory: this.#filter.memory };
    worker.postMessage(message);
  }

  #hear(answer: CacheAnswer): void {
    switch (answer.kind) {
      case 'filled':
        this.#filterIsWhole = true;
        return;
      case 'written':
        this.#sentBytes.shift();
        if (this.#options.health.isDegraded('cache-disk')) this.#options.health.recover('cache-disk');
        return;
      case 'deleted': {
        const left = (this.#deleting.get(answer.key) ?? 1) - 1;
        if (left === 0) this.#deleting.delete(answer.key);
        else this.#deleting.set(answer.key, left);
        return;
      }
      case 'failed':
        this.#sentBytes.shift();
        this.#fail(answer.message, answer.isDamage);
        return;
      case 'stats':
        this.#statsWaiting.get(answer.id)?.({ entries: answer.entries, bytes: answer.bytes });
        this.#statsWaiting.delete(answer.id);
    }
  }

  #fail(message: string, isDamaged: boolean): void {
    const { health, clock, logger } = this.#options;
    if (!health.isDegraded('cache-disk')) logger.error({ error: message }, 'the disk cache cannot be used');
    health.degrade('cache-disk', `the disk cache cannot be used: ${message}`, clock.now());
    health.count('cache_disk_errors');
    if (isDamaged) this.#renew();
  }

  #leaveWorker(): void {
    this.#worker = null;
    this.#pausedUntil = this.#options.clock.now() + PAUSE_MS;
    this.#forgetWaiting();
  }

  /** What was said to a thread that is gone is not answered any more. */
  #forgetWaiting(): void {
    this.#sentBytes = [];
    for (const resolve of this.#statsWaiting.values()) resolve({ entries: 0, bytes: 0 });
    this.#statsWaiting.clear();
  }

  #openReader(): void {
    this.#reader = openCacheDatabase(this.#options.path);
    this.#find = this.#reader.prepare('SELECT head, body FROM entries WHERE key = ?');
    this.#renewFilter();
  }

  /** Sets the damaged file aside and goes on with an empty one. */
  #renew(): void {
    const { path, clock, health, logger } = this.#options;
    const worker = this.#worker;
    this.#worker = null;
    this.#forgetWaiting();
    this.#deleting.clear();
    this.#find = null;
    this.#reader?.close();
    this.#reader = null;
    try {
      const name = setAside(path, clock.now());
      this.#openReader();
      const message = `the cache file was damaged and set aside as ${name}; an empty one is in use`;
      health.degrade('cache-database', message, clock.now());
      health.recover('cache-disk');
      logger.error({}, message);
    } catch (error) {
      this.#pausedUntil = Number.POSITIVE_INFINITY;
      health.degrade('cache-disk', `the disk cache is off: ${(error as Error).message}`, clock.now());
    }
    void worker?.terminate();
  }
}

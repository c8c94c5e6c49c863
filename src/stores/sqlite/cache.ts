import { Worker } from 'node:worker_threads';
import { type CacheHead, headText } from '../../core/cache-head.ts';
import type { Clock } from '../../core/clock.ts';
import type { Health } from '../../core/health.ts';
import type { Logger } from '../../core/logger.ts';
import type {
  CacheEntry,
  CacheListQuery,
  CachePage,
  CacheSelection,
  CacheStats,
  CacheStore,
} from '../../core/stores/cache.ts';
import { CacheBatch } from './cache-batch.ts';
import { openCacheDatabase, SAME_KEY } from './cache-rows.ts';
import type { CacheAnswer, CacheMessage } from './cache-worker.ts';
import { type Database, isDamage, type Statement, setAside } from './database.ts';
import { KeysOnDisk } from './keys-on-disk.ts';
import { PageLister } from './page-lister.ts';

export interface CacheFileOptions {
  readonly path: string;
  readonly budgetBytes: number;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
}

// Keys are random: a batch touches a page of the index for nearly every entry, so a few large batches cost far less than
// many small ones, and one that is growing fast waits for more. What a crash takes of it is still in the records, and only
// has to be asked for again.
const FLUSH_MS = 250;
const FAST_BYTES = 256 * 1024;
const FAST_FLUSH_MS = 1000;
const FLUSH_BYTES = 4 * 1024 * 1024;
// What may wait for the worker; beyond it new entries are not kept on disk.
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 60_000;
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
  readonly #keys = new KeysOnDisk();
  #pausedUntil = 0;
  #sweeper: NodeJS.Timeout | null = null;
  /** Whoever waits for an answer of the thread, by the number of the question. */
  readonly #waiting = new Map<number, (answer: CacheAnswer | null) => void>();
  readonly #lister: PageLister<CacheListQuery, CachePage>;
  /** Entries that the thread has yet to delete: until then they are not to be found here. */
  readonly #deleting = new Map<string, number>();
  readonly #batch = new CacheBatch();
  /** Of each batch that the thread has yet to write. */
  #sentBytes: number[] = [];
  #timer: NodeJS.Timeout | null = null;
  #nextNumber = 0;

  constructor(options: CacheFileOptions) {
    this.#options = options;
    this.#lister = new PageLister(options.path, new URL('./cache-list-worker.ts', import.meta.url));
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

  /** The writing thread is there. */
  get isRunning(): boolean {
    return this.#worker !== null;
  }

  find(key: string): CacheEntry | null {
    if (this.#find === null || this.#deleting.has(key)) return null;
    if (!this.#keys.mayHave(key)) return null;
    try {
      const row = this.#find.get(Buffer.from(key, 'hex'));
      if (!row) return null;
      const head = JSON.parse(row.head as string) as CacheHead;
      if (head.expiresAt <= this.#options.clock.now()) return null;
      const body = row.body as Uint8Array;
      return {
        ...head,
        durationMs: head.durationMs ?? null,
        body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      };
    } catch (error) {
      this.#fail((error as Error).message, isDamage(error));
      return null;
    }
  }

  put(entry: CacheEntry, head = headText(entry)): void {
    const waiting = this.#batch.length + this.#sentBytes.reduce((sum, bytes) => sum + bytes, 0);
    if (waiting + entry.body.length > MAX_WAITING_BYTES) {
      this.#options.health.count('cache_disk_skipped');
      return;
    }
    if (this.#keys.add(entry.key)) this.#keys.renew(this.#worker);
    this.#batch.add(entry, head);
    if (this.#batch.length >= FLUSH_BYTES) this.#flush();
    else if (this.#timer === null) {
      this.#timer = setTimeout(() => this.#flushOrWait(), FLUSH_MS).unref();
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

  async purgeSome(selection: CacheSelection): Promise<number> {
    const answer = await this.#ask((id) => ({ kind: 'purge-some', id, selection }));
    return answer?.kind === 'purged' ? answer.removed : 0;
  }

  addHits(hits: ReadonlyMap<string, number>): void {
    this.#flush();
    this.#say({ kind: 'hits', hits });
  }

  async list(query: CacheListQuery): Promise<CachePage> {
    // What was stored before is in the list: the thread has written it when it answers.
    if (this.isRunning || this.#batch.length > 0) await this.stats();
    if (this.#reader === null) return { rows: [], totalCount: 0 };
    return this.#lister.list(query, this.#options.clock.now());
  }

  async stats(): Promise<CacheStats> {
    const answer = await this.#ask((id) => ({ kind: 'stats', id }));
    return answer?.kind === 'stats'
      ? { entries: answer.entries, bytes: answer.bytes }
      : { entries: 0, bytes: 0 };
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

  #flushOrWait(): void {
    if (this.#batch.length < FAST_BYTES) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), FAST_FLUSH_MS - FLUSH_MS).unref();
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#batch.length === 0) return;
    this.#sentBytes.push(this.#batch.length);
    const batch = this.#batch.take();
    this.#say({ kind: 'put', batch }, [batch.buffer]);
  }

  #ask(question: (id: number) => CacheMessage): Promise<CacheAnswer | null> {
    this.#flush();
    return new Promise((resolve) => {
      const id = this.#nextNumber++;
      this.#waiting.set(id, resolve);
      this.#say(question(id));
    });
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
    if (!this.#keys.isWhole) this.#keys.fillBy(worker);
    this.#sweeper ??= setInterval(() => this.#say({ kind: 'sweep', nowMs: clock.now() }), SWEEP_MS).unref();
    return worker;
  }

  #hear(answer: CacheAnswer): void {
    switch (answer.kind) {
      case 'filled':
        this.#keys.filled();
        return;
      case 'written':
        this.#sentBytes.shift();
        this.#batch.giveBack(answer.buffer);
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
      case 'purged':
        this.#waiting.get(answer.id)?.(answer);
        this.#waiting.delete(answer.id);
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
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }

  #openReader(): void {
    this.#reader = openCacheDatabase(this.#options.path);
    this.#find = this.#reader.prepare(`SELECT head, body FROM entries WHERE ${SAME_KEY}`);
    this.#keys.renew(this.#worker);
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

import { existsSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import type { Health } from '../../core/health.ts';
import type { Logger } from '../../core/logger.ts';
import type {
  NearestQuery,
  Neighbour,
  SemanticAnswer,
  SemanticEntry,
  SemanticEntryListing,
  SemanticEntryQuery,
  SemanticSelection,
  SemanticStats,
  SemanticStore,
} from '../../core/stores/semantic.ts';
import { setAside } from './database.ts';
import { PageLister } from './page-lister.ts';
import type { SemanticPage } from './semantic-list-worker.ts';
import type { Failure, FileReport, SearchReport, StoredAnswer } from './semantic-messages.ts';
import { SemanticOutbox } from './semantic-outbox.ts';
import { SemanticQuestions } from './semantic-questions.ts';
import { SemanticThreads } from './semantic-threads.ts';

export interface SemanticFileOptions {
  readonly path: string;
  /** Of texts, vectors and answers. */
  readonly budgetBytes: number;
  /** Of the vectors in memory. */
  readonly indexBytes: number;
  /** Exports a VectorIndexModule. */
  readonly indexModule: URL;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
}

const SWEEP_MS = 60_000;
// After a thread died the store is left alone for so long.
const PAUSE_MS = 2_000;
const MOST_QUESTIONS = 1000;
// Numbers of a vector; one of more is not kept.
const MOST_DIMENSIONS = 8192;

/**
 * The semantic cache in `semantic.db`, with its vectors in memory. Nothing is done on this thread but passing on: one
 * thread searches, another one writes. Neither they nor the file exist before the first use.
 */
export class SqliteSemanticStore implements SemanticStore {
  readonly #options: SemanticFileOptions;
  readonly #lister: PageLister<SemanticEntryQuery, SemanticPage>;
  readonly #questions = new SemanticQuestions((isAny) => this.#threads?.hold(isAny));
  readonly #outbox: SemanticOutbox;
  #threads: SemanticThreads | null = null;
  /** What waits for the file to be opened; null when it is. */
  #whenOpen: (() => void)[] | null = [];
  #isClosed = false;
  #pausedUntil = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #isRenewing = false;
  #sweeper: NodeJS.Timeout | null = null;

  constructor(options: SemanticFileOptions) {
    this.#options = options;
    this.#lister = new PageLister(options.path, new URL('./semantic-list-worker.ts', import.meta.url));
    this.#outbox = new SemanticOutbox(() => this.#threads);
  }

  nearest({ signal, vector, ...query }: NearestQuery): Promise<readonly Neighbour[]> {
    if (query.limit < 1 || vector.length === 0) return Promise.resolve([]);
    if (this.#questions.size >= MOST_QUESTIONS)
      return Promise.reject(new Error('too many searches of the semantic cache are waiting'));
    const copy = vector.slice();
    const nowMs = this.#options.clock.now();
    return this.#ask<readonly Neighbour[]>(
      (id) => this.#threads!.tellSearch({ kind: 'nearest', id, ...query, vector: copy, nowMs }),
      signal,
      (id) => {
        if (this.#whenOpen === null) this.#threads?.tellSearch({ kind: 'drop', id });
      },
    );
  }

  async answer(entry: string): Promise<SemanticAnswer | null> {
    if (this.#isUnused) return null;
    for (;;) {
      const answer = await this.#ask<StoredAnswer | null>((id) =>
        this.#threads!.tellSearch({ kind: 'answer', id, entry, nowMs: this.#options.clock.now() }),
      );
      if (answer === null) return null;
      if (answer !== 'waiting') {
        const { buffer, byteOffset, byteLength } = answer.body;
        return { headers: answer.headers, body: Buffer.from(buffer, byteOffset, byteLength) };
      }
      const unwritten = this.#outbox.answer(entry);
      if (unwritten !== null) return unwritten;
      // It has been written meanwhile: now it is found in the file.
    }
  }

  put(entry: SemanticEntry, vector: Float32Array, answer: SemanticAnswer): void {
    const size = this.#outbox.sizeOf(entry, vector, answer);
    const isFit = vector.length > 0 && vector.length <= MOST_DIMENSIONS && vector.every(Number.isFinite);
    const hasPlace = size <= this.#options.budgetBytes / 4 && this.#outbox.reserve(size);
    if (!isFit || !hasPlace || !this.#start()) {
      if (hasPlace) this.#outbox.release(size);
      this.#options.health.count('semantic_skipped');
      return;
    }
    const copy = vector.slice();
    this.#onceOpen(() => this.#outbox.put(entry, copy, answer, size));
  }

  noteHit(id: string): void {
    if (this.#threads !== null) this.#onceOpen(() => this.#outbox.noteHit(id));
  }

  async find(account: string, gateway: string, entry: string): Promise<SemanticEntryListing | null> {
    if (this.#isUnused) return null;
    return this.#ask<SemanticEntryListing | null>((id) => {
      this.#outbox.flush();
      const nowMs = this.#options.clock.now();
      this.#threads!.tellSearch({ kind: 'find', id, account, gateway, entry, nowMs });
    });
  }

  async list(query: SemanticEntryQuery): Promise<SemanticPage> {
    if (this.#isUnused) return { rows: [], totalCount: 0 };
    // What was put before is in the list: it is written when the thread answers.
    await this.#ask<null>((id) => {
      this.#outbox.flush();
      this.#threads!.tellFile({ kind: 'sync', id });
    });
    return this.#lister.list(query, this.#options.clock.now());
  }

  /** Rejects when it is not sure that they are gone. */
  async remove(selection: SemanticSelection): Promise<number> {
    if (this.#isUnused) return 0;
    return this.#ask<number>((id) => {
      this.#outbox.flush();
      this.#threads!.tellFile({ kind: 'remove', id, selection, upTo: this.#outbox.lastNumber });
    });
  }

  async stats(account: string, gateway: string): Promise<SemanticStats> {
    if (this.#isUnused) return { entries: 0, bytes: 0, partitions: 0, isLoading: false };
    return this.#ask<SemanticStats>((id) =>
      this.#threads!.tellSearch({ kind: 'stats', id, account, gateway }),
    );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    // What was put is written, also when the file was not open yet.
    if (this.#threads !== null && this.#whenOpen !== null) {
      await this.#ask<null>((id) => this.#threads!.tellFile({ kind: 'sync', id })).catch(() => {});
    }
    this.#isClosed = true;
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#outbox.flush();
    const threads = this.#threads;
    this.#threads = null;
    this.#questions.failAll('the semantic cache is closed');
    await threads?.close();
  }

  /** Nothing was ever kept, and nobody has asked for it to be. */
  get #isUnused(): boolean {
    return this.#threads === null && !this.#isRenewing && !existsSync(this.#options.path);
  }

  #ask<T>(
    send: (id: number) => void,
    signal: AbortSignal | null = null,
    onDrop: (id: number) => void = () => {},
  ): Promise<T> {
    if (!this.#start()) return Promise.reject(new Error('the semantic cache cannot be used'));
    const sendOnceOpen = (id: number): void =>
      this.#onceOpen(() => {
        if (this.#questions.has(id)) send(id);
      });
    return this.#questions.ask<T>(sendOnceOpen, signal, onDrop);
  }

  #onceOpen(work: () => void): void {
    if (this.#whenOpen === null) work();
    else this.#whenOpen.push(work);
  }

  /** False when there is nobody to ask. */
  #start(): boolean {
    if (this.#isClosed) return false;
    if (this.#threads !== null || this.#isRenewing) return true;
    if (this.#options.clock.now() < this.#pausedUntil) return false;
    const { path, indexModule, indexBytes, budgetBytes, clock } = this.#options;
    this.#whenOpen ??= [];
    this.#threads = new SemanticThreads({
      path,
      indexModule,
      indexBytes,
      budgetBytes,
      onFile: (report) => this.#hearFile(report),
      onSearch: (report) => this.#hearSearch(report),
      onLost: (message) => this.#lose(message),
    });
    this.#threads.hold(this.#questions.size > 0);
    this.#sweeper ??= setInterval(() => {
      if (this.#whenOpen === null) this.#threads?.tellSearch({ kind: 'sweep', nowMs: clock.now() });
    }, SWEEP_MS).unref();
    return true;
  }

  #hearFile(report: FileReport): void {
    const { health, clock } = this.#options;
    switch (report.kind) {
      case 'opened': {
        const waiting = this.#whenOpen ?? [];
        this.#whenOpen = null;
        this.#outbox.begin(report.lastNumber);
        this.#threads!.tellSearch({ kind: 'open', lastNumber: report.lastNumber, nowMs: clock.now() });
        for (const work of waiting) work();
        return;
      }
      case 'written':
        this.#outbox.settle(report.upTo);
        if (health.isDegraded('semantic-disk')) health.recover('semantic-disk');
        return;
      case 'synced':
        this.#questions.answer(report.id, null);
        return;
      case 'failed':
        if (report.upTo !== null) this.#outbox.settle(report.upTo);
        this.#fail(report);
    }
  }

  #hearSearch(report: SearchReport): void {
    if (report.kind === 'answer') this.#questions.answer(report.id, report.value);
    else this.#fail(report);
  }

  #fail({ id, message, isDamage }: Failure): void {
    this.#degrade(message);
    if (isDamage) this.#renew();
    else if (id !== null) this.#questions.fail(id, `the semantic cache cannot be used: ${message}`);
  }

  #degrade(message: string): void {
    const { health, clock, logger } = this.#options;
    if (!health.isDegraded('semantic-disk'))
      logger.error({ error: message }, 'the semantic cache cannot be used');
    health.degrade('semantic-disk', `the semantic cache cannot be used: ${message}`, clock.now());
    health.count('semantic_disk_errors');
  }

  /** What was said to a thread that is gone is not answered any more. */
  #lose(message: string): void {
    this.#degrade(message);
    const threads = this.#leave();
    this.#pausedUntil = this.#options.clock.now() + PAUSE_MS;
    this.#questions.failAll(`the semantic cache cannot be used: ${message}`);
    void threads?.terminate();
  }

  #leave(): SemanticThreads | null {
    const threads = this.#threads;
    this.#threads = null;
    this.#whenOpen = [];
    this.#outbox.clear();
    return threads;
  }

  /** Sets the damaged file aside and goes on with an empty one; what waits is asked of that. */
  #renew(): void {
    const { path, clock, health, logger } = this.#options;
    const threads = this.#leave();
    if (threads === null) return;
    this.#isRenewing = true;
    void threads.terminate().then(() => {
      this.#isRenewing = false;
      try {
        if (clock.tick() < this.#renewedAt + PAUSE_MS) throw new Error('it was damaged again at once');
        this.#renewedAt = clock.tick();
        const name = setAside(path, clock.now());
        const message = `the file of the semantic cache was damaged and set aside as ${name}; an empty one is in use`;
        health.degrade('semantic-database', message, clock.now());
        health.recover('semantic-disk');
        logger.error({}, message);
        this.#start();
        this.#questions.repeat();
      } catch (error) {
        this.#pausedUntil = Number.POSITIVE_INFINITY;
        const reason = (error as Error).message;
        health.degrade('semantic-disk', `the semantic cache is off: ${reason}`, clock.now());
        this.#questions.failAll(`the semantic cache is off: ${reason}`);
      }
    });
  }
}

import type { SemanticAnswer, SemanticEntry } from '../../core/stores/semantic.ts';
import { SemanticBatch, sizeOfEntry } from './semantic-batch.ts';
import type { SemanticThreads } from './semantic-threads.ts';

// What a killed process loses. One transaction for many entries costs far less than one for each.
const FLUSH_MS = 250;
const FLUSH_BYTES = 4 * 1024 * 1024;
// What may wait for the thread; beyond it new entries are not kept.
const MOST_WAITING_BYTES = 32 * 1024 * 1024;

interface Sent {
  readonly upTo: number;
  readonly bytes: number;
  readonly ids: readonly string[];
}

/** Entries and hits on their way to the threads: to the one that searches at once, to the file in batches. */
export class SemanticOutbox {
  readonly #threads: () => SemanticThreads | null;
  readonly #batch = new SemanticBatch();
  #batchBytes = 0;
  #batchIds: string[] = [];
  #hits = new Map<string, number>();
  /** Until they are in the file, answers are given from here. */
  readonly #answers = new Map<string, { readonly number: number; readonly answer: SemanticAnswer }>();
  #sent: Sent[] = [];
  #reserved = 0;
  #timer: NodeJS.Timeout | null = null;
  #last = 0;

  constructor(threads: () => SemanticThreads | null) {
    this.#threads = threads;
  }

  /** Of the last entry that was put. */
  get lastNumber(): number {
    return this.#last;
  }

  /** The file is open and has entries up to this number. */
  begin(lastNumber: number): void {
    this.#last = lastNumber;
  }

  sizeOf(entry: SemanticEntry, vector: Float32Array, answer: SemanticAnswer): number {
    return sizeOfEntry(entry, vector, answer);
  }

  /** False when too much is waiting already. */
  reserve(bytes: number): boolean {
    if (this.#reserved + bytes > MOST_WAITING_BYTES) return false;
    this.#reserved += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#reserved -= bytes;
  }

  /** Its bytes are reserved. */
  put(entry: SemanticEntry, vector: Float32Array, answer: SemanticAnswer, size: number): void {
    const number = ++this.#last;
    this.#threads()?.tellSearch({ kind: 'put', number, entry, vector, size });
    this.#answers.set(entry.id, { number, answer });
    this.#batch.add(number, size, entry, vector, answer);
    this.#batchBytes += size;
    this.#batchIds.push(entry.id);
    if (this.#batch.bytes >= FLUSH_BYTES) this.flush();
    else this.#arm();
  }

  noteHit(id: string): void {
    this.#hits.set(id, (this.#hits.get(id) ?? 0) + 1);
    this.#arm();
  }

  answer(id: string): SemanticAnswer | null {
    return this.#answers.get(id)?.answer ?? null;
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const threads = this.#threads();
    if (threads === null) return;
    if (!this.#batch.isEmpty) {
      this.#sent.push({ upTo: this.#last, bytes: this.#batchBytes, ids: this.#batchIds });
      this.#batchBytes = 0;
      this.#batchIds = [];
      const message = this.#batch.take();
      threads.tellFile(message, [message.bytes.buffer]);
    }
    if (this.#hits.size === 0) return;
    threads.tellFile({ kind: 'hits', hits: this.#hits });
    threads.tellSearch({ kind: 'hits', hits: this.#hits });
    this.#hits = new Map();
  }

  /** The file has them, or never will. */
  settle(upTo: number): void {
    while (this.#sent[0] !== undefined && this.#sent[0].upTo <= upTo) {
      const { bytes, ids } = this.#sent.shift()!;
      this.release(bytes);
      for (const id of ids) if ((this.#answers.get(id)?.number ?? 0) <= upTo) this.#answers.delete(id);
    }
  }

  /** The threads are gone, and what they were told with them. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#batch.isEmpty) this.#batch.take();
    this.#batchBytes = 0;
    this.#batchIds = [];
    this.#sent = [];
    this.#reserved = 0;
    this.#answers.clear();
    this.#hits.clear();
  }

  #arm(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => this.flush(), FLUSH_MS);
    this.#timer.unref();
  }
}

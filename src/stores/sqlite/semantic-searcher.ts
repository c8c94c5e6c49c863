import type { VectorIndex, VectorScan } from '../../core/stores/vector-index.ts';
import { isDamage } from './database.ts';
import type { FileToSearch, SearchMessage, SearchReport, SearchToFile } from './semantic-messages.ts';
import { readNeighbours } from './semantic-neighbours.ts';
import { type FoundRow, SemanticReader } from './semantic-reader.ts';
import { keyNumber } from './semantic-rows.ts';
import { entryKey, gatewayKey, worthOf } from './semantic-schema.ts';
import { UnwrittenEntries } from './semantic-unwritten.ts';
import { FileWords } from './semantic-words.ts';

// What is looked at in one go, about a millisecond: then the next question has its turn.
const STEP_BYTES = 8 * 1_048_576;
// Candidates of a search whose true cosine is read: many entries may be nearly equal.
const CANDIDATES = 64;
const LOADED_AT_ONCE = 64;
const SWEPT_AT_ONCE = 50_000;
const EVICTED_AT_ONCE = 128;
const MOST_SPREAD = 3;

export interface SearcherOptions {
  readonly path: string;
  readonly budgetBytes: number;
  readonly index: VectorIndex;
  readonly say: (report: SearchReport, transfer?: ArrayBuffer[]) => void;
  readonly tell: (word: SearchToFile & { readonly numbers: Float64Array<ArrayBuffer> }) => void;
}

interface Job {
  readonly query: SearchMessage & { kind: 'nearest' };
  readonly scan: VectorScan;
}

/** The thread that searches: questions first, in turns; loading, sweeping and deletions in between. */
export class SemanticSearcher {
  readonly #options: SearcherOptions;
  readonly #index: VectorIndex;
  #reader: SemanticReader | null = null;
  readonly #unwritten = new UnwrittenEntries();
  readonly #words = new FileWords((word) => this.#hearFile(word));
  #written = 0;
  #jobs: Job[] = [];
  /** Numbers below it are still to be read from the file; null when all have been. */
  #loadBefore: number | null = null;
  #sweepFrom: number | null = null;
  #isOverBudget = false;
  #nowMs = 0;
  /** Entries that are gone here and still in the file, or on their way to it. */
  #toForget: number[] = [];
  /** What the file was last said to hold. */
  #fileBytes = 0;
  /** Bytes on disk for each byte of an entry: pages from which some entries are gone stay half empty. */
  #spread = 1;
  #isScheduled = false;

  constructor(options: SearcherOptions) {
    this.#options = options;
    this.#index = options.index;
  }

  hear(message: SearchMessage): void {
    try {
      this.#handle(message);
    } catch (error) {
      this.#fail(error, 'id' in message ? message.id : null);
    }
    this.#words.heard(message);
    this.#schedule();
  }

  hearFile(word: FileToSearch): void {
    this.#words.add(word);
    this.#schedule();
  }

  #hearFile(word: FileToSearch): void {
    switch (word.kind) {
      case 'written':
      case 'lost':
        for (const [number, { key }] of this.#unwritten.takeUpTo(word.upTo))
          if (word.kind === 'lost') this.#index.remove(key, number);
        this.#written = Math.max(this.#written, word.upTo);
        break;
      case 'gone':
        word.numbers.forEach((number, at) => void this.#index.remove(word.keys[at]!, number));
        break;
      case 'used':
        this.#fileBytes = word.bytes;
        this.#measure();
        break;
      case 'removed':
        this.#options.say({ kind: 'answer', id: word.id, value: word.count });
    }
  }

  #handle(message: SearchMessage): void {
    switch (message.kind) {
      case 'open':
        this.#reader = new SemanticReader(this.#options.path);
        this.#written = message.lastNumber;
        this.#nowMs = message.nowMs;
        this.#loadBefore = message.lastNumber > 0 ? message.lastNumber + 1 : null;
        return;
      case 'put':
        this.#put(message);
        return;
      case 'nearest': {
        const { partition, vector, minCosine, limit, nowMs } = message;
        const capacity = Math.max(CANDIDATES, 4 * limit);
        this.#jobs.push({
          query: message,
          scan: this.#index.scan(partition, vector, minCosine, capacity, nowMs),
        });
        return;
      }
      case 'drop':
        this.#jobs = this.#jobs.filter(({ query, scan }) => {
          if (query.id === message.id) scan.cancel();
          return query.id !== message.id;
        });
        return;
      case 'answer':
        this.#answer(message);
        return;
      case 'find':
        this.#find(message);
        return;
      case 'hits':
        for (const [id, count] of message.hits) {
          const found = this.#byId(id);
          if (found) this.#index.addHits(found.key, found.number, count);
        }
        return;
      case 'stats': {
        const totals = this.#index.totals(gatewayKey(message.account, message.gateway));
        const value = { ...totals, isLoading: this.#loadBefore !== null };
        this.#options.say({ kind: 'answer', id: message.id, value });
        return;
      }
      case 'sweep':
        this.#nowMs = message.nowMs;
        this.#sweepFrom ??= 0;
        return;
      case 'close':
        this.#loadBefore = null;
        this.#sweepFrom = null;
        for (const { scan } of this.#jobs.splice(0)) scan.cancel();
        this.#reader?.close();
        this.#reader = null;
    }
  }

  #put({ number, entry, vector, size }: SearchMessage & { kind: 'put' }): void {
    const { account, gateway, partition, storedAt, expiresAt, text } = entry;
    const key = keyNumber(entryKey(partition, text));
    const replaced = this.#index.numberOf(key);
    if (replaced !== null) this.#unwritten.remove(replaced);
    const gone = this.#index.add(
      {
        number,
        key,
        partition,
        gateway: gatewayKey(account, gateway),
        storedAt,
        expiresAt,
        bytes: size,
        worth: worthOf(entry),
        hits: 0,
      },
      vector,
    );
    this.#nowMs = Math.max(this.#nowMs, storedAt);
    this.#unwritten.add(number, { entry, vector, size, key });
    this.#forget(gone);
    this.#keepWithinBudget();
  }

  /** One turn: a step for a question, then a step of what nobody waits for. */
  #turn(): void {
    this.#isScheduled = false;
    const job = this.#jobs.shift();
    if (job !== undefined) {
      try {
        if (job.scan.step(STEP_BYTES)) this.#finish(job);
        else this.#jobs.push(job);
      } catch (error) {
        job.scan.cancel();
        this.#fail(error, job.query.id);
      }
    }
    try {
      if (this.#isOverBudget) this.#keepWithinBudget();
      if (this.#loadBefore !== null) this.#load(this.#loadBefore);
      else if (this.#sweepFrom !== null) {
        const { gone, next } = this.#index.sweep(this.#sweepFrom, SWEPT_AT_ONCE, this.#nowMs);
        this.#sweepFrom = next;
        this.#forget(gone);
      }
    } catch (error) {
      this.#loadBefore = null;
      this.#fail(error, null);
    }
    this.#sayForgotten();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#reader === null) return;
    const hasForgotten = this.#toForget.some((number) => number <= this.#written);
    const isIdle = this.#loadBefore === null && this.#sweepFrom === null && !this.#isOverBudget;
    if (this.#jobs.length === 0 && isIdle && !hasForgotten) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #finish({ query, scan }: Job): void {
    const neighbours = readNeighbours(query, scan.candidates(), this.#unwritten, this.#reader!);
    this.#options.say({ kind: 'answer', id: query.id, value: neighbours });
  }

  #load(before: number): void {
    const rows = this.#reader!.page(before, LOADED_AT_ONCE);
    this.#loadBefore = rows.at(-1)?.facts.number ?? null;
    const gone: number[] = [];
    for (const { facts, vector } of rows) {
      // A newer entry has its place.
      if (this.#index.numberOf(facts.key) !== null) continue;
      if (facts.expiresAt <= this.#nowMs) gone.push(facts.number);
      else gone.push(...this.#index.add(facts, vector));
    }
    this.#forget(gone);
    this.#keepWithinBudget();
    this.#measure();
  }

  #answer({ id, entry, nowMs }: SearchMessage & { kind: 'answer' }): void {
    const found = this.#live(entry, nowMs);
    const answer = found === null ? null : (this.#reader?.answer(found.number) ?? 'waiting');
    if (answer === null || answer === 'waiting') {
      const isWaiting = found !== null && this.#unwritten.get(found.number) !== null;
      this.#options.say({ kind: 'answer', id, value: isWaiting ? 'waiting' : null });
    } else this.#options.say({ kind: 'answer', id, value: answer }, [answer.body.buffer as ArrayBuffer]);
  }

  #find({ id, account, gateway, entry, nowMs }: SearchMessage & { kind: 'find' }): void {
    const found = this.#live(entry, nowMs);
    const isOurs = found?.entry.account === account && found.entry.gateway === gateway;
    const value = isOurs ? { ...found.entry, hits: found.hits, bytes: found.size } : null;
    this.#options.say({ kind: 'answer', id, value });
  }

  #byId(id: string): FoundRow | null {
    const number = this.#unwritten.numberOf(id);
    const unwritten = number === null ? null : this.#unwritten.get(number);
    if (number === null || unwritten === null) return this.#reader?.byId(id) ?? null;
    return { ...unwritten, number, hits: 0 };
  }

  /** Not expired, and no other has taken its place; one that was not read in yet is there. */
  #live(id: string, nowMs: number): FoundRow | null {
    const found = this.#byId(id);
    if (found === null || found.entry.expiresAt <= nowMs) return null;
    const inIndex = this.#index.numberOf(found.key);
    if (inIndex === null) return found.number < (this.#loadBefore ?? 0) ? found : null;
    return inIndex === found.number ? { ...found, hits: this.#index.hitsOf(found.key, inIndex) } : null;
  }

  #keepWithinBudget(): void {
    const most = this.#options.budgetBytes / this.#spread;
    for (let left = EVICTED_AT_ONCE; left > 0 && this.#index.bytes > most; left--)
      this.#forget(this.#index.evict(1, this.#nowMs));
    this.#isOverBudget = this.#index.bytes > most;
  }

  #measure(): void {
    // A part of the entries says nothing about the whole file, nor does a file of a few pages.
    if (this.#loadBefore !== null || this.#fileBytes < this.#options.budgetBytes / 2) return;
    this.#spread = Math.min(MOST_SPREAD, Math.max(1, this.#fileBytes / Math.max(1, this.#index.bytes)));
    this.#keepWithinBudget();
  }

  #forget(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#unwritten.remove(number);
      this.#toForget.push(number);
    }
  }

  /** A row can only be deleted once it is there. */
  #sayForgotten(): void {
    if (this.#toForget.length === 0) return;
    const numbers = Float64Array.from(this.#toForget.filter((number) => number <= this.#written));
    this.#toForget = this.#toForget.filter((number) => number > this.#written);
    if (numbers.length > 0) this.#options.tell({ kind: 'forget', numbers });
  }

  #fail(error: unknown, id: number | null): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#options.say({ kind: 'failed', id, upTo: null, message, isDamage: isDamage(error) });
  }
}

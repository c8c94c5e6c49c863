import type { Clock } from '../../core/clock.ts';
import type { Verdict } from '../../core/semantic.ts';
import type { JudgedHit } from '../../core/stores/semantic-evidence.ts';
import { dayOf, type PendingCounts } from './evidence-counts.ts';
import type { EvidenceFile } from './evidence-file.ts';
import { VERDICTS } from './evidence-hits.ts';
import { addCount } from './evidence-tables.ts';

export interface EvidenceWriterOptions {
  readonly clock: Clock;
  readonly counts: PendingCounts;
  readonly hits: Map<string, JudgedHit>;
  /** Of each gateway and verdict. */
  readonly keptHits: number;
  readonly flushMs: number;
  /** Works on the open file; false when there is none to be had. Throws what is not damage. */
  use(work: (file: EvidenceFile) => boolean): boolean;
  wrote(rows: number): void;
  failed(error: unknown): void;
}

/** Ms that one transaction may write for: the event loop waits for it. */
const SLICE_MS = 0.7;
const COUNTS_AT_ONCE = 8;
const ROWS_REMOVED_AT_ONCE = 10;
/** So many more than may be kept are there before the oldest go. */
const SLACK = 0.02;
const KEPT_DAYS = 400;

/** Brings to the disk what was gathered in memory: every few seconds, a little in each turn of the event loop. */
export class EvidenceWriter {
  readonly #options: EvidenceWriterOptions;
  #timer: NodeJS.Timeout | null = null;
  #next: NodeJS.Immediate | null = null;
  #closed = false;
  /** Hits written since the oldest were last removed, by gateway; those of earlier processes count as many. */
  readonly #sinceTrim = new Map<number, number>();
  /** `upTo` is null until it is known which ones are too many. */
  readonly #toTrim: { gateway: number; verdict: Verdict | null; upTo: string | null }[] = [];
  #prunedDay = 0;

  constructor(options: EvidenceWriterOptions) {
    this.#options = options;
  }

  soon(): void {
    if (this.#timer !== null || this.#next !== null || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#slice();
    }, this.#options.flushMs);
    this.#timer.unref();
  }

  /** All hits, now: somebody wants to see them. */
  writeHits(): void {
    this.#try(() => {
      while (this.#options.hits.size > 0 && this.#writeSome());
      return false;
    });
  }

  /** All that is left, at once: nobody waits any more. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#next !== null) clearImmediate(this.#next);
    this.#try(() => {
      while (this.#pending && this.#writeSome());
      return false;
    });
  }

  get #pending(): boolean {
    return this.#options.counts.size > 0 || this.#options.hits.size > 0;
  }

  #slice(): void {
    this.#next = null;
    const more = this.#try(() => (this.#pending ? this.#writeSome() : this.#removeSome()));
    if (more && !this.#closed) this.#next = setImmediate(() => this.#slice());
    else if (this.#pending) this.soon();
  }

  #try(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      this.#options.failed(error);
      return false;
    }
  }

  /** One transaction; what it could not write is pending again. False when nothing can be written now. */
  #writeSome(): boolean {
    const { clock, counts, hits, use } = this.#options;
    const takenHits: JudgedHit[] = [];
    const takenCounts: ReturnType<PendingCounts['take']> = [];
    const putBack = (): void => {
      counts.putBack(takenCounts);
      for (const hit of takenHits) hits.set(hit.id, hit);
    };
    try {
      const written = use((file) => {
        file.database.transaction(() => {
          const startedTick = clock.tick();
          do {
            for (const count of counts.take(COUNTS_AT_ONCE)) {
              takenCounts.push(count);
              const { number } = file.getGateway(count.account, count.gateway);
              addCount(file, number, count.day, count.kind, count.n);
            }
            const hit = hits.values().next().value;
            if (hit === undefined) continue;
            hits.delete(hit.id);
            takenHits.push(hit);
            const { number } = file.getGateway(hit.account, hit.gateway);
            file.hits.put(number, hit);
            this.#noteWritten(number);
          } while (this.#pending && clock.tick() - startedTick < SLICE_MS);
        });
        return true;
      });
      if (written) this.#options.wrote(takenCounts.length + takenHits.length);
      // Of a file that was set aside in the middle.
      else putBack();
      return written;
    } catch (error) {
      putBack();
      throw error;
    }
  }

  #noteWritten(gateway: number): void {
    const slack = Math.ceil(this.#options.keptHits * SLACK);
    const written = (this.#sinceTrim.get(gateway) ?? slack) + 1;
    if (written > slack) {
      for (const verdict of VERDICTS) this.#toTrim.push({ gateway, verdict, upTo: null });
    }
    this.#sinceTrim.set(gateway, written > slack ? 0 : written);
  }

  /** True when there is more to remove. */
  #removeSome(): boolean {
    return this.#options.use((file) => {
      const [trim] = this.#toTrim;
      if (trim !== undefined) {
        const { gateway, verdict, upTo } = trim;
        // Each in a turn of its own: finding them costs as much as removing some.
        if (upTo === null) trim.upTo = file.hits.firstBeyond(gateway, verdict, this.#options.keptHits);
        else if (file.hits.removeUpTo(gateway, verdict, upTo, ROWS_REMOVED_AT_ONCE) > 0) return true;
        if (upTo !== null || trim.upTo === null) this.#toTrim.shift();
        return true;
      }
      const today = dayOf(this.#options.clock.now());
      if (this.#prunedDay !== today) {
        this.#prunedDay = today;
        file.prepared('DELETE FROM day_count WHERE day < ?').run(today - KEPT_DAYS);
      }
      return file.sweep(ROWS_REMOVED_AT_ONCE);
    });
  }
}

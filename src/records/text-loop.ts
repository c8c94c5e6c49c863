import type { ConversationBackend } from '../core/conversation.ts';
import type { BodyStore } from '../core/stores/bodies.ts';
import type { TextIndex, TextSource } from '../core/stores/log-texts.ts';
import { loadBody } from './conversation-bodies.ts';
import type { Report } from './messages.ts';
import type { Signal } from './signal.ts';

const LOOK_MS = 200;
/** With more news than this within one look, records have the processor to themselves. */
const BURST_RAISES = 20;
/** Under traffic that never rests a step is made all the same, so that the index does not fall behind for ever. */
const LONGEST_REST_MS = 15_000;
/** Between two steps, so that a long catching up takes half a processor at most. */
const BREATH_MS = 20;
const STEP_MS = 20;
const RECORDS_AT_ONCE = 32;
/** Nothing may be new for so long before what is gone is looked for. */
const TIDY_MS = 1000;
/** A record that was announced is in the store within this time, on a good day. */
const LATE_MS = 2000;
const IDLE_LOOK_MS = 5000;

export interface TextLoopOptions {
  readonly index: TextIndex;
  readonly bodies: BodyStore;
  readonly backend: ConversationBackend;
  readonly spoolFolder: string;
  readonly signal: Signal;
  readonly tick: () => number;
  readonly report: (report: Report) => void;
}

/** Reads the bodies of new records for the search, in small steps, whenever nothing else is to be done. */
export class TextLoop {
  readonly #options: TextLoopOptions;
  #raised: number;
  #rested = 0;
  #lookUntil = 0;
  #nextLook = 0;
  #nextTidy = 0;
  #forgotten: number;

  constructor(options: TextLoopOptions) {
    this.#options = options;
    this.#raised = options.signal.raised;
    this.#forgotten = 0;
  }

  /** One step; returns after how many ms the next one is due. */
  step(): number {
    const { signal, tick } = this.#options;
    const { raised } = signal;
    const news = raised - this.#raised;
    this.#raised = raised;
    if (news !== 0) this.#lookUntil = tick() + LATE_MS;
    const isBurst = Math.abs(news) > BURST_RAISES;
    if (isBurst && tick() - this.#rested < LONGEST_REST_MS) return LOOK_MS;
    this.#rested = tick();
    // What is gone is taken out first: its numbers may have been given out again.
    if (tick() >= this.#nextTidy && !isBurst) {
      if (this.#tidy()) return BREATH_MS;
      this.#nextTidy = tick() + TIDY_MS;
    }
    if (tick() >= this.#lookUntil && tick() < this.#nextLook) return LOOK_MS;
    this.#nextLook = tick() + IDLE_LOOK_MS;
    return this.#read() ? BREATH_MS : LOOK_MS;
  }

  #tidy(): boolean {
    const { index, report } = this.#options;
    const more = index.tidy();
    if (index.removedThrough > this.#forgotten) {
      this.#forgotten = index.removedThrough;
      report({ kind: 'removals-taken', through: index.removedThrough });
    }
    return more;
  }

  /** False when there is nothing more to read. */
  #read(): boolean {
    const { index, tick } = this.#options;
    const sources = index.next(RECORDS_AT_ONCE);
    if (sources.length === 0) return false;
    const end = tick() + STEP_MS;
    const texts = [];
    for (const source of sources) {
      texts.push({ source, text: this.#textOf(source) });
      if (tick() >= end) break;
    }
    index.add(texts);
    return true;
  }

  #textOf(source: TextSource) {
    const { bodies, spoolFolder, backend } = this.#options;
    try {
      return backend.readText({
        path: source.path,
        step: source.step,
        request: loadBody(bodies, spoolFolder, source, 'request'),
        response: loadBody(bodies, spoolFolder, source, 'response'),
      });
    } catch {
      // A body that is damaged has no text; the next one may be whole.
      return { preview: null, prompt: '', answer: '' };
    }
  }
}

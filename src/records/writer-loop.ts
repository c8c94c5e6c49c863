import type { BodyStore } from '../core/stores/bodies.ts';
import type { LogWriter } from '../core/stores/log-writer.ts';
import { Drain, type SpoolPlace } from './drain.ts';
import type { Asked, Command, Report, WriterTiming } from './messages.ts';
import { Packing } from './packing.ts';
import type { Signal } from './signal.ts';

/** Fewer records than this since the last sweep, and there is time for other things. */
const IDLE_RECORDS = 50;
const FIRST_PAUSE_MS = 100;
/** Trying again costs little: who has made room should not wait long for records. */
const LONGEST_PAUSE_MS = 1500;

export interface WriterLoopOptions {
  readonly writer: LogWriter;
  readonly bodies: BodyStore;
  readonly signal: Signal;
  readonly spoolFolder: string;
  readonly firstOwnSegment: number;
  readonly timing: WriterTiming;
  readonly now: () => number;
  readonly tick: () => number;
  /** The next command that has arrived; null when there is none. */
  readonly receive: () => Asked<Command> | null;
  readonly report: (report: Report) => void;
}

interface Deletion {
  readonly number: number;
  readonly step: () => number;
  removed: number;
}

/**
 * The life of the writer thread. It blocks while there is nothing to do; everything it does comes in steps of some
 * milliseconds, records first.
 */
export class WriterLoop {
  readonly #options: WriterLoopOptions;
  readonly #drain: Drain;
  readonly #packing: Packing;
  #flushes: { readonly number: number; readonly place: SpoolPlace }[] = [];
  #deletions: Deletion[] = [];
  #closeBy: { readonly tick: number } | null = null;
  #pauseMs = 0;
  #pausedUntil = 0;
  #nextSweep = 0;
  #nextSync = 0;
  #takenAtSweep = 0;
  #restlessUntil = 0;
  #housekeeping = false;
  #arrangeAfter = 0;
  #storeFailing = false;
  #spaceFailing = false;
  /** A good round does not yet mean that what failed would work now. */
  #spaceFailedUntil = 0;

  constructor(options: WriterLoopOptions) {
    this.#options = options;
    const { writer, bodies, signal, spoolFolder, firstOwnSegment, timing, report } = options;
    this.#drain = new Drain(writer, { folder: spoolFolder, firstOwnSegment, signal, report });
    this.#packing = new Packing(writer, bodies, this.#drain.damaged, {
      folder: spoolFolder,
      shrinkMs: timing.shrinkMs,
      unpackedBytes: timing.unpackedBytes,
      report,
    });
    this.#packing.clean();
  }

  /** Returns when a close command was carried out. */
  run(): void {
    const { signal, timing, tick } = this.#options;
    for (;;) {
      const raised = signal.raised;
      const hurried = signal.hurried;
      const commanded = this.#takeCommands();
      const more = this.#work();
      if (this.#closeBy !== null && (!more || tick() >= this.#closeBy.tick)) break;
      if (more || commanded) continue;
      signal.wait(raised, Math.max(1, this.#nextDue() - tick()));
      if (signal.raised !== raised) signal.gather(hurried, timing.gatherMs);
    }
    this.#answerFlushes(false);
    this.#sendStats();
    this.#options.writer.close();
  }

  /** The store's file was replaced: everything in the spool that it does not know is taken over again. */
  restartDrain(): void {
    this.#drain.restart();
  }

  /** One round; true when the next one should follow at once. */
  #work(): boolean {
    const { tick } = this.#options;
    const draining = tick() >= this.#pausedUntil && this.#drainOnce();
    this.#answerFlushes(draining);
    if (this.#closeBy !== null) return draining;
    const deleting = this.#deleteOnce();
    const arranging = this.#arrangeOnce(draining || deleting);
    if (tick() >= this.#nextSweep) this.#beginSweep();
    if (this.#housekeeping && !draining && !deleting) this.#housekeeping = this.#houseKeepOnce();
    return draining || deleting || arranging || this.#housekeeping;
  }

  #drainOnce(): boolean {
    const { report, tick } = this.#options;
    try {
      const more = this.#drain.step();
      if (this.#storeFailing) {
        this.#storeFailing = false;
        report({ kind: 'recovered', component: 'log-store' });
        report({ kind: 'log', level: 'warn', fields: {}, message: 'the log store takes records again' });
      }
      this.#pauseMs = 0;
      return more;
    } catch (error) {
      const message = `the log store takes no records, they stay in the spool: ${messageOf(error)}`;
      report({ kind: 'degraded', component: 'log-store', message });
      if (!this.#storeFailing) report({ kind: 'log', level: 'error', fields: {}, message });
      this.#storeFailing = true;
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2));
      this.#pausedUntil = tick() + this.#pauseMs;
      try {
        this.#drain.restart();
      } catch {
        // The store cannot say how far it got either; the next try begins with the same question.
      }
      return false;
    }
  }

  #deleteOnce(): boolean {
    const deletion = this.#deletions[0];
    if (deletion === undefined) return false;
    try {
      const removed = deletion.step();
      deletion.removed += removed;
      if (removed > 0) return true;
      this.#options.report({ kind: 'answer', number: deletion.number, value: deletion.removed });
      this.#housekeeping = true;
    } catch (error) {
      this.#fail(deletion.number, error);
    }
    this.#deletions.shift();
    return this.#deletions.length > 0;
  }

  #arrangeOnce(busy: boolean): boolean {
    const { tick } = this.#options;
    if (this.#storeFailing || tick() < this.#arrangeAfter) return false;
    try {
      return this.#options.writer.arrange(busy);
    } catch (error) {
      // Reading is slower without it, and nothing else.
      this.#arrangeAfter = tick() + LONGEST_PAUSE_MS;
      const message = `the log store cannot be arranged: ${messageOf(error)}`;
      this.#options.report({ kind: 'log', level: 'warn', fields: {}, message });
      return false;
    }
  }

  #beginSweep(): void {
    const { tick, timing } = this.#options;
    this.#nextSweep = tick() + timing.sweepMs;
    this.#housekeeping = true;
    this.#sendStats();
  }

  /** Retention, packing and giving back space, one step; false when all is done. */
  #houseKeepOnce(): boolean {
    const { writer, now, tick, timing, report } = this.#options;
    try {
      if (timing.syncMs !== null && tick() >= this.#nextSync) {
        this.#nextSync = tick() + timing.syncMs;
        this.#drain.sync();
      }
      const idle = this.#drain.taken - this.#takenAtSweep < IDLE_RECORDS;
      if (!idle) this.#restlessUntil = tick() + timing.restMs;
      const rests = idle && tick() >= this.#restlessUntil;
      const more = writer.retain(now()) > 0 || this.#packing.step(now(), rests) || writer.vacuum(idle);
      if (!more) this.#takenAtSweep = this.#drain.taken;
      if (this.#spaceFailing && tick() >= this.#spaceFailedUntil) {
        this.#spaceFailing = false;
        report({ kind: 'recovered', component: 'log-space' });
      }
      return more;
    } catch (error) {
      const message = `logs can be neither removed nor packed: ${messageOf(error)}`;
      report({ kind: 'degraded', component: 'log-space', message });
      if (!this.#spaceFailing) report({ kind: 'log', level: 'error', fields: {}, message });
      this.#spaceFailing = true;
      this.#spaceFailedUntil = tick() + 2 * LONGEST_PAUSE_MS;
      return false;
    }
  }

  #takeCommands(): boolean {
    let any = false;
    for (let asked = this.#options.receive(); asked !== null; asked = this.#options.receive()) {
      any = true;
      try {
        this.#obey(asked);
      } catch (error) {
        this.#fail(asked.number, error);
      }
    }
    return any;
  }

  #obey({ number, what }: Asked<Command>): void {
    const { writer, report, tick } = this.#options;
    switch (what.kind) {
      case 'flush':
        this.#flushes.push({ number, place: this.#drain.end() });
        return;
      case 'patch': {
        const value = writer.patch(what.account, what.gateway, what.id, what.change);
        report({ kind: 'answer', number, value });
        return;
      }
      case 'delete':
        this.#deletions.push({ number, step: writer.delete(what.selection), removed: 0 });
        return;
      case 'policies':
        writer.applyPolicies(what.policies);
        this.#nextSweep = 0;
        report({ kind: 'answer', number, value: true });
        return;
      case 'forget-removals':
        writer.forgetRemovals(what.through);
        report({ kind: 'answer', number, value: true });
        return;
      case 'check':
        writer.check();
        report({ kind: 'answer', number, value: true });
        return;
      case 'close':
        this.#closeBy = { tick: tick() + what.withinMs };
        return;
    }
  }

  /** While records are still being taken over, only those whose own records are in the store. */
  #answerFlushes(draining: boolean): void {
    const waiting = this.#flushes;
    this.#flushes = [];
    for (const flush of waiting) {
      if (draining && !this.#drain.isPast(flush.place)) this.#flushes.push(flush);
      else this.#options.report({ kind: 'answer', number: flush.number, value: !this.#storeFailing });
    }
  }

  #fail(number: number, error: unknown): void {
    const name = error instanceof Error ? error.name : 'Error';
    this.#options.report({ kind: 'failure', number, name, message: messageOf(error) });
  }

  #nextDue(): number {
    return this.#storeFailing ? Math.min(this.#pausedUntil, this.#nextSweep) : this.#nextSweep;
  }

  #sendStats(): void {
    try {
      const stats = {
        takenRecords: this.#drain.taken,
        backlogBytes: this.#drain.backlogBytes(),
        unpackedBytes: this.#packing.unpackedBytes,
        rows: this.#options.writer.countRows(),
      };
      this.#options.report({ kind: 'stats', stats });
    } catch {
      // The store is away, which is reported elsewhere.
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

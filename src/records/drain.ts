import { closeSync, existsSync, fdatasyncSync, fstatSync, openSync, statSync } from 'node:fs';
import type { LogWriter } from '../core/stores/log-writer.ts';
import type { Report } from './messages.ts';
import { type ReadBatch, SegmentReader } from './segment-reader.ts';
import { listSegments, segmentPath } from './segments.ts';
import type { Signal } from './signal.ts';

const BATCH_ROWS = 500;
const BATCH_BYTES = 32 * 1024 * 1024;
/** A finished segment that cannot be read this often is left alone, so that the others go on. */
const READ_TRIES = 3;

export interface DrainOptions {
  readonly folder: string;
  /** Segments below are of an earlier process: nobody writes to them any more, and they are checked byte by byte. */
  readonly firstOwnSegment: number;
  readonly signal: Signal;
  readonly report: (report: Report) => void;
}

export interface SpoolPlace {
  readonly segment: number;
  readonly offset: number;
}

/**
 * Takes records from the spool into the store. How far it got is stored with the rows, in one transaction: wherever
 * the process dies, the next one goes on at exactly the next record.
 */
export class Drain {
  readonly #options: DrainOptions;
  readonly #writer: LogWriter;
  #pending: { segment: number; offset: number }[] = [];
  #knownActive = -1;
  #reader: SegmentReader | null = null;
  #readFailures = 0;
  /** Segments with bad places, to be kept for a person to look at. */
  readonly damaged = new Set<number>();
  #taken = 0;

  constructor(writer: LogWriter, options: DrainOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#findPending();
  }

  /** Of the records of this process. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes one batch; false when there is nothing more for now. Throws when the store does not take it. */
  step(): boolean {
    // Read before the size of any file: what was active then may be unfinished, whatever is found below.
    const active = this.#options.signal.activeSegment;
    if (active !== this.#knownActive) {
      this.#findPending();
      this.#knownActive = active;
    }
    const current = this.#pending[0];
    if (current === undefined) return false;
    const finished = current.segment < active || current.segment < this.#options.firstOwnSegment;
    const batch = this.#read(current, finished);
    if (batch === null) return true;
    const done = finished && batch.atEnd;
    const offset = this.#reader?.offset ?? current.offset;
    if (batch.entries.length === 0 && !done && offset === current.offset) return false;
    try {
      const { repeated, refused, unfit } = this.#writer.append(batch.entries, {
        segment: current.segment,
        offset,
        finished: done,
      });
      if (repeated > 0) this.#options.report({ kind: 'count', name: 'records_repeated', by: repeated });
      if (refused > 0) this.#options.report({ kind: 'count', name: 'records_refused_by_limit', by: refused });
      for (const { id, reason } of unfit) this.#reportUnfit(id, reason);
    } catch (error) {
      this.#forgetReader();
      throw error;
    }
    for (const damage of batch.damage) this.#reportDamage(current.segment, damage);
    current.offset = offset;
    if (current.segment >= this.#options.firstOwnSegment) this.#taken += batch.entries.length;
    if (!done) return !batch.atEnd;
    this.#forgetReader();
    this.#pending.shift();
    return this.#pending.length > 0;
  }

  /** After the store was opened anew: its memory of how far we got may be another. */
  restart(): void {
    this.#forgetReader();
    this.#findPending();
  }

  /** Behind everything that is in the spool now. */
  end(): SpoolPlace {
    const segment = this.#options.signal.activeSegment;
    return { segment, offset: sizeOf(segmentPath(this.#options.folder, segment)) ?? 0 };
  }

  /** True when all that is before the place is in the store. */
  isPast({ segment, offset }: SpoolPlace): boolean {
    const current = this.#pending[0];
    if (current === undefined) return offset === 0;
    return current.segment > segment || (current.segment === segment && current.offset >= offset);
  }

  backlogBytes(): number {
    let bytes = 0;
    for (const { segment, offset } of this.#pending) {
      bytes += Math.max(0, (sizeOf(segmentPath(this.#options.folder, segment)) ?? offset) - offset);
    }
    return bytes;
  }

  /** Makes what was written to the segment in work survive a loss of power. */
  sync(): void {
    const current = this.#pending.at(-1);
    if (current === undefined) return;
    const descriptor = openSync(segmentPath(this.#options.folder, current.segment), 'r');
    try {
      if (fstatSync(descriptor).size > 0) fdatasyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  #read(current: { segment: number; offset: number }, finished: boolean): ReadBatch | null {
    try {
      this.#reader ??= new SegmentReader(this.#options.folder, current.segment, current.offset);
      const batch = this.#reader.next({
        entries: BATCH_ROWS,
        bytes: BATCH_BYTES,
        finished,
        verify: current.segment < this.#options.firstOwnSegment,
      });
      this.#readFailures = 0;
      return batch;
    } catch (error) {
      this.#forgetReader();
      if (existsSync(segmentPath(this.#options.folder, current.segment))) {
        if (!finished || ++this.#readFailures < READ_TRIES) throw error;
        this.damaged.add(current.segment);
      }
      this.#readFailures = 0;
      const message = `segment ${current.segment} of the spool cannot be read from byte ${current.offset}: ${messageOf(error)}`;
      this.#options.report({ kind: 'degraded', component: 'spool-segment', message });
      this.#options.report({ kind: 'log', level: 'error', fields: { segment: current.segment }, message });
      this.#writer.append([], { segment: current.segment, offset: current.offset, finished: true });
      this.#pending.shift();
      return null;
    }
  }

  #findPending(): void {
    const known = new Map(this.#writer.segments().map((state) => [state.segment, state]));
    this.#pending = listSegments(this.#options.folder)
      .filter((segment) => known.get(segment)?.finished !== true)
      .map((segment) => ({ segment, offset: known.get(segment)?.offset ?? 0 }));
    if (this.#reader !== null && this.#reader.segment !== this.#pending[0]?.segment) this.#forgetReader();
  }

  #forgetReader(): void {
    this.#reader?.close();
    this.#reader = null;
  }

  #reportUnfit(id: string, reason: string): void {
    const { report } = this.#options;
    report({ kind: 'count', name: 'records_unfit', by: 1 });
    report({
      kind: 'log',
      level: 'error',
      fields: { id, reason },
      message: 'a record fits no row and is left out',
    });
  }

  #reportDamage(segment: number, damage: { at: number; bytes: number; torn: boolean }): void {
    const { report } = this.#options;
    const fields = { segment, at: damage.at, bytes: damage.bytes };
    if (damage.torn) {
      report({ kind: 'count', name: 'spool_torn_bytes', by: damage.bytes });
      report({
        kind: 'log',
        level: 'warn',
        fields,
        message: 'the end of a spool segment was torn and is skipped',
      });
      return;
    }
    this.damaged.add(segment);
    report({ kind: 'count', name: 'spool_damaged_bytes', by: damage.bytes });
    const message = `segment ${segment} of the spool is damaged: ${damage.bytes} bytes from byte ${damage.at} were skipped, the rest was taken over`;
    report({ kind: 'degraded', component: 'spool-segment', message });
    report({ kind: 'log', level: 'error', fields, message });
  }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

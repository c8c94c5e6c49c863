import { closeSync, constants, ftruncateSync, mkdirSync, openSync, writeSync, writevSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import type { Health } from '../core/health.ts';
import type { Logger } from '../core/logger.ts';
import type { LogRecord, RecordBodies, RecordSink } from '../core/stores/logs.ts';
import { atTurnEnd } from '../core/turn-end.ts';
import { FrameEncoder } from './frame.ts';
import { listSegments, segmentPath } from './segments.ts';
import type { Signal } from './signal.ts';

export interface SpoolOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly logger: Logger;
  readonly signal: Signal;
  /** Numbers up to this are taken, whatever the clock says. */
  readonly lastSegment?: number;
  /** A segment that has grown to this is finished and a new one begun. */
  readonly segmentBytes?: number;
}

const OPEN_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;

/**
 * The records' way off the request path: what is appended in one turn of the event loop is written to a local file
 * together, at the turn's end and before any of its replies end. The page cache is enough to outlive the death of this
 * process; the writer thread takes it from there.
 */
export class Spool implements RecordSink {
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  readonly #encoder = new FrameEncoder();
  #descriptor: number | null = null;
  /** The first segment that this one can write to. */
  readonly firstSegment: number;
  #segment: number;
  #size = 0;
  #failing = false;
  /** Of the records of this turn, encoded and not written yet. */
  #lengths: number[] = [];
  #gatheredBytes = 0;
  #appended = 0;
  #appendedBytes = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? 16 * 1024 * 1024;
    mkdirSync(options.folder, { recursive: true });
    this.#segment = Math.max(listSegments(options.folder).at(-1) ?? 0, options.lastSegment ?? 0);
    this.firstSegment = this.#segment + 1;
    try {
      // Now and not with the first record, which may come when no file descriptor is left.
      this.#begin();
    } catch (error) {
      const message = `the spool cannot be written to: ${messageOf(error)}`;
      options.health.degrade('spool', message, options.clock.now());
      options.logger.error({}, message);
      this.#failing = true;
    }
  }

  /** Records and bytes appended since the start. */
  get appended(): { readonly records: number; readonly bytes: number } {
    return { records: this.#appended, bytes: this.#appendedBytes };
  }

  append(record: LogRecord, bodies: RecordBodies | null): void {
    try {
      this.#openSegment();
      const length = this.#encoder.add(this.#segment, record, bodies);
      this.#gatheredBytes += length;
      if (this.#lengths.push(length) === 1) atTurnEnd(() => this.flush());
    } catch (error) {
      this.#fail(error, 1);
    }
  }

  /** Writes what was appended in this turn. A reply ends after that, since it comes to its turn's end later. */
  flush(): void {
    if (this.#lengths.length === 0) return;
    const lengths = this.#lengths;
    const pieces = this.#encoder.take();
    this.#lengths = [];
    this.#gatheredBytes = 0;
    if (this.#write(pieces, lengths) || lengths.length === 1) return;
    // Where not all have room, those that come first, and small ones, may.
    const bytes = Buffer.concat(pieces);
    let at = 0;
    for (const length of lengths) {
      this.#write([bytes.subarray(at, at + length)], [length]);
      at += length;
    }
  }

  #write(pieces: Buffer[], lengths: readonly number[]): boolean {
    let bytes: number;
    try {
      if (this.#descriptor === null) this.#begin();
      bytes = writePieces(this.#descriptor!, pieces);
    } catch (error) {
      this.#fail(error, lengths.length === 1 ? 1 : 0);
      return false;
    }
    this.#size += bytes;
    this.#appended += lengths.length;
    this.#appendedBytes += bytes;
    if (this.#failing) this.#recover();
    this.#options.signal.raise();
    return true;
  }

  /** Finishes the segment: the next record begins a new one. Also lets the writer pack what is in it. */
  rotate(): void {
    this.flush();
    if (this.#descriptor === null || this.#size === 0) return;
    try {
      this.#begin();
    } catch (error) {
      // Without a new segment (no descriptor free, no space) the old one goes on growing.
      this.#options.logger.warn({ error: messageOf(error) }, 'the spool could not begin a new segment');
    }
  }

  close(): void {
    this.flush();
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    // Nothing is written after this: the writer may take the last segment as finished.
    this.#options.signal.activeSegment = this.#segment + 1;
    this.#options.signal.raise();
  }

  #openSegment(): void {
    if (this.#size + this.#gatheredBytes >= this.#segmentBytes) this.rotate();
    if (this.#descriptor === null) this.#begin();
  }

  #begin(): void {
    const { folder, clock, signal } = this.#options;
    const segment = Math.max(clock.now(), this.#segment + 1);
    const descriptor = openSync(segmentPath(folder, segment), OPEN_FLAGS, 0o600);
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#segment = segment;
    this.#size = 0;
    signal.activeSegment = segment;
    signal.raise();
  }

  #fail(error: unknown, records: number): void {
    const { health, clock, logger } = this.#options;
    if (records > 0) health.count('records_lost', records);
    health.degrade('spool', `records are being lost: ${messageOf(error)}`, clock.now());
    if (!this.#failing)
      logger.error({ error: messageOf(error) }, 'a record could not be written to the spool');
    this.#failing = true;
    if (this.#descriptor === null) return;
    try {
      // Half a frame may have been written. What follows it must begin where it began.
      ftruncateSync(this.#descriptor, this.#size);
    } catch {
      // Then this segment ends with the half: a reader takes it for a torn end, and the next record begins another.
      this.#abandon();
    }
  }

  #abandon(): void {
    if (this.#descriptor === null) return;
    try {
      closeSync(this.#descriptor);
    } catch {
      // The descriptor is gone either way.
    }
    this.#descriptor = null;
    this.#options.signal.activeSegment = this.#segment + 1;
  }

  #recover(): void {
    this.#failing = false;
    const lost = this.#options.health.counters.get('records_lost') ?? 0;
    this.#options.health.recover('spool');
    this.#options.logger.warn({ recordsLost: lost }, 'the spool takes records again');
  }
}

/** Writes all of it or throws; a file may take less than asked for when space runs out. */
function writePieces(descriptor: number, pieces: Buffer[]): number {
  // One piece is the everyday case, and a plain write is a third cheaper than a vector of one.
  if (pieces.length === 1) {
    const only = pieces[0]!;
    let done = writeSync(descriptor, only);
    while (done < only.length) done += writeSync(descriptor, only, done);
    return done;
  }
  // The kernel takes at most 1024 pieces at once.
  let total = 0;
  for (let from = 0; from < pieces.length; from += 1024) {
    const some = from === 0 && pieces.length <= 1024 ? pieces : pieces.slice(from, from + 1024);
    total += writeVector(descriptor, some);
  }
  return total;
}

function writeVector(descriptor: number, pieces: readonly Buffer[]): number {
  const wanted = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let done = writevSync(descriptor, pieces);
  while (done < wanted) {
    let skip = done;
    const left: Buffer[] = [];
    for (const piece of pieces) {
      if (skip >= piece.length) skip -= piece.length;
      else {
        left.push(piece.subarray(skip));
        skip = 0;
      }
    }
    done += writevSync(descriptor, left);
  }
  return done;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

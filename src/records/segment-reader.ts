import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { BodySource } from '../core/stores/bodies.ts';
import type { LogEntry } from '../core/stores/log-writer.ts';
import { decodeEntry, decodeLengths, FRAME_HEADER_BYTES, isIntact, neededBytes } from './frame.ts';
import { segmentPath } from './segments.ts';

export interface Damage {
  /** Address of the first bad byte. */
  readonly at: number;
  readonly bytes: number;
  /** True when nothing good follows: the write was cut off, by a crash or a full disk. */
  readonly torn: boolean;
}

export interface ReadBatch {
  readonly entries: LogEntry[];
  readonly damage: readonly Damage[];
  /** Nothing whole is left to read, for now or for good. */
  readonly atEnd: boolean;
}

const WINDOW_BYTES = 1024 * 1024;
const MAGIC_BYTES = Buffer.from('TGR1');

/**
 * Reads frames of one segment from front to back, also while it is being written. Large bodies are stepped over
 * unread.
 */
export class SegmentReader implements BodySource {
  readonly segment: number;
  readonly #descriptor: number;
  #window = Buffer.allocUnsafe(WINDOW_BYTES);
  #windowAt = 0;
  #windowLength = 0;
  #settled = false;
  #offset: number;

  constructor(folder: string, segment: number, offset: number) {
    this.segment = segment;
    this.#descriptor = openSync(segmentPath(folder, segment), 'r');
    this.#offset = offset;
  }

  /** Address up to which everything was returned by next(). */
  get offset(): number {
    return this.#offset;
  }

  /**
   * `finished` says that nobody writes to the segment any more, so that what is not whole will never be. `verify`
   * checks the sums: needed for files of an earlier process, not for what this one has just written.
   */
  next(limits: { entries: number; bytes: number; finished: boolean; verify: boolean }): ReadBatch {
    const size = fstatSync(this.#descriptor).size;
    const entries: LogEntry[] = [];
    const damage: Damage[] = [];
    const end = this.#offset + limits.bytes;
    // What was read while it was being written may have been cut off and written anew since.
    if (!this.#settled) this.#windowLength = 0;
    this.#settled = limits.finished;
    while (entries.length < limits.entries && this.#offset < end) {
      const length = this.#frameAt(this.#offset, size, limits.verify, entries);
      if (length > 0) {
        this.#offset += length;
        continue;
      }
      if (this.#offset >= size || !limits.finished) return { entries, damage, atEnd: true };
      const good = this.#findFrame(this.#offset + 1, size);
      damage.push({ at: this.#offset, bytes: (good ?? size) - this.#offset, torn: good === null });
      this.#offset = good ?? size;
    }
    return { entries, damage, atEnd: this.#offset >= size };
  }

  read(into: Buffer, at: number): number {
    return readFully(this.#descriptor, into, 0, into.length, at);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Appends the frame's entry and returns its length; 0 when there is no whole frame. */
  #frameAt(at: number, size: number, verify: boolean, entries: LogEntry[] | null): number {
    if (at + FRAME_HEADER_BYTES > size || !this.#load(at, FRAME_HEADER_BYTES)) return 0;
    const lengths = decodeLengths(this.#window, at - this.#windowAt);
    if (lengths === null || at + lengths.total > size || !this.#load(at, neededBytes(lengths))) return 0;
    const place = at - this.#windowAt;
    if (verify && !isIntact(this.segment, this.#window, place, lengths)) return 0;
    entries?.push(decodeEntry(this.#window, place, lengths, this.segment, at));
    return lengths.total;
  }

  #findFrame(from: number, size: number): number | null {
    let at = from;
    while (this.#load(at, FRAME_HEADER_BYTES)) {
      const found = this.#window.subarray(0, this.#windowLength).indexOf(MAGIC_BYTES, at - this.#windowAt);
      if (found < 0) {
        // The magic may lie across the border.
        at = Math.max(at + 1, this.#windowAt + this.#windowLength - MAGIC_BYTES.length + 1);
        continue;
      }
      at = this.#windowAt + found;
      if (this.#frameAt(at, size, true, null) > 0) return at;
      at++;
    }
    return null;
  }

  /** Makes the bytes available in the window; false when the file ends before. */
  #load(at: number, length: number): boolean {
    const windowEnd = this.#windowAt + this.#windowLength;
    if (at >= this.#windowAt && at + length <= windowEnd) return true;
    if (length > this.#window.length) {
      this.#window = Buffer.allocUnsafe(length);
      this.#windowLength = 0;
    } else if (this.#window.length > WINDOW_BYTES && length <= WINDOW_BYTES) {
      this.#window = Buffer.allocUnsafe(WINDOW_BYTES);
      this.#windowLength = 0;
    }
    this.#windowAt = at;
    this.#windowLength = readFully(this.#descriptor, this.#window, 0, this.#window.length, at);
    return this.#windowLength >= length;
  }
}

export function readFully(
  descriptor: number,
  into: Buffer,
  from: number,
  length: number,
  at: number,
): number {
  let done = 0;
  while (done < length) {
    const read = readSync(descriptor, into, from + done, length - done, at + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}

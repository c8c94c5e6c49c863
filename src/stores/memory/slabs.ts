const SLAB_BYTES = 64 * 1024;
/** What is larger does not go into a slab, so that little is left over at its end. */
const MOST_BYTES = SLAB_BYTES / 8;
/** Slabs that are ready to be filled again. */
const MOST_FREE = 16;

/** A buffer that many entries share. */
export interface Slab {
  readonly bytes: Buffer;
  /** Where the next entry goes. */
  end: number;
  /** Of entries that are still in it. */
  liveBytes: number;
}

/**
 * Room for small entries in a few large buffers: a buffer for each would cost the garbage collector more than its bytes. A
 * slab is used again when the last entry has left it, so that nobody may be given a view of one.
 */
export class Slabs {
  readonly #free: Slab[] = [];
  #current: Slab | null = null;
  #bytes = 0;

  /** Of all slabs that hold entries. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A slab in which so many bytes may be written, from `end - length` on; null when they are too many. */
  take(length: number): Slab | null {
    if (length > MOST_BYTES) return null;
    let slab = this.#current;
    if (slab === null || slab.end + length > SLAB_BYTES) {
      if (slab?.liveBytes === 0) this.#leave(slab);
      slab = this.#free.pop() ?? { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), end: 0, liveBytes: 0 };
      this.#current = slab;
      this.#bytes += SLAB_BYTES;
    }
    slab.end += length;
    slab.liveBytes += length;
    return slab;
  }

  /** An entry of so many bytes is no longer in it. */
  give(slab: Slab, length: number): void {
    slab.liveBytes -= length;
    if (slab.liveBytes === 0 && slab !== this.#current) this.#leave(slab);
  }

  #leave(slab: Slab): void {
    this.#bytes -= SLAB_BYTES;
    slab.end = 0;
    if (this.#free.length < MOST_FREE) this.#free.push(slab);
  }
}

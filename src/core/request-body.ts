/** A request body in memory, in the pieces in which it came: large ones are passed on, hashed and recorded without being copied. */
export class HeldBody {
  readonly kind = 'held';
  readonly chunks: readonly Buffer[];
  /** Bytes. */
  readonly size: number;
  #bytes: Buffer | null = null;

  constructor(chunks: readonly Buffer[]) {
    this.chunks = chunks;
    this.size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** All of it in one piece; put together on first use, which for a megabyte costs as much as hashing it. */
  get bytes(): Buffer {
    this.#bytes ??= this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks, this.size);
    return this.#bytes;
  }

  /**
   * Lets `look` read the body in one piece, in memory that is used again as soon as it returns: nothing of what it is
   * given may be kept.
   */
  peruse<T>(look: (bytes: Buffer) => T): T {
    if (this.#bytes || this.chunks.length <= 1 || this.size > MOST_SCRATCH_BYTES) return look(this.bytes);
    if (scratch.length < this.size) scratch = Buffer.allocUnsafeSlow(this.size);
    let at = 0;
    for (const chunk of this.chunks) at += chunk.copy(scratch, at);
    return look(scratch.subarray(0, this.size));
  }
}

const MOST_SCRATCH_BYTES = 4 * 1024 * 1024;
// Fresh memory of this size costs more than the copy: the kernel hands it out page by page, each cleared.
let scratch = Buffer.alloc(0);

/** A body over the buffer limit: it is sent once, cannot be cached or retried, and only its head is known. */
export interface StreamingBody {
  readonly kind: 'streaming';
  readonly head: Buffer;
  readonly rest: AsyncIterable<Buffer>;
  /** Bytes; null when it was not announced. */
  readonly size: number | null;
}

/** The body of a client's request. Held bodies can be hashed, scanned and sent again. */
export type RequestBody = HeldBody | StreamingBody;

export const NO_BODY = new HeldBody([]);

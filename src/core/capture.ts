const TAIL_BYTES = 64 * 1024;
/** Nothing is ever put into it. */
const NONE: Buffer[] = [];

/**
 * Keeps what passes: everything up to a limit, and beyond it the head and the last bytes (where usage stands). Holds
 * the chunks themselves, so that a body that is passed on is not copied to be kept.
 */
export class Capture {
  readonly limitBytes: number;
  #head: Buffer[] = NONE;
  #tail: Buffer[] = NONE;
  #headBytes = 0;
  #tailBytes = 0;
  totalBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    this.totalBytes += chunk.length;
    if (this.#headBytes < this.limitBytes) {
      const room = this.limitBytes - this.#headBytes;
      if (chunk.length <= room) {
        this.#head = withChunk(this.#head, chunk);
        this.#headBytes += chunk.length;
        return;
      }
      this.#head = withChunk(this.#head, chunk.subarray(0, room));
      this.#headBytes += room;
      chunk = chunk.subarray(room);
    }
    this.#tail = withChunk(this.#tail, chunk);
    this.#tailBytes += chunk.length;
    while (this.#tail.length > 1 && this.#tailBytes - this.#tail[0]!.length >= TAIL_BYTES) {
      this.#tailBytes -= this.#tail.shift()!.length;
    }
  }

  get isWhole(): boolean {
    return this.totalBytes === this.#headBytes;
  }

  /** The first bytes, up to the limit. */
  get chunks(): readonly Buffer[] {
    return this.#head;
  }

  /** Offset at which bytes are missing from bytes(); null when none are. */
  get gapAt(): number | null {
    return this.totalBytes > this.#headBytes + this.#tailBytes ? this.#headBytes : null;
  }

  /** Head and tail as one buffer. */
  bytes(): Buffer {
    if (this.#tail.length > 0) return Buffer.concat([...this.#head, ...this.#tail]);
    // The reader, the cache and the record ask for them: they are joined once, and kept so.
    if (this.#head.length !== 1) this.#head = [Buffer.concat(this.#head)];
    return this.#head[0]!;
  }
}

/** Most answers come in one piece, and a list that begins empty takes room for seventeen with its first. */
function withChunk(chunks: Buffer[], chunk: Buffer): Buffer[] {
  if (chunks === NONE) return [chunk];
  chunks.push(chunk);
  return chunks;
}

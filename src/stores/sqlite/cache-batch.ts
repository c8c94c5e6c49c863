import type { CacheEntry } from '../../core/stores/cache.ts';

/** A row as it is written. */
export interface CacheRow {
  readonly key: Uint8Array;
  readonly gateway: string;
  readonly expiresAt: number;
  /** JSON, in UTF-8. */
  readonly head: Uint8Array;
  /** Of the head as a string: lists find the length of the body by it. */
  readonly headLength: number;
  readonly body: Uint8Array;
}

const LEAST_BYTES = 64 * 1024;
/** A larger buffer is not used again. */
const MOST_BYTES = 8 * 1024 * 1024;
const KEY_BYTES = 32;

/**
 * Entries on their way to the writing thread, in one buffer that is handed over and comes back: fresh memory would cost
 * more than all that is written into it.
 */
export class CacheBatch {
  #bytes = Buffer.alloc(0);
  #end = 0;
  #spare = Buffer.alloc(0);

  get length(): number {
    return this.#end;
  }

  add({ key, account, gateway, expiresAt, body }: CacheEntry, head: string): void {
    const place = `${account}/${gateway}`;
    const placeBytes = Buffer.byteLength(place);
    const headBytes = Buffer.byteLength(head);
    this.#makeRoom(24 + KEY_BYTES + placeBytes + headBytes + body.length);
    const bytes = this.#bytes;
    let at = this.#end;
    at = bytes.writeDoubleLE(expiresAt, at);
    at = bytes.writeUInt32LE(placeBytes, at);
    at = bytes.writeUInt32LE(headBytes, at);
    at = bytes.writeUInt32LE(head.length, at);
    at = bytes.writeUInt32LE(body.length, at);
    at += bytes.write(key, at, 'hex');
    at += bytes.write(place, at);
    at += bytes.write(head, at);
    bytes.set(body, at);
    this.#end = at + body.length;
  }

  /** What was added, for `readBatch`. Begins again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#bytes = this.#spare;
    this.#spare = Buffer.alloc(0);
    this.#end = 0;
    return taken;
  }

  /** The buffer of a batch that was taken is free again. */
  giveBack(buffer: ArrayBuffer): void {
    if (buffer.byteLength > MOST_BYTES) return;
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(buffer);
    else this.#spare = Buffer.from(buffer);
  }

  #makeRoom(length: number): void {
    const old = this.#bytes;
    const needed = this.#end + length;
    if (needed <= old.length) return;
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(LEAST_BYTES, old.length * 2, needed));
    old.copy(this.#bytes, 0, 0, this.#end);
  }
}

/** The rows of a batch, as views of its bytes. */
export function* readBatch(taken: Uint8Array): Generator<CacheRow> {
  const bytes = Buffer.from(taken.buffer, taken.byteOffset, taken.length);
  for (let at = 0; at < bytes.length; ) {
    const expiresAt = bytes.readDoubleLE(at);
    const placeBytes = bytes.readUInt32LE(at + 8);
    const headBytes = bytes.readUInt32LE(at + 12);
    const headLength = bytes.readUInt32LE(at + 16);
    const bodyBytes = bytes.readUInt32LE(at + 20);
    const placeAt = at + 24 + KEY_BYTES;
    const headAt = placeAt + placeBytes;
    const bodyAt = headAt + headBytes;
    const end = bodyAt + bodyBytes;
    yield {
      key: bytes.subarray(at + 24, placeAt),
      gateway: bytes.toString('utf8', placeAt, headAt),
      expiresAt,
      head: bytes.subarray(headAt, bodyAt),
      headLength,
      body: bytes.subarray(bodyAt, end),
    };
    at = end;
  }
}

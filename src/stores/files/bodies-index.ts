import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BodyRange } from '../../core/stores/bodies.ts';

export interface Block {
  /** Place and length in the file. */
  readonly at: number;
  readonly length: number;
  /** Number of the first range whose bytes lie in it. */
  readonly firstRange: number;
  readonly compressed: boolean;
}

/** The end of a file of bodies: length of the packed index, CRC-32 of it, magic. */
export const FOOTER_BYTES = 12;
const MAGIC = 0x31424754;
const BLOCK_FIELDS = 4;
const RANGE_FIELDS = 2;

/** The index, packed, followed by the footer. Numbers are doubles: plain, aligned, and they compress well. */
export function encodeIndex(blocks: readonly Block[], ranges: readonly BodyRange[]): Buffer {
  const numbers = new Float64Array(1 + blocks.length * BLOCK_FIELDS + ranges.length * RANGE_FIELDS);
  let at = 0;
  numbers[at++] = blocks.length;
  for (const block of blocks) {
    numbers[at++] = block.at;
    numbers[at++] = block.length;
    numbers[at++] = block.firstRange;
    numbers[at++] = block.compressed ? 1 : 0;
  }
  for (const range of ranges) {
    numbers[at++] = range.at;
    numbers[at++] = range.length;
  }
  const packed = zstdCompressSync(Buffer.from(numbers.buffer));
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeUInt32LE(packed.length, 0);
  footer.writeUInt32LE(crc32(packed), 4);
  footer.writeUInt32LE(MAGIC, 8);
  return Buffer.concat([packed, footer]);
}

/** `read` returns so many bytes that begin so far from the end of the file. */
export function decodeIndex(read: (length: number, fromEnd: number) => Buffer): Index {
  const footer = read(FOOTER_BYTES, FOOTER_BYTES);
  const length = footer.readUInt32LE(0);
  if (footer.readUInt32LE(8) !== MAGIC) throw new Error('a file of bodies has no index');
  const packed = read(length, FOOTER_BYTES + length);
  if (crc32(packed) !== footer.readUInt32LE(4)) throw new Error('the index of a file of bodies is damaged');
  const bytes = zstdDecompressSync(packed);
  return new Index(
    new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer),
  );
}

export class Index {
  readonly #numbers: Float64Array;
  readonly #blockCount: number;
  readonly #rangesAt: number;
  readonly #rangeCount: number;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
    this.#blockCount = numbers[0] ?? 0;
    this.#rangesAt = 1 + this.#blockCount * BLOCK_FIELDS;
    this.#rangeCount = (numbers.length - this.#rangesAt) / RANGE_FIELDS;
  }

  /** The block that holds the range, and where in the unpacked block it begins; null when it was not packed. */
  find(range: BodyRange): { readonly block: Block; readonly offset: number } | null {
    const found = lastAtMost(this.#rangeCount, range.at, (index) => this.#range(index).at);
    if (found < 0) return null;
    const holder = this.#range(found);
    if (range.at + range.length > holder.at + holder.length) return null;
    const block = this.#block(
      lastAtMost(this.#blockCount, found, (index) => this.#numbers[1 + index * BLOCK_FIELDS + 2]!),
    );
    let offset = range.at - holder.at;
    for (let index = block.firstRange; index < found; index++) offset += this.#range(index).length;
    return { block, offset };
  }

  #range(index: number): BodyRange {
    const at = this.#rangesAt + index * RANGE_FIELDS;
    return { at: this.#numbers[at]!, length: this.#numbers[at + 1]! };
  }

  #block(index: number): Block {
    const at = 1 + index * BLOCK_FIELDS;
    return {
      at: this.#numbers[at]!,
      length: this.#numbers[at + 1]!,
      firstRange: this.#numbers[at + 2]!,
      compressed: this.#numbers[at + 3] === 1,
    };
  }
}

/** Index of the last of `count` ascending values that is not above `limit`; -1 when all are. */
function lastAtMost(count: number, limit: number, valueAt: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

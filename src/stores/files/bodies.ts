import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BodyRange, BodySource, BodyStore } from '../../core/stores/bodies.ts';
import { type Block, decodeIndex, encodeIndex, type Index } from './bodies-index.ts';

/**
 * Small bodies are compressed together: a block of this size compresses about twice as well as its bodies one by one,
 * at a tenth of the cost, and reading one of them unpacks no more than this.
 */
const BLOCK_BYTES = 256 * 1024;
/** Level 1 beats the negative levels on prose and JSON in ratio and, because it writes less, in time. */
const PACK_OPTIONS = {
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  chunkSize: BLOCK_BYTES,
};
const SUFFIX = '.bodies';
const INDEXES_KEPT = 8;

export function openBodies(options: { readonly folder: string }): BodyStore {
  return new FileBodyStore(options.folder);
}

interface OpenIndex {
  readonly inode: number;
  readonly index: Index;
}

class FileBodyStore implements BodyStore {
  readonly #folder: string;
  readonly #indexes = new Map<number, OpenIndex>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  pack(segment: number, ranges: readonly BodyRange[], source: BodySource | null): void {
    const path = this.#path(segment);
    const draft = `${path}.packing`;
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      const packed = new Packing(descriptor);
      const read = source === null ? (range: BodyRange) => this.read(segment, range) : rangeReader(source);
      for (const range of ranges) {
        const bytes = read(range);
        if (bytes !== null) packed.add(range, bytes);
      }
      packed.finish();
      fsyncSync(descriptor);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
    this.#lastBlock = null;
    this.#indexes.delete(segment);
  }

  read(segment: number, range: BodyRange): Buffer | null {
    if (range.length === 0) return Buffer.alloc(0);
    let descriptor: number;
    try {
      descriptor = openSync(this.#path(segment), 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
    try {
      const index = this.#index(segment, descriptor);
      const place = index.find(range);
      if (place === null) return null;
      const bytes = this.#block(segment, descriptor, place.block);
      return Buffer.from(bytes.subarray(place.offset, place.offset + range.length));
    } finally {
      closeSync(descriptor);
    }
  }

  has(segment: number): boolean {
    return existsSync(this.#path(segment));
  }

  remove(segment: number): void {
    rmSync(this.#path(segment), { force: true });
    this.#indexes.delete(segment);
    this.#lastBlock = null;
  }

  clean(known: ReadonlySet<number>): void {
    for (const name of readdirSync(this.#folder)) {
      const orphan = /^\d{14}\.bodies$/.test(name) && !known.has(Number(name.slice(0, 14)));
      if (orphan || name.endsWith('.packing')) rmSync(join(this.#folder, name), { force: true });
    }
  }

  setAside(nowMs: number): string | null {
    if (readdirSync(this.#folder).length === 0) return null;
    const target = `${this.#folder}.damaged-${new Date(nowMs).toISOString().replace(/[:.]/g, '-')}`;
    renameSync(this.#folder, target);
    mkdirSync(this.#folder, { recursive: true });
    this.#indexes.clear();
    this.#lastBlock = null;
    return target;
  }

  #index(segment: number, descriptor: number): Index {
    const { ino, size } = fstatSync(descriptor);
    const known = this.#indexes.get(segment);
    // Packing anew makes another file: one that is read by now stays readable, the next read sees the new one.
    if (known !== undefined && known.inode === ino) return known.index;
    const index = decodeIndex((length, fromEnd) => readAt(descriptor, length, size - fromEnd));
    this.#indexes.delete(segment);
    this.#indexes.set(segment, { inode: ino, index });
    if (this.#indexes.size > INDEXES_KEPT) this.#indexes.delete(this.#indexes.keys().next().value!);
    return index;
  }

  /** Bodies that are read one after the other mostly share a block. */
  #lastBlock: {
    readonly segment: number;
    readonly inode: number;
    readonly at: number;
    readonly bytes: Buffer;
  } | null = null;

  #block(segment: number, descriptor: number, block: Block): Buffer {
    const inode = this.#indexes.get(segment)!.inode;
    const last = this.#lastBlock;
    if (last !== null && last.segment === segment && last.inode === inode && last.at === block.at)
      return last.bytes;
    const stored = readAt(descriptor, block.length, block.at);
    const bytes = block.compressed ? zstdDecompressSync(stored) : stored;
    if (bytes.length <= 2 * BLOCK_BYTES) this.#lastBlock = { segment, inode, at: block.at, bytes };
    return bytes;
  }

  #path(segment: number): string {
    return join(this.#folder, `${String(segment).padStart(14, '0')}${SUFFIX}`);
  }
}

/** Writes blocks and, at the end, the index. */
class Packing {
  readonly #descriptor: number;
  readonly #buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  readonly #blocks: Block[] = [];
  readonly #ranges: BodyRange[] = [];
  #used = 0;
  #firstRange = 0;
  #at = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  add(range: BodyRange, bytes: Buffer): void {
    if (this.#used + bytes.length > BLOCK_BYTES) this.#flush();
    this.#ranges.push(range);
    if (bytes.length > BLOCK_BYTES) {
      this.#writeBlock(bytes);
      return;
    }
    bytes.copy(this.#buffer, this.#used);
    this.#used += bytes.length;
  }

  finish(): void {
    this.#flush();
    this.#write(encodeIndex(this.#blocks, this.#ranges));
  }

  #flush(): void {
    if (this.#used > 0) this.#writeBlock(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeBlock(bytes: Buffer): void {
    const packed = zstdCompressSync(bytes, PACK_OPTIONS);
    // Media do not shrink: then reading should not have to unpack either.
    const compressed = packed.length < bytes.length * 0.95;
    const stored = compressed ? packed : bytes;
    this.#blocks.push({ at: this.#at, length: stored.length, firstRange: this.#firstRange, compressed });
    this.#firstRange = this.#ranges.length;
    this.#write(stored);
  }

  #write(bytes: Buffer): void {
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#descriptor, bytes, done);
    this.#at += bytes.length;
  }
}

/** What it returns is valid until the next call: a buffer per body would be hundreds of megabytes of garbage a second. */
function rangeReader(source: BodySource): (range: BodyRange) => Buffer | null {
  let buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  return (range) => {
    if (range.length > buffer.length) buffer = Buffer.allocUnsafe(range.length);
    const bytes = buffer.subarray(0, range.length);
    return source.read(bytes, range.at) === range.length ? bytes : null;
  };
}

function readAt(descriptor: number, length: number, at: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const read = readSync(descriptor, bytes, done, length - done, at + done);
    if (read === 0) throw new Error(`a file of bodies ends ${length - done} bytes early`);
    done += read;
  }
  return bytes;
}

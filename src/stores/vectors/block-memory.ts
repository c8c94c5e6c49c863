import { type LinearMemory, MOST_PAGES, openMemory, PAGE_BYTES } from './web-assembly.ts';

/** Blocks are powers of two between these: small ones for partitions of one entry, large ones for one scan each. */
export const SMALLEST_BLOCK = 512;
export const LARGEST_BLOCK = 524_288;

const LARGEST_PAGES = LARGEST_BLOCK / PAGE_BYTES;
// V8 counts the whole memory once more each time it grows, and answers with a full collection: seldom, then. What is
// not used yet takes no memory of the machine.
const GROWN_PAGES = 64 * LARGEST_PAGES;

/**
 * Linear memory handed out in blocks of a power of two. A freed block is joined with its other half, so that memory of
 * many small partitions can be used for a large one again.
 */
export class BlockMemory {
  readonly memory: LinearMemory;
  /** The first block, never handed out: for the question and what is found. */
  static readonly RESERVED = LARGEST_BLOCK;
  /** Free blocks by size. */
  readonly #free = new Map<number, Set<number>>();
  readonly #mostBytes: number;
  #end = BlockMemory.RESERVED;
  #usedBytes = 0;
  #view: Uint8Array<ArrayBuffer> | null = null;

  constructor(mostBytes: number) {
    const blocks = Math.max(1, Math.ceil(mostBytes / LARGEST_BLOCK));
    const mostPages = Math.min(MOST_PAGES, (blocks + 1) * LARGEST_PAGES);
    this.#mostBytes = mostPages * PAGE_BYTES;
    this.memory = openMemory(LARGEST_PAGES, mostPages);
    for (let size = SMALLEST_BLOCK; size <= LARGEST_BLOCK; size *= 2) this.#free.set(size, new Set());
  }

  /** In blocks that are handed out. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** All of it, until the next `allocate`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    this.#view ??= new Uint8Array(this.memory.buffer);
    return this.#view;
  }

  /** The address of a block; null when there is no room. */
  allocate(size: number): number | null {
    const address = this.#take(size);
    if (address !== null) this.#usedBytes += size;
    return address;
  }

  free(address: number, size: number): void {
    this.#usedBytes -= size;
    let start = address;
    let length = size;
    while (length < LARGEST_BLOCK) {
      const other = start % (2 * length) === 0 ? start + length : start - length;
      if (!this.#free.get(length)!.delete(other)) break;
      start = Math.min(start, other);
      length *= 2;
    }
    this.#free.get(length)!.add(start);
  }

  #take(size: number): number | null {
    const [found] = this.#free.get(size)!;
    if (found !== undefined) {
      this.#free.get(size)!.delete(found);
      return found;
    }
    if (size === LARGEST_BLOCK) return this.#grow();
    const larger = this.#take(size * 2);
    if (larger !== null) this.#free.get(size)!.add(larger + size);
    return larger;
  }

  #grow(): number | null {
    const address = this.#end;
    if (address + LARGEST_BLOCK > this.#mostBytes) return null;
    if (address === this.bytes.length) {
      const room = (this.#mostBytes - address) / PAGE_BYTES;
      // The system may have little left.
      if (!this.#growBy(Math.min(GROWN_PAGES, room)) && !this.#growBy(LARGEST_PAGES)) return null;
    }
    this.#end += LARGEST_BLOCK;
    return address;
  }

  #growBy(pages: number): boolean {
    try {
      this.memory.grow(pages);
    } catch {
      return false;
    }
    this.#view = null;
    return true;
  }
}

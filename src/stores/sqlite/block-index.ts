import { Block, type BlockParts } from './block.ts';
import type { Database, Statement } from './database.ts';

/** Parts of blocks that were read are kept up to so many bytes, those used last longest. */
const CACHE_BYTES = 256 * 1024 * 1024;

const indexes = new WeakMap<Database, BlockIndex>();

/** The blocks as the open read transaction sees them. */
export function readBlocks(database: Database): BlockIndex {
  let index = indexes.get(database);
  if (index === undefined) {
    index = new BlockIndex(database);
    indexes.set(database, index);
  }
  index.refresh();
  return index;
}

export function forgetBlocks(database: Database): void {
  indexes.delete(database);
}

/** What is known of all blocks, and what was read of them; blocks never change, so both stay true. */
export class BlockIndex implements BlockParts {
  readonly #known: Statement;
  readonly #one: Statement;
  readonly #absent: Statement;
  readonly #absentBits: Statement;
  readonly #sealed: Statement;
  readonly #part: Statement;
  readonly #blocks = new Map<number, Block>();
  readonly #absentSince = new Map<number, number>();
  /** What was read or used last; when it is half of what may be kept, it replaces what was used before. */
  #recent = new Map<number, Uint8Array>();
  #recentBytes = 0;
  #before = new Map<number, Uint8Array>();
  /** Oldest rows first. */
  blocks: readonly Block[] = [];
  /** Rows after it are in no block. */
  sealedSeq = 0;

  constructor(database: Database) {
    this.#known = database.prepare('SELECT block FROM blocks ORDER BY first_seq');
    this.#one = database.prepare(
      'SELECT first_seq, last_seq, row_count, slices, summary FROM blocks WHERE block = ?',
    );
    this.#absent = database.prepare('SELECT block, changed FROM block_absent');
    this.#absentBits = database.prepare('SELECT bits FROM block_absent WHERE block = ?');
    this.#sealed = database.prepare('SELECT sealed_seq FROM block_state');
    this.#part = database.prepare('SELECT bytes FROM block_parts WHERE part = ?');
  }

  refresh(): void {
    this.sealedSeq = Number(this.#sealed.get()?.sealed_seq ?? 0);
    const numbers = this.#known.all().map((row) => row.block as number);
    if (
      numbers.length !== this.blocks.length ||
      numbers.some((block, at) => this.blocks[at]?.number !== block)
    ) {
      this.blocks = numbers.map((block) => this.#blocks.get(block) ?? this.#load(block));
      this.#blocks.clear();
      for (const block of this.blocks) this.#blocks.set(block.number, block);
    }
    for (const { block, changed } of this.#absent.all()) {
      if (this.#absentSince.get(block as number) === changed) continue;
      this.#absentSince.set(block as number, changed as number);
      const bits = this.#absentBits.get(block as number)!.bits as Uint8Array;
      this.#blocks.get(block as number)?.setAbsent(bits);
    }
  }

  part(key: number): Uint8Array {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const bytes = this.#before.get(key) ?? (this.#part.get(key)?.bytes as Uint8Array | undefined);
    if (bytes === undefined) throw new Error(`part ${key} of a block is missing`);
    if (this.#recentBytes + bytes.length > CACHE_BYTES / 2) {
      this.#before = this.#recent;
      this.#recent = new Map();
      this.#recentBytes = 0;
    }
    this.#recent.set(key, bytes);
    this.#recentBytes += bytes.length;
    return bytes;
  }

  #load(block: number): Block {
    const row = this.#one.get(block)!;
    this.#absentSince.delete(block);
    return new Block(this, block, row);
  }
}

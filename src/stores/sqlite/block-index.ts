import { Block, type BlockParts } from './block.ts';
import type { Database, Statement } from './database.ts';

/** Parts of blocks that were read are kept up to so many bytes, those used last longest. */
const CACHE_BYTES = 256 * 1024 * 1024;
/** So much is left when there are more: going through them for each new one would take its time. */
const LEFT_BYTES = 224 * 1024 * 1024;

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
  readonly #kept = new Map<number, { readonly bytes: Uint8Array; used: boolean }>();
  #keptBytes = 0;
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
    const known = this.#kept.get(key);
    if (known !== undefined) {
      known.used = true;
      return known.bytes;
    }
    const bytes = this.#part.get(key)?.bytes as Uint8Array | undefined;
    if (bytes === undefined) throw new Error(`part ${key} of a block is missing`);
    this.#kept.set(key, { bytes, used: false });
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > CACHE_BYTES) this.#makeRoom();
    return bytes;
  }

  /** The oldest go, but for those that were used since the last look at them. */
  #makeRoom(): void {
    for (const [key, part] of this.#kept) {
      this.#kept.delete(key);
      if (part.used) {
        part.used = false;
        this.#kept.set(key, part);
        continue;
      }
      this.#keptBytes -= part.bytes.length;
      if (this.#keptBytes <= LEFT_BYTES) return;
    }
  }

  #load(block: number): Block {
    const row = this.#one.get(block)!;
    this.#absentSince.delete(block);
    return new Block(this, block, row);
  }
}

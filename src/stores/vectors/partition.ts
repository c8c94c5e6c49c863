import { LARGEST_BLOCK, SMALLEST_BLOCK } from './block-memory.ts';
import { padded } from './quantise.ts';
import { RECORD_HEAD_BYTES } from './scan-module.ts';

/** A partition beside its vectors: name, object, lists. */
export const PARTITION_BYTES = 512;

export interface Block {
  readonly address: number;
  readonly size: number;
  /** Records in it, from its start. */
  count: number;
}

/** Told when a record has been moved to another address. */
export interface MoveListener {
  moved(slot: number): void;
}

/** The records of one partition: blocks, all full but the last, each as large as all before it together. */
export class Partition {
  readonly key: string;
  readonly gateway: number;
  /** Its place among all partitions; may be another's once it is gone. */
  readonly number: number;
  readonly dimensions: number;
  readonly recordBytes: number;
  readonly blocks: Block[] = [];
  /** Scans that are under way. */
  readonly listeners = new Set<MoveListener>();

  constructor(key: string, gateway: number, number: number, dimensions: number) {
    this.key = key;
    this.gateway = gateway;
    this.number = number;
    this.dimensions = dimensions;
    this.recordBytes = RECORD_HEAD_BYTES + padded(dimensions);
  }

  get isEmpty(): boolean {
    return this.blocks.length === 0;
  }

  get smallestBlock(): number {
    return Math.max(SMALLEST_BLOCK, powerOfTwo(this.recordBytes));
  }

  /** The size of the block that one more record asks for; 0 when there is room. */
  get neededBlock(): number {
    const last = this.blocks.at(-1);
    if (last === undefined) return this.smallestBlock;
    if ((last.count + 1) * this.recordBytes <= last.size) return 0;
    return this.blocks.length === 1 ? last.size : Math.min(LARGEST_BLOCK, last.size * 2);
  }

  /** The address of a new last record. There must be room. */
  push(): number {
    const last = this.blocks.at(-1)!;
    return last.address + this.recordBytes * last.count++;
  }

  /** Takes the last record away; returns its address. */
  pop(): number {
    const last = this.blocks.at(-1)!;
    return last.address + this.recordBytes * --last.count;
  }
}

const powerOfTwo = (bytes: number): number => 2 ** Math.ceil(Math.log2(bytes));

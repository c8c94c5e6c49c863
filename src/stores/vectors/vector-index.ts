import type { VectorFacts, VectorIndex, VectorScan, VectorTotals } from '../../core/stores/vector-index.ts';
import { BlockMemory } from './block-memory.ts';
import { EntryTable, SLOT_BYTES } from './entry-table.ts';
import { PARTITION_BYTES, Partition } from './partition.ts';
import { PartitionScan, type ScanTools } from './partition-scan.ts';
import { MAX_DIMENSIONS, padded, quantiseStored } from './quantise.ts';
import { RECORD_HEAD_BYTES } from './scan-module.ts';
import { MOST_PAGES, openScan, PAGE_BYTES } from './web-assembly.ts';

// Of so many entries, taken by chance, the least valuable one goes: no order has to be kept up to date.
const SAMPLE = 32;
// Of the shortest vectors, in all the memory that there can be.
const MOST_RECORDS = (MOST_PAGES * PAGE_BYTES) / (RECORD_HEAD_BYTES + padded(1));
// Removing an entry takes as long as looking at so many.
const DROP_LOOKS = 50;
// Among so few all are looked at.
const FEW = 256;

interface Totals {
  entries: number;
  bytes: number;
  partitions: number;
}

/** `memoryBytes` bounds vectors, table and partitions together. */
export function createVectorIndex(memoryBytes: number): VectorIndex {
  return new ScannedVectorIndex(memoryBytes);
}

/** Vectors as i8 in WebAssembly memory, searched exactly, partition by partition. */
class ScannedVectorIndex implements VectorIndex {
  readonly #mostBytes: number;
  readonly #memory: BlockMemory;
  readonly #table: EntryTable;
  readonly #tools: ScanTools;
  readonly #partitions = new Map<string, Partition>();
  /** By number. */
  readonly #numbered: (Partition | null)[] = [];
  readonly #freeNumbers: number[] = [];
  readonly #gateways = new Map<string, number>();
  readonly #totals: Totals[] = [];
  #bytes = 0;

  constructor(memoryBytes: number) {
    this.#mostBytes = memoryBytes;
    this.#memory = new BlockMemory(memoryBytes);
    this.#table = new EntryTable(Math.floor(Math.min(memoryBytes / SLOT_BYTES, MOST_RECORDS)) + 1);
    const scanRecords = openScan(this.#memory.memory);
    this.#tools = { memory: this.#memory, table: this.#table, scanRecords };
  }

  get entries(): number {
    return this.#table.count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get memoryBytes(): number {
    return this.#memory.usedBytes + this.#table.count * SLOT_BYTES + this.#partitions.size * PARTITION_BYTES;
  }

  add(facts: VectorFacts, vector: Float32Array): number[] {
    if (vector.length === 0 || vector.length > MAX_DIMENSIONS) return [facts.number];
    const older = this.#table.find(facts.key);
    const gone = older === -1 ? [] : [this.#table.numbers[older]!];
    if (older !== -1) this.#drop(older);
    const gateway = this.#gatewayOf(facts.gateway);
    let partition = this.#partitionOf(facts.partition, vector.length, gateway);
    while (!this.#makeRoom(partition)) {
      const [least] = this.evict(1, facts.storedAt);
      if (least === undefined) {
        this.#forgetIfEmpty(partition);
        return [...gone, facts.number];
      }
      gone.push(least);
      // The one that had to go may have been its last.
      partition = this.#partitionOf(facts.partition, vector.length, gateway);
    }
    const slot = this.#table.add(facts, gateway, partition.number);
    const address = partition.push();
    this.#table.addresses[slot] = address;
    this.#write(address, slot, partition, vector);
    this.#count(gateway, 1, facts.bytes);
    return gone;
  }

  numberOf(key: bigint): number | null {
    const slot = this.#table.find(key);
    return slot === -1 ? null : this.#table.numbers[slot]!;
  }

  remove(key: bigint, number: number): boolean {
    const slot = this.#slotOf(key, number);
    if (slot !== -1) this.#drop(slot);
    return slot !== -1;
  }

  addHits(key: bigint, number: number, count: number): void {
    const slot = this.#slotOf(key, number);
    if (slot !== -1) this.#table.hits[slot] = Math.min(2 ** 32 - 1, this.#table.hits[slot]! + count);
  }

  hitsOf(key: bigint, number: number): number {
    const slot = this.#slotOf(key, number);
    return slot === -1 ? 0 : this.#table.hits[slot]!;
  }

  evict(most: number, nowMs: number): number[] {
    const gone: number[] = [];
    while (gone.length < most && this.#table.count > 0) {
      const slot = this.#leastValuable(nowMs);
      gone.push(this.#table.numbers[slot]!);
      this.#drop(slot);
    }
    return gone;
  }

  sweep(from: number, most: number, nowMs: number): { gone: number[]; next: number | null } {
    const { end } = this.#table;
    const gone: number[] = [];
    let slot = from;
    for (let left = most; left > 0 && slot < end; left--, slot++) {
      if (!this.#table.isUsed(slot) || this.#table.expiresAt[slot]! > nowMs) continue;
      gone.push(this.#table.numbers[slot]!);
      this.#drop(slot);
      left -= DROP_LOOKS;
    }
    return { gone, next: slot < end ? slot : null };
  }

  scan(
    partition: string,
    vector: Float32Array,
    minCosine: number,
    capacity: number,
    nowMs: number,
  ): VectorScan {
    const found = this.#partitions.get(keyOf(partition, vector.length));
    if (found === undefined) return NOTHING;
    return new PartitionScan(this.#tools, found, { vector, minCosine, capacity, nowMs });
  }

  totals(gateway: string): VectorTotals {
    const number = this.#gateways.get(gateway);
    return number === undefined ? { entries: 0, bytes: 0, partitions: 0 } : { ...this.#totals[number]! };
  }

  #slotOf(key: bigint, number: number): number {
    const slot = this.#table.find(key);
    return slot !== -1 && this.#table.numbers[slot] === number ? slot : -1;
  }

  #gatewayOf(name: string): number {
    const known = this.#gateways.get(name);
    if (known !== undefined) return known;
    this.#gateways.set(name, this.#totals.length);
    return this.#totals.push({ entries: 0, bytes: 0, partitions: 0 }) - 1;
  }

  #partitionOf(name: string, dimensions: number, gateway: number): Partition {
    const key = keyOf(name, dimensions);
    const known = this.#partitions.get(key);
    if (known !== undefined) return known;
    const number = this.#freeNumbers.pop() ?? this.#numbered.length;
    const partition = new Partition(key, gateway, number, dimensions);
    this.#numbered[number] = partition;
    this.#partitions.set(key, partition);
    this.#totals[gateway]!.partitions++;
    return partition;
  }

  #forgetIfEmpty(partition: Partition): void {
    if (!partition.isEmpty || !this.#partitions.delete(partition.key)) return;
    this.#numbered[partition.number] = null;
    this.#freeNumbers.push(partition.number);
    this.#totals[partition.gateway]!.partitions--;
  }

  /** False when something has to go first. */
  #makeRoom(partition: Partition): boolean {
    const room = this.#mostBytes - this.memoryBytes - SLOT_BYTES;
    if (room < 0) return false;
    const wanted = partition.neededBlock;
    if (wanted === 0) return true;
    // Many small blocks may be free where no large one is: better than to evict until a large one is.
    for (let size = wanted; size >= partition.smallestBlock; size /= 2) {
      const address = size <= room ? this.#memory.allocate(size) : null;
      if (address === null) continue;
      partition.blocks.push({ address, size, count: 0 });
      return true;
    }
    return false;
  }

  #write(address: number, slot: number, partition: Partition, vector: Float32Array): void {
    const { buffer } = this.#memory.bytes;
    const from = address + RECORD_HEAD_BYTES;
    const length = partition.recordBytes - RECORD_HEAD_BYTES;
    const { scale, bias } = quantiseStored(vector, new Int8Array(buffer, from, length));
    const head = new DataView(buffer, address, RECORD_HEAD_BYTES);
    head.setFloat32(0, scale, true);
    head.setUint32(4, slot, true);
    head.setInt32(8, bias, true);
  }

  /** The last record of the partition takes the place of the one that goes. */
  #drop(slot: number): void {
    const partition = this.#numbered[this.#table.partitions[slot]!]!;
    const { recordBytes } = partition;
    const { bytes } = this.#memory;
    const address = this.#table.addresses[slot]!;
    const last = partition.pop();
    if (last !== address) {
      bytes.copyWithin(address, last, last + recordBytes);
      const mover = new Uint32Array(bytes.buffer, address, 2)[1]!;
      this.#table.addresses[mover] = address;
      for (const listener of partition.listeners) listener.moved(mover);
    }
    if (partition.blocks.at(-1)!.count === 0) {
      const block = partition.blocks.pop()!;
      this.#memory.free(block.address, block.size);
      this.#forgetIfEmpty(partition);
    }
    this.#count(this.#table.gateways[slot]!, -1, -this.#table.bytes[slot]!);
    this.#table.remove(slot);
  }

  #count(gateway: number, entries: number, bytes: number): void {
    const totals = this.#totals[gateway]!;
    totals.entries += entries;
    totals.bytes += bytes;
    this.#bytes += bytes;
  }

  #leastValuable(nowMs: number): number {
    const { end } = this.#table;
    let least = -1;
    let leastValue = Number.POSITIVE_INFINITY;
    const all = end <= FEW;
    for (let index = 0, seen = 0; all ? index < end : seen < SAMPLE; index++) {
      const slot = all ? index : Math.floor(Math.random() * end);
      if (!this.#table.isUsed(slot)) continue;
      seen++;
      const value = this.#table.value(slot, nowMs);
      if (least !== -1 && value >= leastValue) continue;
      least = slot;
      leastValue = value;
    }
    return least;
  }
}

/** Vectors of another model have no place in a partition; if a caller errs in it, they still do not meet. */
const keyOf = (partition: string, dimensions: number): string => `${dimensions}:${partition}`;

const NOTHING: VectorScan = { step: () => true, candidates: () => [], cancel: () => {} };

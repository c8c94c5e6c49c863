import type { VectorCandidate, VectorScan } from '../../core/stores/vector-index.ts';
import { BestList } from './best-list.ts';
import type { BlockMemory } from './block-memory.ts';
import type { EntryTable } from './entry-table.ts';
import type { MoveListener, Partition } from './partition.ts';
import { padded, quantiseQuery } from './quantise.ts';
import type { ScanRecords } from './scan-module.ts';

// In the reserved block: the question, and behind it what one call of the module found.
const QUERY_AT = 0;
const FOUND_AT = 65_536;

export interface ScanTools {
  readonly memory: BlockMemory;
  readonly table: EntryTable;
  readonly scanRecords: ScanRecords;
}

export interface ScanQuestion {
  readonly vector: Float32Array;
  readonly minCosine: number;
  readonly capacity: number;
  readonly nowMs: number;
}

/** One question to one partition, in steps. Several may be under way at once. */
export class PartitionScan implements VectorScan, MoveListener {
  readonly #tools: ScanTools;
  readonly #partition: Partition;
  readonly #question: ScanQuestion;
  readonly #query: Uint8Array;
  readonly #queryScale: number;
  readonly #best: BestList;
  /** Number of each candidate's entry: its slot may be another's by the end. */
  readonly #numbers = new Map<number, number>();
  /** Records that were moved meanwhile, perhaps to where it had looked already. */
  readonly #moved = new Set<number>();
  #block = 0;

  constructor(tools: ScanTools, partition: Partition, question: ScanQuestion) {
    this.#tools = tools;
    this.#partition = partition;
    this.#question = question;
    this.#query = new Uint8Array(2 * padded(question.vector.length));
    this.#queryScale = quantiseQuery(question.vector, this.#query);
    this.#best = new BestList(question.capacity);
    partition.listeners.add(this);
  }

  moved(slot: number): void {
    this.#moved.add(slot);
  }

  step(bytes: number): boolean {
    this.#setQuery();
    const { blocks } = this.#partition;
    for (let left = bytes; left > 0 && this.#block < blocks.length; this.#block++) {
      const block = blocks[this.#block]!;
      this.#look(block.address, block.count);
      left -= block.size;
    }
    return this.#block >= blocks.length;
  }

  candidates(): VectorCandidate[] {
    const { table } = this.#tools;
    this.cancel();
    this.#setQuery();
    const moved = [...this.#moved].filter((slot) => table.numbers[slot] !== this.#numbers.get(slot));
    for (const slot of moved) if (table.isUsed(slot)) this.#look(table.addresses[slot]!, 1);
    const found: VectorCandidate[] = [];
    const seen = new Set<number>();
    for (let index = 0; index < this.#best.length; index++) {
      const slot = this.#best.slot(index);
      const number = this.#numbers.get(slot)!;
      // Removed since it was seen; or seen twice, because its slot was another's before.
      if (table.numbers[slot] !== number || seen.has(number)) continue;
      seen.add(number);
      found.push({ number, upper: this.#best.upper(index) });
    }
    return found;
  }

  cancel(): void {
    this.#partition.listeners.delete(this);
  }

  #setQuery(): void {
    this.#tools.memory.bytes.set(this.#query, QUERY_AT);
  }

  #look(address: number, count: number): void {
    const { memory, table, scanRecords } = this.#tools;
    const { minCosine, nowMs } = this.#question;
    const { recordBytes, dimensions } = this.#partition;
    const found = scanRecords(
      address,
      count,
      recordBytes,
      padded(dimensions),
      QUERY_AT,
      this.#queryScale,
      Math.max(minCosine, this.#best.bar),
      FOUND_AT,
    );
    if (found === 0) return;
    const { buffer } = memory.bytes;
    const slots = new Uint32Array(buffer, FOUND_AT, 2 * found);
    const uppers = new Float32Array(buffer, FOUND_AT, 2 * found);
    for (let index = 0; index < 2 * found; index += 2) {
      const upper = uppers[index + 1]!;
      if (upper <= this.#best.bar) continue;
      const slot = slots[index]!;
      if (table.expiresAt[slot]! <= nowMs) continue;
      const number = table.numbers[slot]!;
      if (this.#numbers.get(slot) === number) continue;
      this.#numbers.set(slot, number);
      this.#best.offer(slot, upper);
    }
  }
}

import type { SemanticEntry } from '../../core/stores/semantic.ts';

/** An entry that is not in the file yet. */
export interface UnwrittenEntry {
  readonly entry: SemanticEntry;
  readonly vector: Float32Array;
  readonly size: number;
  readonly key: bigint;
}

/** Entries on their way to the file: until they are in it, what a search needs of them is here. */
export class UnwrittenEntries {
  /** By number, in order. */
  readonly #byNumber = new Map<number, UnwrittenEntry>();
  readonly #numbers = new Map<string, number>();

  add(number: number, entry: UnwrittenEntry): void {
    this.#byNumber.set(number, entry);
    this.#numbers.set(entry.entry.id, number);
  }

  get(number: number): UnwrittenEntry | null {
    return this.#byNumber.get(number) ?? null;
  }

  numberOf(id: string): number | null {
    return this.#numbers.get(id) ?? null;
  }

  remove(number: number): void {
    const entry = this.#byNumber.get(number)?.entry;
    if (entry === undefined) return;
    this.#byNumber.delete(number);
    if (this.#numbers.get(entry.id) === number) this.#numbers.delete(entry.id);
  }

  /** Takes out everything up to a number. */
  *takeUpTo(last: number): Generator<readonly [number, UnwrittenEntry]> {
    for (const [number, entry] of this.#byNumber) {
      if (number > last) return;
      this.remove(number);
      yield [number, entry];
    }
  }
}

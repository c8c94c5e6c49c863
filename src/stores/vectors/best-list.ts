/** The best of many, best first; the worst falls out when it is full. */
export class BestList {
  readonly #slots: Float64Array;
  readonly #uppers: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.#slots = new Float64Array(capacity);
    this.#uppers = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What a newcomer has to reach; −∞ as long as there is room. */
  get bar(): number {
    return this.#length < this.#uppers.length ? Number.NEGATIVE_INFINITY : this.#uppers[this.#length - 1]!;
  }

  slot(index: number): number {
    return this.#slots[index]!;
  }

  upper(index: number): number {
    return this.#uppers[index]!;
  }

  offer(slot: number, upper: number): void {
    const capacity = this.#uppers.length;
    if (this.#length === capacity && upper <= this.bar) return;
    let place = this.#length < capacity ? this.#length++ : capacity - 1;
    while (place > 0 && this.#uppers[place - 1]! < upper) {
      this.#slots[place] = this.#slots[place - 1]!;
      this.#uppers[place] = this.#uppers[place - 1]!;
      place--;
    }
    this.#slots[place] = slot;
    this.#uppers[place] = upper;
  }
}

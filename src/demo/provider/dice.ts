import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Chance that repeats itself: the same seed text gives the same numbers, names and sentences. */
export class Dice {
  #state: number;

  constructor(seed: string | Buffer) {
    this.#state = createHash('sha1').update(seed).digest().readUInt32LE(0);
  }

  /** A number in [0, 1) (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  letters(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += ALPHABET[this.below(ALPHABET.length)];
    return text;
  }

  hex(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += this.below(16).toString(16);
    return text;
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }
}

import type { WrongPair } from '../../../core/stores/semantic-evidence.ts';
import { normalised } from './compare-words.ts';

/** One form for whatever people write the same question in: letter case, spaces and marks at the end do not matter. */
export function foldedQuestion(text: string): string {
  return normalised(text)
    .toLowerCase()
    .replace(/[\s.!?…]+$/u, '');
}

const keyOf = (one: string, other: string): string => {
  const [first, second] = [foldedQuestion(one), foldedQuestion(other)].sort();
  return `${first!.length}:${first}${second}`;
};

/** Finds pairs in a list without going through it each time. The store hands out the same list until it changes. */
export class KnownWrong {
  readonly #keys = new WeakMap<readonly WrongPair[], ReadonlySet<string>>();

  has(pairs: readonly WrongPair[], asked: string, stored: string): boolean {
    if (pairs.length === 0) return false;
    let keys = this.#keys.get(pairs);
    if (keys === undefined) {
      keys = new Set(pairs.map((pair) => keyOf(pair.asked, pair.stored)));
      this.#keys.set(pairs, keys);
    }
    return keys.has(keyOf(asked, stored));
  }
}

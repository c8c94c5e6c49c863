/** Counts by gateway, UTC day and kind that have not been written yet. */
export interface Count {
  readonly account: string;
  readonly gateway: string;
  readonly day: number;
  readonly kind: string;
  n: number;
}

const DAY_MS = 86_400_000;
export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);

export class PendingCounts {
  readonly #counts = new Map<string, Count>();

  get size(): number {
    return this.#counts.size;
  }

  add(account: string, gateway: string, day: number, kind: string, n: number): void {
    if (n === 0) return;
    const key = `${account}\u0000${gateway}\u0000${day}\u0000${kind}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { account, gateway, day, kind, n });
    else known.n += n;
  }

  /** Takes out the oldest ones. */
  take(most: number): Count[] {
    const taken: Count[] = [];
    for (const [key, count] of this.#counts) {
      if (taken.length === most) break;
      this.#counts.delete(key);
      taken.push(count);
    }
    return taken;
  }

  putBack(counts: readonly Count[]): void {
    for (const { account, gateway, day, kind, n } of counts) this.add(account, gateway, day, kind, n);
  }

  *of(account: string, gateway: string, fromDay: number, toDay: number): Iterable<Count> {
    for (const count of this.#counts.values()) {
      if (count.account !== account || count.gateway !== gateway) continue;
      if (count.day >= fromDay && count.day <= toDay) yield count;
    }
  }

  forget(account: string, gateway: string): void {
    for (const [key, count] of this.#counts) {
      if (count.account === account && count.gateway === gateway) this.#counts.delete(key);
    }
  }
}

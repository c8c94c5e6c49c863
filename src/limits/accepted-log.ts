import type { RateRule, RateVerdict } from '../core/stores/counters.ts';

/** Instants kept one by one. Beyond it neighbours are merged: see #merge. */
const MAX_ENTRIES = 262_144;

/**
 * The instants at which requests of one subject were accepted, oldest first. That is all that an exact sliding window
 * needs: what is in the window is counted, instant by instant. A fixed window needs the count since the last boundary,
 * which is the same list.
 */
export class AcceptedLog {
  #times = new Float64Array(16);
  #counts = new Uint32Array(16);
  #start = 0;
  #length = 0;
  #total = 0;

  /** Instants still in it with how many requests they stand for, oldest first. */
  *entries(): Generator<readonly [atMs: number, count: number]> {
    for (let i = 0; i < this.#length; i++) yield [this.#times[this.#slot(i)]!, this.#counts[this.#slot(i)]!];
  }

  #slot(index: number): number {
    return (this.#start + index) % this.#times.length;
  }

  add(atMs: number, count = 1): void {
    this.#total += count;
    if (this.#length > 0) {
      const newest = this.#slot(this.#length - 1);
      // A clock never runs backwards here; an instant before the newest one counts as now, which is the stricter reading.
      if (this.#times[newest]! >= atMs) {
        this.#counts[newest]! += count;
        return;
      }
    }
    if (this.#length === this.#times.length) {
      if (this.#length >= MAX_ENTRIES) this.#merge();
      else this.#grow();
    }
    const slot = this.#slot(this.#length++);
    this.#times[slot] = atMs;
    this.#counts[slot] = count;
  }

  /** Forgets instants at or before `atMs`. */
  forgetUntil(atMs: number): void {
    while (this.#length > 0 && this.#times[this.#start]! <= atMs) {
      this.#total -= this.#counts[this.#start]!;
      this.#start = this.#slot(1);
      this.#length--;
    }
  }

  /** What the rule says at `nowMs`; forgets what has left the window for good. */
  judge(rule: RateRule, nowMs: number): RateVerdict {
    const isFixed = rule.technique === 'fixed';
    const windowStart = isFixed
      ? Math.floor(nowMs / rule.intervalMs) * rule.intervalMs
      : nowMs - rule.intervalMs + 1;
    // In a sliding window an instant exactly one interval old shares no window of that length with now.
    this.forgetUntil(windowStart - 1);
    const remaining = Math.max(0, rule.limit - this.#total);
    const resetMs = isFixed ? windowStart + rule.intervalMs - nowMs : this.#nextPlaceMs(rule, nowMs);
    return { allowed: remaining > 0, limit: rule.limit, remaining, resetMs };
  }

  /** When the window gives a place back: as the oldest instant leaves, or later when it was over-full (a lowered limit). */
  #nextPlaceMs(rule: RateRule, nowMs: number): number {
    let mustLeave = Math.max(1, this.#total - rule.limit + 1);
    for (let i = 0; i < this.#length; i++) {
      mustLeave -= this.#counts[this.#slot(i)]!;
      if (mustLeave <= 0) return this.#times[this.#slot(i)]! + rule.intervalMs - nowMs;
    }
    return 0;
  }

  #grow(): void {
    this.#rebuild(this.#times.length * 2, 1);
  }

  /**
   * Halves the number of entries: two neighbours become one at the later instant. The window then forgets the earlier
   * one a little late, so the limit still is never exceeded.
   */
  #merge(): void {
    this.#rebuild(this.#times.length, 2);
  }

  #rebuild(size: number, group: number): void {
    const times = new Float64Array(size);
    const counts = new Uint32Array(size);
    let length = 0;
    for (let i = 0; i < this.#length; i += group) {
      for (let j = i; j < Math.min(i + group, this.#length); j++) {
        times[length] = this.#times[this.#slot(j)]!;
        counts[length]! += this.#counts[this.#slot(j)]!;
      }
      length++;
    }
    this.#times = times;
    this.#counts = counts;
    this.#start = 0;
    this.#length = length;
  }
}

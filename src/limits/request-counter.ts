import type { CounterStore, RateRule, RateVerdict } from '../core/stores/counters.ts';
import { AcceptedLog } from './accepted-log.ts';

/** `count` requests of a subject accepted at an instant, under a rule with that window. */
export interface AcceptedLine {
  readonly subject: string;
  readonly atMs: number;
  readonly intervalMs: number;
  readonly count: number;
}

/** Where accepted instants are kept so that they outlive the process. `append` must not throw. */
export interface CounterJournal {
  /** Calls back for every instant kept, oldest first. */
  replay(visit: (line: AcceptedLine) => void): void;
  append(line: AcceptedLine): void;
  /** True when the journal has grown enough to be written anew from what is still live. */
  readonly isLong: boolean;
  rewrite(live: Iterable<AcceptedLine>): void;
  close(): void;
}

/** Exact request counts per subject, in memory, over a journal. One process owns them. */
export class RequestCounter implements CounterStore {
  readonly #logs = new Map<string, { log: AcceptedLog; intervalMs: number }>();
  readonly #journal: CounterJournal;

  /** @param nowMs instants after it are from a clock that ran ahead; they count as now, so that nothing is blocked for long. */
  constructor(journal: CounterJournal, nowMs: number) {
    this.#journal = journal;
    journal.replay(({ subject, atMs, intervalMs, count }) => {
      if (atMs > nowMs - intervalMs) this.#logOf(subject, intervalMs).log.add(Math.min(atMs, nowMs), count);
    });
  }

  take(rule: RateRule, nowMs: number): RateVerdict {
    const entry = this.#logOf(rule.subject, rule.intervalMs);
    const before = entry.log.judge(rule, nowMs);
    if (!before.allowed) return before;
    entry.log.add(nowMs);
    this.#journal.append({ subject: rule.subject, atMs: nowMs, intervalMs: rule.intervalMs, count: 1 });
    if (this.#journal.isLong) this.#journal.rewrite(this.#live(nowMs));
    return { ...entry.log.judge(rule, nowMs), allowed: true };
  }

  peek(rule: RateRule, nowMs: number): RateVerdict {
    return this.#logOf(rule.subject, rule.intervalMs).log.judge(rule, nowMs);
  }

  close(): void {
    this.#journal.close();
  }

  #logOf(subject: string, intervalMs: number): { log: AcceptedLog; intervalMs: number } {
    let entry = this.#logs.get(subject);
    if (!entry) {
      entry = { log: new AcceptedLog(), intervalMs };
      this.#logs.set(subject, entry);
    }
    entry.intervalMs = intervalMs;
    return entry;
  }

  *#live(nowMs: number): Generator<AcceptedLine> {
    for (const [subject, { log, intervalMs }] of this.#logs) {
      for (const [atMs, count] of log.entries()) {
        if (atMs > nowMs - intervalMs) yield { subject, atMs, intervalMs, count };
      }
    }
  }
}

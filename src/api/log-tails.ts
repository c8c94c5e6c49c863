import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { LogTailStore, TailQuery } from '../core/stores/log-tail.ts';
import { showLog } from './log-row.ts';

/** A row is seen within two seconds: this, and what its text is waited for. */
const POLL_MS = 500;
const TEXT_WAIT_MS = 1000;
const ROWS_AT_ONCE = 100;
const MOST_PER_ACCOUNT = 32;

export type TailSelection = Pick<TailQuery, 'account' | 'gateway' | 'filters' | 'search' | 'withTexts'>;

/** Who follows the logs: gets rows as JSON, each made once for all who follow alike. */
export interface TailListener {
  /** Whatever comes from now on is shown. */
  begin(): void;
  rows(rows: readonly string[], skipped: number): void;
  /** Nothing more comes. */
  end(): void;
}

/** All who follow the same selection. */
interface Group {
  readonly selection: TailSelection;
  readonly listeners: Set<TailListener>;
  after: number | null;
}

/**
 * Follows the logs for any number of listeners with one look per half second: only when there is anything new at all
 * is each selection asked for its share.
 */
export class LogTails {
  readonly #store: LogTailStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #groups = new Map<string, Group>();
  #newest = -1;
  #waiting = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(store: LogTailStore, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Null when the account has as many listeners as it may. Returns how to stop listening. */
  follow(selection: TailSelection, listener: TailListener): (() => void) | null {
    if (this.#closed || this.#countOf(selection.account) >= MOST_PER_ACCOUNT) return null;
    const key = JSON.stringify(selection);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { selection, listeners: new Set(), after: null };
      this.#groups.set(key, group);
      this.#newest = -1;
    }
    group.listeners.add(listener);
    if (group.after !== null) listener.begin();
    this.#timer ??= setTimeout(() => this.#turn(), 0);
    return () => {
      group.listeners.delete(listener);
      if (group.listeners.size === 0 && this.#groups.get(key) === group) this.#groups.delete(key);
    };
  }

  /** Ends every listener: a server that is to stop waits for its connections. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const { listeners } of this.#groups.values()) for (const listener of listeners) listener.end();
    this.#groups.clear();
  }

  #countOf(account: string): number {
    let count = 0;
    for (const { selection, listeners } of this.#groups.values())
      if (selection.account === account) count += listeners.size;
    return count;
  }

  async #turn(): Promise<void> {
    try {
      await this.#poll();
    } catch (error) {
      // The store is being started again, or is in trouble, which is reported elsewhere: the next look may be good.
      this.#logger.debug({ error: String(error) }, 'the logs could not be followed');
    }
    const goesOn = !this.#closed && this.#groups.size > 0;
    this.#timer = goesOn ? setTimeout(() => this.#turn(), POLL_MS) : null;
  }

  async #poll(): Promise<void> {
    const newest = await this.#store.newest();
    if (newest === this.#newest && !this.#waiting) return;
    this.#newest = newest;
    this.#waiting = false;
    for (const group of [...this.#groups.values()]) {
      const { rows, skipped, last } = await this.#store.tail({
        ...group.selection,
        after: group.after,
        limit: ROWS_AT_ONCE,
        textsAwaitedSince: this.#clock.now() - TEXT_WAIT_MS,
      });
      if (group.after === null) for (const listener of group.listeners) listener.begin();
      group.after = last;
      if (last < newest) this.#waiting = true;
      if (rows.length === 0 && skipped === 0) continue;
      const shown = rows.map((row) => JSON.stringify(showLog(row)));
      for (const listener of group.listeners) listener.rows(shown, skipped);
    }
  }
}

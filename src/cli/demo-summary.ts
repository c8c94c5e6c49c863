import type { Terminal } from '../terminal.ts';
import { printable } from './printable.ts';
import type { LogLine } from './record-tail.ts';

const LINES_SHOWN = 12;
/** Seconds between two summaries where lines cannot be redrawn. */
const PLAIN_EVERY_S = 5;

/** What the demo's records say so far, and its last events. Everything is read from the gateway, as a user would. */
export class DemoSummary {
  readonly #terminal: Terminal;
  readonly #events: string[] = [];
  readonly #totals = { requests: 0, hits: 0, limited: 0, failed: 0, tokensIn: 0, tokensOut: 0, cost: 0 };
  #shownTimes = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  event(line: string): void {
    const text = printable(line, 110);
    this.#events.push(text);
    if (this.#events.length > LINES_SHOWN) this.#events.shift();
    if (!this.#terminal.isInteractive) this.#terminal.out(`  ${text}`);
  }

  count(rows: readonly LogLine[], options: { areLimited: boolean }): void {
    const totals = this.#totals;
    for (const row of rows) {
      totals.requests++;
      if (row.cached) totals.hits++;
      if (options.areLimited && row.status_code === 429) totals.limited++;
      else if (!row.success) totals.failed++;
      totals.tokensIn += row.tokens_in ?? 0;
      totals.tokensOut += row.tokens_out ?? 0;
      totals.cost += row.cost ?? 0;
    }
  }

  /** To be called once a second. */
  show(): void {
    const { style } = this.#terminal;
    if (this.#terminal.isInteractive) {
      this.#terminal.redraw([style('bold', this.line()), '', ...this.#events.map((event) => `  ${event}`)]);
    } else if (++this.#shownTimes % PLAIN_EVERY_S === 0) {
      this.#terminal.out(this.line());
    }
  }

  line(): string {
    const { requests, hits, limited, failed, tokensIn, tokensOut, cost } = this.#totals;
    return [
      `${requests} requests`,
      `${hits} from cache`,
      `${limited} rate limited`,
      `${failed} failed`,
      `${tokensIn} → ${tokensOut} tokens`,
      `$${cost.toFixed(4)}`,
    ].join('   ');
  }
}

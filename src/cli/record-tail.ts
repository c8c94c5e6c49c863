import type { ManagementClient } from './management-client.ts';

/** Rows per page, the most that the management API gives. */
export const PAGE = 50;
/** Pages looked through for records that came between two looks; beyond it the gap is said. */
const MOST_PAGES = 10;

/** A log row as the management API gives it; only what a line shows. */
export interface LogLine {
  readonly id: string;
  readonly created_at: string;
  readonly provider: string;
  readonly model: string | null;
  readonly path: string;
  readonly status_code: number | null;
  readonly success: boolean;
  readonly cached: boolean;
  readonly duration: number;
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost?: number | null;
}

/** Reads what is new since the last look, oldest first. */
export class RecordTail {
  hasGap = false;
  readonly #client: ManagementClient;
  readonly #path: string;
  /** Ids of the last look's newest records: two pages of them, since records may arrive out of order. */
  #seen: Set<string> | null = null;

  constructor(client: ManagementClient, gateway: string) {
    this.#client = client;
    this.#path = `gateways/${encodeURIComponent(gateway)}/logs?order_by=created_at&order_by_direction=desc&per_page=${PAGE}`;
  }

  async read(): Promise<LogLine[]> {
    const fresh: LogLine[] = [];
    const seen = this.#seen;
    this.hasGap = false;
    const ids: string[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const rows = (await this.#client.ask('GET', `${this.#path}&page=${page}`)) as LogLine[];
      ids.push(...rows.map((row) => row.id));
      const unseen = rows.filter((row) => !seen?.has(row.id));
      fresh.push(...unseen);
      if (seen === null || unseen.length < rows.length || rows.length < PAGE) break;
      this.hasGap = page === MOST_PAGES;
    }
    this.#seen = new Set([...ids, ...(seen ?? [])].slice(0, PAGE * (MOST_PAGES + 2)));
    // Records shift between pages while they are read: the same one may come twice.
    return [...new Map(fresh.reverse().map((row) => [row.id, row])).values()];
  }
}

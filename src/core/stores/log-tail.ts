import type { LogFilter, LogRow } from './logs.ts';

/** What is new in the logs of a gateway, in the order in which it comes to the store. */
export interface TailQuery {
  readonly account: string;
  readonly gateway: string;
  readonly filters: readonly LogFilter[];
  readonly search: string | null;
  readonly withTexts: boolean;
  /** `last` of the page before; null begins at the end. */
  readonly after: number | null;
  /** Of more rows than this the newest are given. */
  readonly limit: number;
  /** Rows that ended after this (epoch ms) and whose texts have not been read are left for the next page. */
  readonly textsAwaitedSince: number;
}

export interface TailPage {
  readonly rows: readonly LogRow[];
  /** Rows that matched and were left out for the limit. */
  readonly skipped: number;
  readonly last: number;
}

export interface LogTailStore {
  /** Grows with every record, of any gateway: as long as it stays the same there is nothing new. */
  newest(): Promise<number>;
  tail(query: TailQuery): Promise<TailPage>;
}

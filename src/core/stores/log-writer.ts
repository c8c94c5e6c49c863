import type { AnalyticsAnswer, AnalyticsQuery, SessionPage, SessionQuery, SessionRow } from './analytics.ts';
import type { FlatRecord } from './log-columns.ts';
import type { TailPage, TailQuery } from './log-tail.ts';
import type { LogPage, LogQuery, LogRow, LogStore } from './logs.ts';

/**
 * The side of a log store that the record writer drives, from a thread of its own: everything here is synchronous and
 * may throw; the writer then keeps the spool, waits and tries again.
 */

/** Where the bodies of a record lie: a number of bytes at an address within a segment of the spool. */
export interface BodyPlace {
  readonly segment: number;
  /** Address of the request body; the response body follows it. Stays the same when the segment is compressed. */
  readonly at: number;
  /** Null when not collected. */
  readonly requestLength: number | null;
  readonly responseLength: number | null;
  readonly requestTruncated: boolean;
  readonly responseTruncated: boolean;
  readonly requestEncoding: string;
  readonly responseEncoding: string;
}

export interface LogEntry extends FlatRecord {
  readonly bodies: BodyPlace | null;
}

/** How far a segment of the spool has been taken over. Stored in the same transaction as the rows it speaks of. */
export interface SegmentProgress {
  readonly segment: number;
  /** Bytes taken over. */
  readonly offset: number;
  /** Nothing more will come. */
  readonly finished: boolean;
}

export interface SegmentState extends SegmentProgress {
  /** Rows that have bodies in it. */
  readonly rows: number;
  /** How many of these rows are still there. */
  readonly liveRows: number;
  /** Compressed and moved to the bodies. */
  readonly sealed: boolean;
  /** Bodies were deleted that still take up space. `now` when somebody asked for it through the API. */
  readonly shrink: 'no' | 'later' | 'now';
}

/** What a gateway wants kept. */
export interface LogPolicy {
  readonly account: string;
  readonly gateway: string;
  /** Null is no limit. */
  readonly maxRows: number | null;
  /** Null counts as STOP_INSERTING. */
  readonly strategy: 'STOP_INSERTING' | 'DELETE_OLDEST' | null;
  /** Null is no limit. */
  readonly maxAgeDays: number | null;
}

export interface AppendResult {
  readonly inserted: number;
  /** Known already. */
  readonly repeated: number;
  /** Refused by STOP_INSERTING; they are counted in the roll-ups all the same. */
  readonly refused: number;
  /** Records that this store can never take, with why: passed over, so that the others go on. */
  readonly unfit: readonly { readonly id: string; readonly reason: string }[];
}

export type LogChange = Parameters<LogStore['patch']>[3];
export type LogSelection = Parameters<LogStore['delete']>[0];

export interface LogWriter {
  /** All or nothing, the progress included. An id that is known already changes nothing. */
  append(batch: readonly LogEntry[], progress: SegmentProgress): AppendResult;
  patch(account: string, gateway: string, id: string, change: LogChange): boolean;
  /** Begins a deletion; each call of the result removes a chunk and returns its size, 0 at the end. */
  delete(selection: LogSelection): () => number;
  applyPolicies(policies: readonly LogPolicy[]): void;
  /**
   * Does one step of what makes reading fast and is put off when records are taken over; false when all is done. Records
   * are waiting when `busy`: then only what cannot be put off any longer.
   */
  arrange(busy: boolean): boolean;
  /** Removes one chunk of what the policies no longer allow and returns its size, 0 when there is nothing left. */
  retain(nowMs: number): number;
  /**
   * Gives one step of freed space back to the file system; false when there is none worth it. Without `idle` only when
   * a good part of the file is free, since new rows will soon fill what is little.
   */
  vacuum(idle: boolean): boolean;

  segments(): SegmentState[];
  /** Places of the bodies of a segment that are still needed, in the order of their addresses. */
  liveBodies(segment: number): { readonly at: number; readonly length: number }[];
  /** The segment's bodies were moved or rewritten: everything deleted before is gone. */
  markSealed(segment: number): void;
  /** Nothing refers to the segment any more and its file is gone. */
  forgetSegment(segment: number): void;
  /** The index of texts has taken out what was removed, up to this number. */
  forgetRemovals(through: number): void;
  /** Makes what was appended so far survive a loss of power, before the spool lets go of it. */
  secure(): void;
  /** Reads everything and throws when something is damaged. Slow. */
  check(): void;

  countRows(): number;
  close(): void;
}

/** The reading side, on another thread. */
export interface LogReader {
  list(query: LogQuery): LogPage;
  aggregate(query: AnalyticsQuery): AnalyticsAnswer;
  sessions(query: SessionQuery): SessionPage;
  findSession(account: string, gateway: string, id: string): SessionRow | null;
  newest(): number;
  tail(query: TailQuery): TailPage;
  find(account: string, gateway: string, id: string): LogRow | null;
  findBodies(
    account: string,
    gateway: string,
    id: string,
  ): {
    readonly place: BodyPlace;
    readonly requestContentType: string | null;
    readonly responseContentType: string | null;
  } | null;
  /** Ids of the few requests of the same session that came right before the record, the latest first. */
  earlierInSession(row: LogRow): readonly string[];
  close(): void;
}

export interface LogBackendOptions {
  /** Folder of the log store's own files. */
  readonly folder: string;
  readonly now: () => number;
  /** Told when a damaged file was set aside. */
  readonly onDamage: (message: string) => void;
  /** Remember which rows were removed, for an index of their texts that is kept elsewhere. */
  readonly keepsRemovals?: boolean;
}

export interface LogReaderOptions {
  readonly folder: string;
  /** Folder of the index of texts; null when there is none. */
  readonly textFolder?: string | null;
}

/** What the module of a log store exports: loaded by its URL, on the threads that use it. */
export interface LogBackend {
  openLogWriter(options: LogBackendOptions): LogWriter;
  openLogReader(options: LogReaderOptions): LogReader;
}

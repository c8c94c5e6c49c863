import type { AnalyticsQuery, SessionQuery } from '../core/stores/analytics.ts';
import type { TailQuery } from '../core/stores/log-tail.ts';
import type { BodyPlace, LogChange, LogPolicy, LogSelection } from '../core/stores/log-writer.ts';
import type { LogQuery } from '../core/stores/logs.ts';
import type { SignalMemory } from './signal.ts';

/** What a worker thread is started with. Modules travel as addresses: records/ knows no store. */
export interface WorkerSettings {
  readonly signal: SignalMemory;
  readonly spoolFolder: string;
  /** The first segment that this process can have written to. */
  readonly firstOwnSegment: number;
  readonly logFolder: string;
  readonly bodyFolder: string;
  /** URL of a module that is a LogBackend. */
  readonly logModule: string;
  /** URL of a module that is a BodyBackend. */
  readonly bodyModule: string;
  /** URL of a module that is a ConversationBackend. */
  readonly conversationModule: string;
  /** Folder of the index of texts; null when there is none. */
  readonly textFolder: string | null;
  readonly textBudgetBytes: number;
  readonly policies: readonly LogPolicy[];
  readonly timing: WriterTiming;
}

export interface WriterTiming {
  /** Records that come within this time are committed together. */
  readonly gatherMs: number;
  /** Retention, packing and giving back space are looked at this often. */
  readonly sweepMs: number;
  /** Bodies deleted through the API are gone from the disk after this and one sweep. */
  readonly shrinkMs: number;
  /** No bodies are packed before so long a rest: compressing costs more than all else that is done for a record. */
  readonly restMs: number;
  /** Segments wait for a rest to be packed until they are this much together. */
  readonly unpackedBytes: number;
  /** The active segment is synced to the disk this often; null leaves it to the kernel. */
  readonly syncMs: number | null;
}

export type Command =
  | { readonly kind: 'flush' }
  | {
      readonly kind: 'patch';
      readonly account: string;
      readonly gateway: string;
      readonly id: string;
      readonly change: LogChange;
    }
  | { readonly kind: 'delete'; readonly selection: LogSelection }
  | { readonly kind: 'policies'; readonly policies: readonly LogPolicy[] }
  | { readonly kind: 'check' }
  | { readonly kind: 'forget-removals'; readonly through: number }
  | { readonly kind: 'close'; readonly withinMs: number };

/** To the thread of the texts. */
export interface TextCommand {
  readonly kind: 'close';
}

export type Question =
  | { readonly kind: 'list'; readonly query: LogQuery }
  | { readonly kind: 'aggregate'; readonly query: AnalyticsQuery }
  | { readonly kind: 'sessions'; readonly query: SessionQuery }
  | { readonly kind: 'session'; readonly account: string; readonly gateway: string; readonly id: string }
  | { readonly kind: 'newest' }
  | { readonly kind: 'tail'; readonly query: TailQuery }
  | { readonly kind: 'find'; readonly account: string; readonly gateway: string; readonly id: string }
  | {
      readonly kind: 'body';
      readonly account: string;
      readonly gateway: string;
      readonly id: string;
      readonly side: 'request' | 'response';
    }
  | {
      readonly kind: 'conversation';
      readonly account: string;
      readonly gateway: string;
      readonly id: string;
    };

export interface Asked<T> {
  readonly number: number;
  readonly what: T;
}

export interface WriterStats {
  /** Of this process's records, those that are in the store. */
  readonly takenRecords: number;
  readonly backlogBytes: number;
  /** Bytes of segments that are in the store but not packed yet. */
  readonly unpackedBytes: number;
  readonly rows: number;
}

export type Report =
  | { readonly kind: 'answer'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly number: number; readonly name: string; readonly message: string }
  | { readonly kind: 'degraded'; readonly component: string; readonly message: string }
  | { readonly kind: 'recovered'; readonly component: string }
  | { readonly kind: 'count'; readonly name: string; readonly by: number }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly fields: Readonly<Record<string, unknown>>;
      readonly message: string;
    }
  /** The store's file was replaced: whoever has it open must open it anew. */
  | { readonly kind: 'replaced' }
  /** Please finish the active segment: it holds bodies that were deleted. */
  | { readonly kind: 'rotate' }
  /** Nobody needs to know any longer which rows were removed, up to this number. */
  | { readonly kind: 'removals-taken'; readonly through: number }
  | { readonly kind: 'stats'; readonly stats: WriterStats }
  | { readonly kind: 'closed' };

export interface BodyAnswer {
  readonly place: BodyPlace;
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

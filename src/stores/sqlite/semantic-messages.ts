import type { MessagePort } from 'node:worker_threads';
import type { HeaderList } from '../../core/headers.ts';
import type {
  Neighbour,
  SemanticEntry,
  SemanticEntryListing,
  SemanticSelection,
  SemanticStats,
} from '../../core/stores/semantic.ts';

/** Between the main thread, the thread that writes the file (file) and the one that searches (search). */

export interface FileInput {
  readonly path: string;
  /** To the thread that searches. */
  readonly port: MessagePort;
}

/** What a line of a batch says: the entry, and what of the bytes of the batch is its. */
export interface BatchLine {
  readonly entry: SemanticEntry;
  readonly headers: HeaderList;
  readonly size: number;
  readonly vectorBytes: number;
  readonly bodyBytes: number;
}

export type FileMessage =
  | {
      readonly kind: 'put';
      /** Number of the first entry; the others follow. */
      readonly first: number;
      /** BatchLine as JSON, one in each line. */
      readonly lines: string;
      /** Vector and body of each entry, one after the other. */
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'hits'; readonly hits: ReadonlyMap<string, number> }
  /** Answered by the thread that searches, once it has forgotten them too. */
  | {
      readonly kind: 'remove';
      readonly id: number;
      readonly selection: SemanticSelection;
      readonly upTo: number;
    }
  | { readonly kind: 'sync'; readonly id: number }
  | { readonly kind: 'close' };

export type FileReport =
  | { readonly kind: 'opened'; readonly lastNumber: number }
  | { readonly kind: 'written'; readonly upTo: number }
  | { readonly kind: 'synced'; readonly id: number }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  /** The question that has no answer now; null is none. */
  readonly id: number | null;
  /** Up to which number nothing is waiting any more; null for anything but a batch. */
  readonly upTo: number | null;
  readonly message: string;
  readonly isDamage: boolean;
}

export interface SearchInput {
  readonly path: string;
  readonly indexModule: string;
  readonly indexBytes: number;
  readonly budgetBytes: number;
  /** To the thread that writes. */
  readonly port: MessagePort;
}

export type SearchMessage =
  /** The file is there: numbers up to this one are in it. */
  | { readonly kind: 'open'; readonly lastNumber: number; readonly nowMs: number }
  | {
      readonly kind: 'put';
      readonly number: number;
      readonly entry: SemanticEntry;
      readonly vector: Float32Array;
      readonly size: number;
    }
  | {
      readonly kind: 'nearest';
      readonly id: number;
      readonly partition: string;
      readonly vector: Float32Array;
      readonly limit: number;
      readonly minCosine: number;
      readonly nowMs: number;
    }
  /** Nobody waits for it any more. */
  | { readonly kind: 'drop'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly entry: string; readonly nowMs: number }
  | {
      readonly kind: 'find';
      readonly id: number;
      readonly account: string;
      readonly gateway: string;
      readonly entry: string;
      readonly nowMs: number;
    }
  | { readonly kind: 'hits'; readonly hits: ReadonlyMap<string, number> }
  | { readonly kind: 'stats'; readonly id: number; readonly account: string; readonly gateway: string }
  | { readonly kind: 'sweep'; readonly nowMs: number }
  | { readonly kind: 'close' };

export type SearchReport =
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly value:
        | readonly Neighbour[]
        | StoredAnswer
        | SemanticEntryListing
        | SemanticStats
        | number
        | null;
    }
  | Failure;

/** `waiting`: it is not in the file yet, the main thread has it. */
export type StoredAnswer = { readonly headers: HeaderList; readonly body: Uint8Array } | 'waiting';

/** From the thread that writes to the one that searches. */
export type FileToSearch =
  | { readonly kind: 'written'; readonly upTo: number }
  /** They could not be written and are forgotten. */
  | { readonly kind: 'lost'; readonly upTo: number }
  | { readonly kind: 'gone'; readonly numbers: Float64Array; readonly keys: BigUint64Array }
  | { readonly kind: 'removed'; readonly id: number; readonly count: number }
  /** What the file holds in pages that are in use, with everything deleted that was to be. */
  | { readonly kind: 'used'; readonly bytes: number };

/** And back: rows to delete, because their entries were evicted or have expired. */
export interface SearchToFile {
  readonly kind: 'forget';
  readonly numbers: Float64Array;
}

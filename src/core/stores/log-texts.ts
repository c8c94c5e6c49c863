import type { ConversationText } from '../conversation.ts';
import type { BodyPlace } from './log-writer.ts';

/** A record whose bodies have not been read for the search. */
export interface TextSource {
  /** Its number in the log store. */
  readonly seq: number;
  readonly id: string;
  readonly gatewayRef: number;
  readonly createdAt: number;
  /** After the provider, without query. */
  readonly path: string;
  readonly step: number;
  readonly place: BodyPlace;
  readonly requestContentType: string | null;
  readonly responseContentType: string | null;
}

export interface IndexedText {
  readonly source: TextSource;
  readonly text: ConversationText;
}

/**
 * The texts of prompts and answers, for the search in the logs and their previews. Driven by a thread of its own, long
 * after the records are in the store, and kept apart from them: it can be thrown away and made anew from the bodies.
 */
export interface TextIndex {
  /** The next records to be read, in the order of their arrival; none when all are known. */
  next(limit: number): readonly TextSource[];
  /** All or nothing, with how far the index has come. */
  add(texts: readonly IndexedText[]): void;
  /** One step of removing what is no longer in the store, and what is over the budget; false when all is done. */
  tidy(): boolean;
  /** Number of the last removal that was carried out: the store need not remember it any longer. */
  readonly removedThrough: number;
  close(): void;
}

export interface TextIndexOptions {
  /** Folder of the log store. */
  readonly logFolder: string;
  /** Folder of the index alone. */
  readonly folder: string;
  /** Most bytes on the disk; the oldest texts go first. */
  readonly budgetBytes: number;
}

/** What the module of a log store exports besides, see LogBackend. */
export interface TextBackend {
  openTextIndex(options: TextIndexOptions): TextIndex;
}

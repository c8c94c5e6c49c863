import type { Usage } from './usage.ts';

/** A wire format. 'opaque' is a format whose bytes say nothing that we read. */
export type DialectId =
  | 'openai'
  | 'anthropic'
  | 'google'
  | 'bedrock'
  | 'cohere'
  | 'workers-ai'
  | 'replicate'
  | 'huggingface'
  | 'elevenlabs'
  | 'deepgram'
  | 'cartesia'
  | 'fal'
  | 'ideogram'
  | 'parallel'
  | 'opaque';

/** What one lazy scan of a request body tells. All null for a body that is not a JSON object. */
export interface RequestFacts {
  /** Top-level `model`, when it is a string. */
  readonly model: string | null;
  /** Top-level `stream`, when it is a boolean. */
  readonly stream: boolean | null;
  /** A policy key (`model`, `stream`) that is there twice or in another letter case: two readers could disagree on it. */
  readonly ambiguousKey: string | null;
}

/** An answer as it came from the provider, with content encoding removed. */
export interface Answer {
  readonly dialect: DialectId;
  /** Path after the provider segment, with query, as the client wrote it: `chat/completions`, `v1/messages`. */
  readonly endpoint: string;
  readonly status: number;
  /** Value of content-type, '' when absent. */
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes that arrived. May end early: see `complete`; may lack its middle: see `gapAt`. */
  readonly body: Buffer;
  /** False when the client left, or the upstream broke off, before the end. */
  readonly complete: boolean;
  /** Offset where bytes were left out because the answer was larger than the capture limit; null when nothing is missing. */
  readonly gapAt: number | null;
  readonly request: RequestFacts;
}

/** What an answer says about itself. */
export interface AnswerFacts {
  /** Model that served, as the answer states it. */
  readonly model: string | null;
  readonly usage: Usage | null;
  /** As the provider spells it: `stop`, `end_turn`, `MAX_TOKENS` … */
  readonly finishReason: string | null;
  /** Provider's error type or code when the answer is an error, also for an error event inside a 200. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** How the answer ended: whole; cut by a token limit; refused or filtered; failed (error event); unfinished (no end marker). */
  readonly ending: 'whole' | 'limit' | 'refused' | 'failed' | 'unfinished';
}

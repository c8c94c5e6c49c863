import type { Answer } from '../core/dialect.ts';
import type { Usage } from '../core/usage.ts';
import type { Wanted } from '../wire/json-pick.ts';
import type { FoundFacts } from './answer-facts.ts';
import type { AnswerEvent } from './answer-stream.ts';
import type { Fields } from './json-fields.ts';

/** What has been found of a stream so far, while its events are read from the last one back. */
export interface StreamFindings {
  model: string | null;
  /** Usage as the provider spells it; events read later (earlier in the stream) fill up only what is not there. */
  usage: Fields | null;
  finishReason: string | null;
  errorType: string | null;
  errorMessage: string | null;
  failed: boolean;
  /** True once the event was seen with which the format ends a stream. */
  ended: boolean;
  /** True for a refusal that the finish reason does not tell. */
  refused: boolean;
  /** True when the events before this one add nothing, but for the first. */
  settled: boolean;
}

/** How one wire format tells its facts. */
export interface DialectReader {
  /** Members that matter in bodies and events that are too large to be parsed whole. */
  readonly wanted: Wanted;
  /** Facts of a JSON body, with which the answer ended well as far as HTTP is concerned. */
  readBody(body: unknown, answer: Answer): FoundFacts;
  /** Facts of one event. Called from the last event back. */
  takeEvent(event: AnswerEvent, found: StreamFindings): void;
  /**
   * Facts of a last event so large that only its end was kept (a whole answer repeated, an image): the bytes from
   * `from` on are its rest.
   */
  takeTail?(bytes: Buffer, from: number, found: StreamFindings): void;
  /** True when the first event of a stream tells what the last ones do not. */
  readonly needsFirstEvent?: boolean;
  /** True for formats whose streams have no end marker: they end when the connection ends well. */
  readonly endsWithConnection?: boolean;
  /** Text that an event adds to the answer, for an estimate. */
  addTexts(event: AnswerEvent, texts: string[]): void;
  readUsage(usage: Fields, answer: Answer): Usage | null;
  endingOf(finishReason: string): 'whole' | 'limit' | 'refused' | 'failed';
  /** Usage stated by response headers: the only place in answers that are not JSON. */
  readHeaders?(headers: Readonly<Record<string, string>>): Usage | null;
}

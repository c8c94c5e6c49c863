import type { AnswerBuilder } from '../answer.ts';
import type { DraftMessage } from '../draft.ts';
import type { Fields } from '../loose.ts';
import type { ParameterName, Parameters } from '../parameters.ts';
import type { Tool } from '../tools.ts';

/** What a request is made of, in no provider's words. */
export interface ChatRequest {
  readonly provider: string;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly DraftMessage[];
  readonly tools: readonly Tool[];
  readonly parameters: Parameters;
  readonly isStreamed: boolean;
}

/** How one wire format asks and answers. */
export interface ChatFormat {
  readonly parameters: readonly ParameterName[];
  /** False: it streams in a form that a page cannot read. */
  readonly streams: boolean;
  readonly headers: Readonly<Record<string, string>>;
  write(request: ChatRequest): Record<string, unknown>;
  /** An event of a stream, or a whole answer. */
  read(answer: AnswerBuilder, value: Fields): void;
}

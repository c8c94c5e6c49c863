import type { Answer, Json, Message, Part, ToolDeclaration } from '../../core/conversation.ts';
import type { Fields } from '../json-fields.ts';
import type { StreamEvent } from './body-form.ts';

/** What a request says. */
export interface RequestReading {
  readonly dialect: string;
  readonly model: string | null;
  readonly system: readonly Part[];
  readonly messages: readonly Message[];
  readonly omittedMessages: number;
  readonly tools: readonly ToolDeclaration[];
  readonly parameters: { readonly [name: string]: Json };
}

/** What an answer says; `answer` is null when it says nothing (an error, for instance). */
export interface AnswerReading {
  readonly model: string | null;
  readonly answer: Answer | null;
}

export type RequestReader = (body: Fields) => RequestReading;

/** How one wire format writes its answers. */
export interface AnswerReader {
  readonly readBody: (body: Fields) => AnswerReading;
  readonly readEvents: (events: readonly StreamEvent[]) => AnswerReading;
}

export const NO_ANSWER: AnswerReading = { model: null, answer: null };

export function assistantAnswer(parts: readonly Part[], finishReason: string | null): Answer | null {
  return parts.length === 0 && finishReason === null ? null : { role: 'assistant', parts, finishReason };
}

/** Instructions that stand before the first message belong to no turn. */
export function splitSystem(messages: readonly Message[]): { system: Part[]; rest: readonly Message[] } {
  const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';
  let count = 0;
  while (count < messages.length && isSystem(messages[count]!)) count++;
  return { system: messages.slice(0, count).flatMap(({ parts }) => parts), rest: messages.slice(count) };
}

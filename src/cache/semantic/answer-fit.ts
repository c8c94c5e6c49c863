import type { DialectId } from '../../core/dialect.ts';

/** Larger answers are no answers to short questions. */
export const MOST_ANSWER_BYTES = 256 * 1024;

// Each family's word for an end that the model chose itself.
const PLAIN_STOPS = new Set(['stop', 'completed', 'end_turn', 'stop_sequence', 'STOP', 'COMPLETE', 'eos']);

// Keys and types as they are written outside of texts: within one their quotes would be escaped.
const TOOL_CALLS =
  /(?<!\\)"(?:tool_calls?|function_call|functionCall|executableCode|tool_plan)"\s*:\s*(?:\[\s*)?\{|(?<!\\)"type"\s*:\s*"(?:tool_use|server_tool_use|mcp_[a-z_]+|[a-z_]*_call|tool-call[a-z-]*)"/;

export interface AnswerToKeep {
  readonly dialect: DialectId;
  readonly finishReason: string | null;
  readonly contentType: string;
  readonly streamAsked: boolean;
  /** Without content encoding. */
  readonly body: Buffer;
}

/** Why an answer that the exact cache may store is not given to a similar question; null when it may be. */
export function unfitReason(answer: AnswerToKeep): string | null {
  const { finishReason } = answer;
  // The oldest form of Workers AI says nothing of its end.
  if (finishReason === null ? answer.dialect !== 'workers-ai' : !PLAIN_STOPS.has(finishReason))
    return `the answer did not end with a plain stop (${finishReason})`;
  if (!isOfForm(answer.contentType, answer.streamAsked))
    return 'the answer is not of the form that was asked for';
  if (answer.body.length === 0) return 'the answer is empty';
  if (TOOL_CALLS.test(answer.body.toString('latin1'))) return 'the answer calls a tool';
  return null;
}

/** True when an answer of this content type is what such a request expects. */
export function isOfForm(contentType: string, streamAsked: boolean): boolean {
  const isStream = /^text\/event-stream|^application\/(?:x-ndjson|stream\+json|jsonl)/i.test(contentType);
  const isJson = /^application\/json/i.test(contentType);
  // Google streams a JSON array unless it is asked for events.
  return streamAsked ? isStream || isJson : isJson;
}

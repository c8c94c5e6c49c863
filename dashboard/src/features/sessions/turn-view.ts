import type {
  ConversationMessage,
  ConversationObject,
  ConversationPart,
} from '../../../../src/api/contract/conversation.ts';
import type { ShownPart } from '../record/conversation-view.ts';

type ResultPart = Extract<ConversationPart, { type: 'tool-result' }>;

/** One request of a session: what was new in it, and what came back. */
export interface TurnView {
  readonly input: readonly ShownPart[];
  readonly answer: readonly ShownPart[];
  /** The session's request before had said all of it already. */
  readonly isRepeated: boolean;
}

interface Neighbours {
  /** Null for the first request of the session. */
  readonly previous: ConversationObject | null | undefined;
  readonly next: ConversationObject | null | undefined;
}

const OF_THE_MODEL = new Set(['assistant', 'model']);

/**
 * What a request added to its session. The answer of the request before comes back as a message of this one, and results
 * stand in the cards of their calls there: neither is shown a second time.
 */
export function viewTurn(conversation: ConversationObject, { previous, next }: Neighbours): TurnView {
  const shownBefore = new Set(callIds(previous?.answer?.parts ?? []));
  const fresh = newMessages(conversation, previous === null);
  const input = fresh
    .filter(({ role }) => !OF_THE_MODEL.has(role))
    .flatMap(({ parts }) => parts)
    .filter(
      (part) => !(part.type === 'tool-result' && part.call_id !== null && shownBefore.has(part.call_id)),
    );
  const results = resultsOf(next ?? null);
  const names = namesOf(conversation.messages);
  return {
    input: input.map((part) => ({
      part,
      result: null,
      toolName: part.type === 'tool-result' ? (names.get(part.call_id ?? '') ?? null) : null,
    })),
    answer: (conversation.answer?.parts ?? []).map((part) => ({
      part,
      result: part.type === 'tool-call' && part.id !== null ? (results.get(part.id) ?? null) : null,
      toolName: null,
    })),
    isRepeated: previous !== null && fresh.length === 0,
  };
}

function newMessages(conversation: ConversationObject, isFirst: boolean): readonly ConversationMessage[] {
  const { messages, new_from: newFrom, omitted_messages: omitted } = conversation;
  if (newFrom !== null) return messages.slice(Math.max(0, newFrom - omitted));
  if (isFirst) return messages;
  // The request before could not be compared with: what follows the model's last word is new at least.
  const last = messages.findLastIndex(({ role }) => OF_THE_MODEL.has(role));
  return messages.slice(last + 1);
}

const callIds = (parts: readonly ConversationPart[]): string[] =>
  parts.flatMap((part) => (part.type === 'tool-call' && part.id !== null ? [part.id] : []));

function resultsOf(conversation: ConversationObject | null): ReadonlyMap<string, ResultPart> {
  const results = new Map<string, ResultPart>();
  for (const { parts } of conversation?.messages ?? []) {
    for (const part of parts) {
      // Ids may be used again later in a long session: the last one is the new one.
      if (part.type === 'tool-result' && part.call_id !== null) results.set(part.call_id, part);
    }
  }
  return results;
}

function namesOf(messages: readonly ConversationMessage[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts)
      if (part.type === 'tool-call' && part.id !== null) names.set(part.id, part.name);
  }
  return names;
}

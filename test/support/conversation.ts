import type { Conversation, ConversationBody, ConversationInput } from '../../src/core/conversation.ts';
import { readConversation } from '../../src/dialects/conversation/read-conversation.ts';

/** Reads bodies given as JSON values or as bytes, with the content type of what they are. */
export function readAs(
  place: { path: string; step?: number; requestType?: string; responseType?: string },
  request: unknown,
  response: unknown = null,
  earlier: readonly unknown[] = [],
): Conversation {
  const input: ConversationInput = {
    path: place.path,
    step: place.step ?? 0,
    request: bodyOf(request, place.requestType ?? 'application/json'),
    response: bodyOf(response, place.responseType ?? null),
    earlier: earlier.flatMap((body) => bodyOf(body, 'application/json') ?? []),
  };
  return readConversation(input);
}

export function bodyOf(value: unknown, contentType: string | null): ConversationBody | null {
  if (value === null) return null;
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  return { bytes, contentType, encoding: '', truncated: false };
}

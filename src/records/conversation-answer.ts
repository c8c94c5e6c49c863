import type { Conversation, ConversationBackend } from '../core/conversation.ts';
import type { BodyStore } from '../core/stores/bodies.ts';
import type { LogReader } from '../core/stores/log-writer.ts';
import { loadBody } from './conversation-bodies.ts';
import type { Question } from './messages.ts';

/** Larger requests are not read again to tell what of the next one is new. */
const LARGEST_EARLIER_BYTES = 4 * 1024 * 1024;

export interface ConversationSources {
  readonly reader: LogReader;
  readonly bodies: BodyStore;
  readonly spoolFolder: string;
  readonly backend: ConversationBackend;
}

/** Reads what a conversation is made of: the record, its bodies, and what its session had asked before. */
export function answerConversation(
  { account, gateway, id }: Extract<Question, { kind: 'conversation' }>,
  { reader, bodies, spoolFolder, backend }: ConversationSources,
): Conversation | null {
  const row = reader.find(account, gateway, id);
  if (row === null) return null;
  const found = reader.findBodies(account, gateway, id);
  const earlier = row.sessionId === null ? [] : reader.earlierInSession(row);
  return backend.readConversation({
    path: row.path,
    step: row.step,
    request: found && loadBody(bodies, spoolFolder, found, 'request'),
    response: found && loadBody(bodies, spoolFolder, found, 'response'),
    earlier: earlier.flatMap((earlierId) => {
      const other = reader.findBodies(account, gateway, earlierId);
      if (other === null || (other.place.requestLength ?? 0) > LARGEST_EARLIER_BYTES) return [];
      return loadBody(bodies, spoolFolder, other, 'request') ?? [];
    }),
  });
}

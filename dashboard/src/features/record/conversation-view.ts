import type {
  ConversationMessage,
  ConversationObject,
  ConversationPart,
} from '../../../../src/api/contract/conversation.ts';

type ResultPart = Extract<ConversationPart, { type: 'tool-result' }>;

/** A part as it is shown: a tool's result stands in the card of its call where both are in view. */
export interface ShownPart {
  readonly part: ConversationPart;
  /** Of a tool call. */
  readonly result: ResultPart | null;
  /** Of a result that stands alone: the tool whose call is somewhere before. */
  readonly toolName: string | null;
}

export interface Turn {
  readonly key: string;
  readonly role: string;
  readonly parts: readonly ShownPart[];
  readonly isAnswer: boolean;
}

export interface ConversationView {
  readonly system: readonly ShownPart[];
  /** What the session's previous request had as well; folded. */
  readonly before: readonly Turn[];
  /** Number of messages in `before`: turns may be fewer, where results were joined to their calls. */
  readonly sameMessages: number;
  readonly now: readonly Turn[];
}

/**
 * What is shown of a conversation, from top to bottom. A result is joined to its call only within the same half: one that
 * is new must not vanish into what is folded.
 */
export function viewConversation(conversation: ConversationObject): ConversationView {
  const { messages, answer, omitted_messages: omitted } = conversation;
  const same = Math.min(Math.max(0, (conversation.new_from ?? 0) - omitted), messages.length);
  const toolNames = namesOfCalls(messages);
  const now: readonly Listed[] = [
    ...listed(messages, same, messages.length, omitted),
    ...(answer === null ? [] : [{ message: answer, key: 'answer', isAnswer: true }]),
  ];
  return {
    system: conversation.system.map((part) => ({ part, result: null, toolName: null })),
    before: joinResults(listed(messages, 0, same, omitted), toolNames),
    sameMessages: conversation.new_from === null ? 0 : same + omitted,
    now: joinResults(now, toolNames),
  };
}

interface Listed {
  readonly message: ConversationMessage;
  readonly key: string;
  readonly isAnswer: boolean;
}

function listed(
  messages: readonly ConversationMessage[],
  from: number,
  to: number,
  omitted: number,
): Listed[] {
  return messages
    .slice(from, to)
    .map((message, index) => ({ message, key: `m${omitted + from + index}`, isAnswer: false }));
}

function namesOfCalls(messages: readonly ConversationMessage[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts)
      if (part.type === 'tool-call' && part.id !== null) names.set(part.id, part.name);
  }
  return names;
}

function joinResults(list: readonly Listed[], toolNames: ReadonlyMap<string, string>): Turn[] {
  const results = new Map<string, ResultPart>();
  const calls = new Set<string>();
  for (const { message } of list) {
    for (const part of message.parts) {
      // An id that was used twice belongs to its first call, and to its first result.
      if (part.type === 'tool-call' && part.id !== null) calls.add(part.id);
      if (part.type === 'tool-result' && part.call_id !== null && calls.has(part.call_id))
        if (!results.has(part.call_id)) results.set(part.call_id, part);
    }
  }
  const joined = new Set<ConversationPart>(results.values());
  const taken = new Set<string>();
  return list.flatMap(({ message, key, isAnswer }) => {
    const parts = message.parts.flatMap((part): ShownPart[] => {
      if (joined.has(part)) return [];
      if (part.type === 'tool-result') {
        const toolName = part.call_id === null ? null : (toolNames.get(part.call_id) ?? null);
        return [{ part, result: null, toolName }];
      }
      if (part.type !== 'tool-call' || part.id === null || taken.has(part.id))
        return [{ part, result: null, toolName: null }];
      taken.add(part.id);
      return [{ part, result: results.get(part.id) ?? null, toolName: null }];
    });
    // A message of nothing but results that stand elsewhere is not shown; one that was empty from the start is.
    return parts.length === 0 && message.parts.length > 0
      ? []
      : [{ key, role: message.role, parts, isAnswer }];
  });
}

/** Everything in a part that a search looks at. */
export function textOfPart(part: ConversationPart): string {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal':
      return part.text;
    case 'tool-call':
      return `${part.name} ${typeof part.arguments === 'string' ? part.arguments : JSON.stringify(part.arguments)}`;
    case 'tool-result':
      return part.parts.map(textOfPart).join('\n');
    case 'other':
      return JSON.stringify(part.json);
    default:
      return [part.name, part.url, part.media_type].filter(Boolean).join(' ');
  }
}

export function textOfShown({ part, result }: ShownPart): string {
  return result === null ? textOfPart(part) : `${textOfPart(part)}\n${textOfPart(result)}`;
}

/** How often a text occurs, whatever the case of its letters. */
export function countMatches(text: string, wanted: string): number {
  if (wanted === '') return 0;
  const [inside, part] = [text.toLowerCase(), wanted.toLowerCase()];
  let count = 0;
  for (let at = inside.indexOf(part); at !== -1; at = inside.indexOf(part, at + part.length)) count++;
  return count;
}

export function countInTurns(turns: readonly Turn[], wanted: string): number {
  let count = 0;
  for (const { parts } of turns) for (const part of parts) count += countMatches(textOfShown(part), wanted);
  return count;
}

/** While something is looked for, only the turns that have it: among hundreds it is found no other way. */
export function matchingTurns(turns: readonly Turn[], wanted: string): readonly Turn[] {
  if (wanted === '') return turns;
  return turns.filter(({ parts }) => parts.some((part) => countMatches(textOfShown(part), wanted) > 0));
}

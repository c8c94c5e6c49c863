import type { Conversation, Message, Part } from '../core/conversation.ts';

export interface AnswerText {
  readonly text: string;
  /** Only the beginning is here. */
  readonly isCut: boolean;
}

/** What a model answered, as one text; of an answer that only calls a tool, the arguments of the first call. Null for none. */
export function answerText(conversation: Conversation): AnswerText | null {
  const { answer } = conversation;
  if (answer === null) return null;
  const isCut =
    conversation.responseTruncated ||
    answer.parts.some((part) => 'length' in part && part.length !== undefined);
  const text = textOf(answer);
  if (text !== '') return { text, isCut };
  const call = answer.parts.find((part) => part.type === 'tool-call');
  if (call === undefined) return null;
  return {
    text: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    isCut,
  };
}

export interface Turn {
  readonly role: string;
  readonly text: string;
}

/** The conversation before the answer, the latest turns first kept, within so many characters. */
export function transcript(conversation: Conversation, mostCharacters: number): Turn[] {
  const turns: Turn[] = [];
  let room = mostCharacters;
  const system = conversation.system.map(describe).join('\n');
  for (const message of [...conversation.messages].reverse()) {
    if (room <= 0) break;
    const text = message.parts.map(describe).join('\n').slice(0, room);
    room -= text.length;
    turns.unshift({ role: message.role, text });
  }
  if (system !== '' && room > 0) turns.unshift({ role: 'system', text: system.slice(0, room) });
  return turns;
}

function textOf(message: Message): string {
  return message.parts
    .map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
    .join('');
}

function describe(part: Part): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text;
    case 'thinking':
      return '';
    case 'tool-call':
      return `[calls ${part.name} with ${JSON.stringify(part.arguments)}]`;
    case 'tool-result':
      return `[result of a tool: ${part.parts.map(describe).join('\n')}]`;
    case 'other':
      return JSON.stringify(part.json);
    default:
      return `[${part.type}]`;
  }
}

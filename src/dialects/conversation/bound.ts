import type { Answer, Conversation, Message, Part } from '../../core/conversation.ts';
import { MOST_PARTS } from './loose-body.ts';

/** Of one text. Whoever wants all of it has the body itself. */
const LONGEST_TEXT = 128 * 1024;
/** Of all texts together; the latest messages have the first claim on it. */
const TEXT_BUDGET = 4 * 1024 * 1024;
const DATA_BUDGET = 8 * 1024 * 1024;
const DEEPEST = 4;
const PART_BUDGET = 20_000;

/** The conversation with every length bounded; what was cut says how long it was. */
export function boundConversation(conversation: Conversation): Conversation {
  const budget = { text: TEXT_BUDGET, data: DATA_BUDGET, parts: PART_BUDGET };
  const answer = conversation.answer === null ? null : boundAnswer(conversation.answer, budget);
  const system = boundParts(conversation.system, budget, DEEPEST);
  const messages: Message[] = [];
  for (let index = conversation.messages.length - 1; index >= 0; index--) {
    const { role, parts } = conversation.messages[index]!;
    messages.push({ role, parts: boundParts(parts, budget, DEEPEST) });
  }
  messages.reverse();
  const tools = conversation.tools.map((tool) => ({
    ...tool,
    description: tool.description === null ? null : take(tool.description, budget),
  }));
  return { ...conversation, answer, system, messages, tools };
}

interface Budget {
  text: number;
  data: number;
  parts: number;
}

function boundAnswer(answer: Answer, budget: Budget): Answer {
  return { ...answer, parts: boundParts(answer.parts, budget, DEEPEST) };
}

function boundParts(parts: readonly Part[], budget: Budget, depth: number): Part[] {
  const bounded: Part[] = [];
  for (const part of parts) {
    if (bounded.length >= MOST_PARTS || --budget.parts < 0) break;
    bounded.push(boundPart(part, budget, depth));
  }
  return bounded;
}

function boundPart(part: Part, budget: Budget, depth: number): Part {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal': {
      const text = take(part.text, budget);
      return text.length === part.text.length ? part : { ...part, text, length: part.text.length };
    }
    case 'image':
    case 'audio':
    case 'file':
      if (part.dataUrl === null) return part;
      if (part.dataUrl.length > budget.data) return { ...part, dataUrl: null };
      budget.data -= part.dataUrl.length;
      return part;
    case 'tool-result':
      return { ...part, parts: depth <= 1 ? [] : boundParts(part.parts, budget, depth - 1) };
    case 'tool-call':
      budget.text -= sizeOf(part.arguments);
      return budget.text < 0 ? { ...part, arguments: '…' } : part;
    case 'other':
      budget.text -= sizeOf(part.json);
      return budget.text < 0 ? { ...part, json: '…' } : part;
  }
}

function take(text: string, budget: Budget): string {
  const room = Math.max(0, Math.min(LONGEST_TEXT, budget.text));
  const kept = text.length <= room ? text : text.slice(0, room);
  budget.text -= kept.length;
  return kept;
}

function sizeOf(json: unknown): number {
  return JSON.stringify(json).length;
}

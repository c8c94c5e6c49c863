import type { ConversationBackend, ConversationText, Message, Part } from '../../core/conversation.ts';
import { readAnswer } from './read-answer.ts';
import { readRequest } from './read-request.ts';

const LONGEST_PREVIEW = 200;
/** Of the prompt, and of the answer, in UTF-16 units. */
const LONGEST_TEXT = 8 * 1024;
/** Reading more would keep the thread busy for longer than a text is worth. */
const LARGEST_BODY = 8 * 1024 * 1024;

const NOTHING: ConversationText = { preview: null, prompt: '', answer: '' };

/**
 * What the search knows of a request. Of the messages the last ones count: what stands before them was found with
 * the requests before this one.
 */
export const readText: ConversationBackend['readText'] = (input) => {
  try {
    const { request, response } = input;
    const fits = request !== null && request.bytes.length <= LARGEST_BODY;
    const reading = fits ? readRequest(request, input).reading : null;
    const answer =
      response === null || response.bytes.length > LARGEST_BODY ? null : readAnswer(response).answer;
    return {
      preview: reading === null ? null : previewOf(reading.messages),
      prompt: reading === null ? '' : promptText(reading.messages, reading.system),
      answer: clean(textOf(answer?.parts ?? [], LONGEST_TEXT)),
    };
  } catch {
    return NOTHING;
  }
};

/** First line of what the user said last. Results of tools are none of the user's words. */
function previewOf(messages: readonly Message[]): string | null {
  for (const { role, parts } of messages.toReversed()) {
    if (role !== 'user') continue;
    for (const part of parts.toReversed()) {
      const line = part.type === 'text' ? firstLine(part.text) : null;
      if (line !== null) return line;
    }
  }
  return null;
}

/** Agents put notes of their own beside the user's words, in tags. */
const NOTE = /<(system-reminder|environment_context|user_instructions|command-[a-z]+)>[\s\S]*?(?:<\/\1>|$)/g;

function firstLine(text: string): string | null {
  const said = text.slice(0, 64 * 1024).replace(NOTE, '\n');
  const line = said.split('\n').find((candidate) => candidate.trim() !== '');
  if (line === undefined) return null;
  const plain = clean(line).replace(/\s+/g, ' ').trim();
  if (plain === '') return null;
  return plain.length <= LONGEST_PREVIEW ? plain : `${whole(plain.slice(0, LONGEST_PREVIEW - 1))}…`;
}

function promptText(messages: readonly Message[], system: readonly Part[]): string {
  const texts: string[] = [];
  let room = LONGEST_TEXT;
  for (const { parts } of messages.toReversed()) {
    const text = textOf(parts, room);
    if (text === '') continue;
    texts.unshift(text);
    room -= text.length + 1;
    if (room <= 0) break;
  }
  if (room > 0) texts.unshift(textOf(system, room));
  return clean(texts.filter((text) => text !== '').join('\n'));
}

/** All that is text in the parts, up to a length. */
function textOf(parts: readonly Part[], most: number): string {
  const texts: string[] = [];
  let room = most;
  const add = (text: string): void => {
    if (room <= 0 || text === '') return;
    const kept = text.length <= room ? text : whole(text.slice(0, room));
    texts.push(kept);
    room -= kept.length + 1;
  };
  const visit = (part: Part): void => {
    if (room <= 0) return;
    if (part.type === 'tool-result') part.parts.forEach(visit);
    else add(textOfPart(part));
  };
  parts.forEach(visit);
  return texts.join('\n');
}

function textOfPart(part: Exclude<Part, { type: 'tool-result' }>): string {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal':
      return part.text;
    case 'tool-call': {
      const given = part.arguments;
      return `${part.name} ${typeof given === 'string' ? given : JSON.stringify(given)}`;
    }
    case 'image':
    case 'audio':
    case 'file':
      return [part.name, part.url].filter((text) => text !== null).join(' ');
    case 'other':
      return '';
  }
}

/** Half a character at the end is none. */
function whole(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '');
}

function clean(text: string): string {
  return text.replaceAll('\u0000', ' ').toWellFormed();
}

import type { Message, Part, ToolDeclaration } from '../../core/conversation.ts';
import { type Fields, fieldsOf, within } from '../json-fields.ts';
import {
  boundedJson,
  firstOf,
  lastMessages,
  MOST_PARTS,
  MOST_TOOLS,
  nameOf,
  objectsOf,
  parametersOf,
  wholeTextOf,
} from './loose-body.ts';
import { callPart, marked, mediaPart, otherPart, resultPart, storedFile, textPart } from './parts.ts';
import { type RequestReading, splitSystem } from './reading.ts';

const KNOWN = ['model', 'messages', 'tools', 'functions'];

/** Chat completions, as OpenAI and everyone who followed write them; Cohere's second version is one of these. */
export function readChatRequest(body: Fields): RequestReading {
  const { messages, omitted } = lastMessages(body.messages);
  const { system, rest } = splitSystem(messages.map(readMessage));
  return {
    dialect: 'openai-chat',
    model: nameOf(body.model),
    system,
    messages: rest,
    omittedMessages: omitted,
    tools: [
      ...objectsOf(body.tools, MOST_TOOLS).map((tool) =>
        readTool(fieldsOf(tool.function) ?? fieldsOf(tool.custom) ?? tool),
      ),
      ...objectsOf(body.functions, MOST_TOOLS).map(readTool),
    ],
    parameters: parametersOf(body, KNOWN),
  };
}

function readMessage(message: Fields): Message {
  const role = nameOf(message.role) ?? 'unknown';
  const content = readContent(message.content);
  if (role === 'tool' || role === 'function') {
    return { role: 'tool', parts: [resultPart(message.tool_call_id ?? message.name, content)] };
  }
  return { role, parts: readMessageParts(message, content) };
}

/** The parts of an assistant's message, asked or answered, in the order in which they are made. */
export function readMessageParts(message: Fields, content: readonly Part[] = []): Part[] {
  const call = fieldsOf(message.function_call);
  return [
    ...readReasoning(message),
    ...textPart(message.tool_plan, 'thinking'),
    ...content,
    ...textPart(message.refusal, 'refusal'),
    ...objectsOf(message.tool_calls, MOST_PARTS).map((item) => {
      const called = fieldsOf(item.function) ?? within(item, 'custom');
      return callPart(item.id, called.name, called.arguments ?? called.input);
    }),
    ...(call === null ? [] : [callPart(null, call.name, call.arguments)]),
    ...readAudio(message.audio),
  ];
}

/** Named differently by those who have it: DeepSeek, xAI, Groq, OpenRouter. */
function readReasoning(message: Fields): Part[] {
  const stated = textPart(message.reasoning_content ?? message.reasoning, 'thinking');
  if (stated.length > 0) return stated;
  return objectsOf(message.reasoning_details, MOST_PARTS).flatMap((detail) =>
    textPart(detail.text ?? detail.summary, 'thinking'),
  );
}

function readAudio(value: unknown): Part[] {
  const audio = fieldsOf(value);
  if (audio === null) return [];
  const sound =
    typeof audio.data === 'string'
      ? mediaPart('audio', audio.data, `audio/${nameOf(audio.format) ?? 'wav'}`)
      : storedFile('audio', audio.id);
  return [...textPart(audio.transcript), sound];
}

export function readContent(content: unknown): Part[] {
  if (typeof content === 'string') return textPart(content);
  return firstOf(content, MOST_PARTS).flatMap((item) => {
    if (typeof item === 'string') return textPart(item);
    const part = fieldsOf(item);
    return part === null ? [] : readPart(part).map((read) => marked(read, part));
  });
}

function readPart(part: Fields): Part[] {
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return textPart(part.text);
    case 'refusal':
      return textPart(part.refusal, 'refusal');
    case 'thinking':
      // Mistral: a list of texts.
      return typeof part.thinking === 'string'
        ? textPart(part.thinking, 'thinking')
        : objectsOf(part.thinking, MOST_PARTS).flatMap((item) => textPart(item.text, 'thinking'));
    case 'image_url':
    case 'input_image':
      return [readImage(part)];
    case 'video_url':
      return [mediaPart('file', fieldsOf(part.video_url)?.url ?? part.video_url, 'video')];
    case 'input_audio': {
      const audio = fieldsOf(part.input_audio) ?? {};
      return [mediaPart('audio', audio.data, `audio/${nameOf(audio.format) ?? 'wav'}`)];
    }
    case 'file':
    case 'input_file':
      return [readFile(fieldsOf(part.file) ?? part)];
    case 'document_url':
      return [mediaPart('file', part.document_url, null, nameOf(part.document_name))];
    default:
      return [otherPart(part)];
  }
}

function readImage(part: Fields): Part {
  const stated = fieldsOf(part.image_url)?.url ?? part.image_url;
  return wholeTextOf(stated) === null ? storedFile('image', part.file_id) : mediaPart('image', stated, null);
}

function readFile(file: Fields): Part {
  const data = file.file_data ?? file.file_url;
  const name = nameOf(file.filename);
  return typeof data === 'string'
    ? mediaPart('file', data, null, name)
    : storedFile('file', file.file_id, name);
}

export function readTool(tool: Fields): ToolDeclaration {
  return {
    name: nameOf(tool.name) ?? nameOf(tool.type) ?? '',
    description: wholeTextOf(tool.description),
    schema: boundedJson(tool.parameters ?? tool.parameter_definitions ?? tool.input_schema ?? null),
  };
}

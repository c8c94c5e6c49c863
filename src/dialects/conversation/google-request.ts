import type { Message, Part, ToolDeclaration } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import {
  boundedJson,
  lastMessages,
  MOST_PARTS,
  MOST_TOOLS,
  nameOf,
  objectsOf,
  parametersOf,
  wholeTextOf,
} from './loose-body.ts';
import { callPart, mediaPart, otherPart, resultPart, storedFile, textPart } from './parts.ts';
import type { RequestReading } from './reading.ts';

const KNOWN = [
  'contents',
  'content',
  'requests',
  'systemInstruction',
  'system_instruction',
  'tools',
  'model',
  'generateContentRequest',
];

/** Gemini's API, which takes names in camel case and in snake case. */
export function readGoogleRequest(whole: Fields): RequestReading {
  // Counting tokens may wrap the request that is to be counted.
  const body = fieldsOf(whole.generateContentRequest) ?? whole;
  const { messages, omitted } = lastMessages(contentsOf(body));
  return {
    dialect: 'google',
    model: nameOf(body.model),
    system: readParts(body.systemInstruction ?? body.system_instruction),
    messages: messages.map(readContent),
    omittedMessages: omitted,
    tools: objectsOf(body.tools, MOST_TOOLS).flatMap(readTools),
    parameters: parametersOf(body, KNOWN),
  };
}

/** What is to be embedded stands in `content`, or in one for each of several requests. */
function contentsOf(body: Fields): readonly unknown[] {
  if (Array.isArray(body.contents)) return body.contents;
  if (Array.isArray(body.requests)) return body.requests.map((request) => fieldsOf(request)?.content);
  return [body.contents ?? body.content];
}

function readContent(content: Fields): Message {
  const parts = readParts(content);
  const isResult = parts.length > 0 && parts.every((part) => part.type === 'tool-result');
  const stated = nameOf(content.role) ?? 'user';
  return { role: isResult ? 'tool' : stated === 'model' ? 'assistant' : stated, parts };
}

/** Of a content, which is an object with parts; a text stands for one. */
export function readParts(content: unknown): Part[] {
  if (typeof content === 'string') return textPart(content);
  const parts = fieldsOf(content)?.parts;
  return objectsOf(Array.isArray(parts) ? parts : [parts], MOST_PARTS).flatMap(readPart);
}

export function readPart(part: Fields): Part[] {
  if (typeof part.text === 'string') return textPart(part.text, part.thought === true ? 'thinking' : 'text');
  const data = fieldsOf(part.inlineData) ?? fieldsOf(part.inline_data);
  if (data !== null) {
    const type = nameOf(data.mimeType ?? data.mime_type);
    return [mediaPart(kindOf(type), data.data, type, nameOf(data.displayName))];
  }
  const file = fieldsOf(part.fileData) ?? fieldsOf(part.file_data);
  if (file !== null) {
    const type = nameOf(file.mimeType ?? file.mime_type);
    const uri = file.fileUri ?? file.file_uri;
    const shown = mediaPart(kindOf(type), uri, type);
    return ['url' in shown && shown.url !== null ? shown : storedFile(kindOf(type), uri)];
  }
  const call = fieldsOf(part.functionCall) ?? fieldsOf(part.function_call);
  if (call !== null) return [callPart(call.id, call.name, call.args ?? {})];
  const answer = fieldsOf(part.functionResponse) ?? fieldsOf(part.function_response);
  if (answer !== null) return [resultPart(answer.id ?? answer.name, readResponse(answer.response))];
  const code = fieldsOf(part.executableCode);
  if (code !== null) return [callPart(null, 'code', { language: code.language, code: code.code })];
  const result = fieldsOf(part.codeExecutionResult);
  if (result !== null)
    return [
      resultPart(
        null,
        textPart(result.output),
        result.outcome !== undefined && result.outcome !== 'OUTCOME_OK',
      ),
    ];
  return Object.keys(part).length === 0 ? [] : [otherPart(part)];
}

/** Most send `{result}` or `{output}` with a text in it. */
function readResponse(response: unknown): Part[] {
  const fields = fieldsOf(response);
  const entries = fields === null ? [] : Object.entries(fields);
  const [only] = entries;
  if (entries.length === 1 && typeof only?.[1] === 'string') return textPart(only[1]);
  return response === undefined ? [] : [otherPart(response)];
}

function kindOf(mediaType: string | null): 'image' | 'audio' | 'file' {
  const kind = mediaType?.split('/', 1)[0];
  return kind === 'image' || kind === 'audio' ? kind : 'file';
}

function readTools(tool: Fields): ToolDeclaration[] {
  const declared = objectsOf(tool.functionDeclarations ?? tool.function_declarations, MOST_TOOLS);
  if (declared.length > 0) {
    return declared.map((item) => ({
      name: nameOf(item.name) ?? '',
      description: wholeTextOf(item.description),
      schema: boundedJson(item.parametersJsonSchema ?? item.parameters ?? null),
    }));
  }
  return Object.entries(tool)
    .slice(0, MOST_PARTS)
    .map(([name, value]) => ({ name: name.slice(0, 512), description: null, schema: boundedJson(value) }));
}

import type { Message, Part } from '../../core/conversation.ts';
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
import { callPart, mediaPart, otherPart, resultPart, storedFile, textPart } from './parts.ts';
import type { RequestReading } from './reading.ts';

const KNOWN = ['messages', 'system', 'toolConfig', 'schemaVersion'];

/** Converse, and the models of Amazon that take its form when they are invoked. */
export function readConverseRequest(body: Fields): RequestReading {
  const { messages, omitted } = lastMessages(body.messages);
  return {
    dialect: 'bedrock-converse',
    model: null,
    system: readBlocks(body.system),
    messages: messages.map(readMessage),
    omittedMessages: omitted,
    tools: objectsOf(within(body, 'toolConfig').tools, MOST_TOOLS).flatMap((tool) => {
      const spec = fieldsOf(tool.toolSpec);
      if (spec === null) return [];
      const schema = boundedJson(within(spec, 'inputSchema').json ?? null);
      return [{ name: nameOf(spec.name) ?? '', description: wholeTextOf(spec.description), schema }];
    }),
    parameters: parametersOf(body, KNOWN),
  };
}

function readMessage(message: Fields): Message {
  return { role: nameOf(message.role) ?? 'unknown', parts: readBlocks(message.content) };
}

export function readBlocks(content: unknown): Part[] {
  if (typeof content === 'string') return textPart(content);
  const parts: Part[] = [];
  for (const block of objectsOf(content, MOST_PARTS)) {
    if (block.cachePoint !== undefined) {
      // The mark stands behind what is to be kept.
      const last = parts.pop();
      if (last !== undefined) parts.push({ ...last, cacheMarker: true });
    } else {
      parts.push(...readBlock(block));
    }
  }
  return parts;
}

export function readBlock(block: Fields): Part[] {
  if (typeof block.text === 'string') return textPart(block.text);
  const call = fieldsOf(block.toolUse);
  if (call !== null) return [callPart(call.toolUseId, call.name, call.input)];
  const result = fieldsOf(block.toolResult);
  if (result !== null)
    return [resultPart(result.toolUseId, readResult(result.content), result.status === 'error')];
  const reasoning = fieldsOf(block.reasoningContent);
  if (reasoning !== null) return textPart(within(reasoning, 'reasoningText').text, 'thinking');
  for (const kind of ['image', 'document', 'video', 'audio'] as const) {
    const media = fieldsOf(block[kind]);
    if (media !== null) return [readMedia(kind, media)];
  }
  const guarded = fieldsOf(block.guardContent);
  if (guarded !== null) return textPart(within(guarded, 'text').text);
  return [otherPart(block)];
}

function readResult(content: unknown): Part[] {
  return firstOf(content, MOST_PARTS).flatMap((item) => {
    const block = fieldsOf(item);
    if (block === null) return [];
    return block.json === undefined ? readBlock(block) : [otherPart(block.json)];
  });
}

function readMedia(kind: 'image' | 'document' | 'video' | 'audio', media: Fields): Part {
  const type = kind === 'image' || kind === 'audio' ? kind : 'file';
  const format = nameOf(media.format);
  const source = within(media, 'source');
  const place = nameOf(within(source, 's3Location').uri);
  const name = nameOf(media.name);
  if (place !== null) return storedFile(type, place, name);
  return mediaPart(type, source.bytes, format === null ? null : `${kind}/${format}`, name);
}

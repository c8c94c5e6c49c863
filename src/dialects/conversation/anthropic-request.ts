import type { Message, Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import {
  firstOf,
  lastMessages,
  MOST_PARTS,
  MOST_TOOLS,
  nameOf,
  objectsOf,
  parametersOf,
} from './loose-body.ts';
import { readTool } from './openai-chat-request.ts';
import { callPart, marked, mediaPart, otherPart, resultPart, storedFile, textPart } from './parts.ts';
import type { RequestReading } from './reading.ts';

const KNOWN = ['model', 'messages', 'system', 'tools'];

export function readAnthropicRequest(body: Fields): RequestReading {
  const { messages, omitted } = lastMessages(body.messages);
  return {
    dialect: 'anthropic',
    model: nameOf(body.model),
    system: readBlocks(body.system),
    messages: messages.map(readMessage),
    omittedMessages: omitted,
    tools: objectsOf(body.tools, MOST_TOOLS).map(readTool),
    parameters: parametersOf(body, KNOWN),
  };
}

function readMessage(message: Fields): Message {
  return { role: nameOf(message.role) ?? 'unknown', parts: readBlocks(message.content) };
}

export function readBlocks(content: unknown): Part[] {
  if (typeof content === 'string') return textPart(content);
  return firstOf(content, MOST_PARTS).flatMap((item) => {
    const block = fieldsOf(item);
    if (block === null) return typeof item === 'string' ? textPart(item) : [];
    return readBlock(block).map((part) => marked(part, block));
  });
}

export function readBlock(block: Fields): Part[] {
  const { type } = block;
  switch (type) {
    case 'text':
      return textPart(block.text);
    case 'thinking':
      return textPart(block.thinking, 'thinking');
    case 'image':
    case 'document':
      return readSource(type === 'image' ? 'image' : 'file', block);
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return [callPart(block.id, block.name, block.input)];
    case 'tool_result':
    case 'mcp_tool_result':
      return [resultPart(block.tool_use_id, readBlocks(block.content), block.is_error === true)];
    default:
      // What the provider's own tools found: web_search_tool_result and its like.
      if (typeof type === 'string' && type.endsWith('_tool_result'))
        return [resultPart(block.tool_use_id, [otherPart(block.content)])];
      return [otherPart(block)];
  }
}

function readSource(kind: 'image' | 'file', block: Fields): Part[] {
  const source = fieldsOf(block.source) ?? {};
  const name = nameOf(block.title);
  switch (source.type) {
    case 'url':
      return [mediaPart(kind, source.url, null, name)];
    case 'file':
      return [storedFile(kind, source.file_id, name)];
    case 'text':
      return textPart(source.data);
    case 'content':
      return readBlocks(source.content);
    default:
      return [mediaPart(kind, source.data, nameOf(source.media_type), name)];
  }
}

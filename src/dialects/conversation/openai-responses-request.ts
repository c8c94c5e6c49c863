import type { Message, Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import { lastMessages, MOST_PARTS, MOST_TOOLS, nameOf, objectsOf, parametersOf } from './loose-body.ts';
import { readContent, readTool } from './openai-chat-request.ts';
import { callPart, mediaPart, otherPart, resultPart, textPart } from './parts.ts';
import { type RequestReading, splitSystem } from './reading.ts';

const KNOWN = ['model', 'input', 'instructions', 'tools'];

export function readResponsesRequest(body: Fields): RequestReading {
  const { messages, omitted } = lastMessages(body.input);
  const { system, rest } = splitSystem(
    typeof body.input === 'string'
      ? [{ role: 'user', parts: textPart(body.input) }]
      : messages.map(readInputItem),
  );
  return {
    dialect: 'openai-responses',
    model: nameOf(body.model),
    system: [...textPart(body.instructions), ...system],
    messages: rest,
    omittedMessages: omitted,
    tools: objectsOf(body.tools, MOST_TOOLS).map(readTool),
    parameters: parametersOf(body, KNOWN),
  };
}

function readInputItem(item: Fields): Message {
  const type = typeof item.type === 'string' ? item.type : '';
  if (typeof item.role === 'string')
    return { role: nameOf(item.role) ?? 'unknown', parts: readContent(item.content) };
  const role = type.endsWith('_output') ? 'tool' : 'assistant';
  return { role, parts: readItem(item) };
}

/** An item of input or output; with the responses API both are of one kind. */
export function readItem(item: Fields): Part[] {
  const type = typeof item.type === 'string' ? item.type : '';
  switch (type) {
    case 'message':
      return readContent(item.content);
    case 'reasoning':
      return readReasoning(item);
    case 'function_call':
    case 'custom_tool_call':
      return [callPart(item.call_id ?? item.id, item.name, item.arguments ?? item.input)];
    case 'mcp_call':
      return [
        callPart(item.id, item.name, item.arguments),
        ...(typeof item.output === 'string' ? [resultPart(item.id, textPart(item.output))] : []),
      ];
    case 'image_generation_call':
      return [mediaPart('image', item.result, `image/${nameOf(item.output_format) ?? 'png'}`)];
    default:
      if (type.endsWith('_output')) return [resultPart(item.call_id, readOutput(item.output))];
      if (type.endsWith('_call') && fieldsOf(item.action) !== null)
        return [callPart(item.call_id ?? item.id, type.slice(0, -'_call'.length), item.action)];
      return [otherPart(item)];
  }
}

/** Summaries are what most models show of their reasoning; the rest is encrypted. */
function readReasoning(item: Fields): Part[] {
  const texts = [item.summary, item.content].flatMap((list) =>
    objectsOf(list, MOST_PARTS).flatMap((part) => textPart(part.text, 'thinking')),
  );
  return texts;
}

function readOutput(output: unknown): Part[] {
  if (typeof output === 'string' || Array.isArray(output)) return readContent(output);
  return output === undefined || output === null ? [] : [otherPart(output)];
}

import type { Message, Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import { lastMessages, MOST_PARTS, MOST_TOOLS, nameOf, objectsOf, parametersOf } from './loose-body.ts';
import { readTool } from './openai-chat-request.ts';
import { callPart, otherPart, resultPart, textPart } from './parts.ts';
import type { RequestReading } from './reading.ts';

const KNOWN = ['model', 'message', 'chat_history', 'preamble', 'tools', 'tool_results'];
const ROLES: Readonly<Record<string, string>> = {
  USER: 'user',
  CHATBOT: 'assistant',
  SYSTEM: 'system',
  TOOL: 'tool',
};

/** The first version of Cohere's chat: the newest message beside the history. The second is read as OpenAI's. */
export function readCohereRequest(body: Fields): RequestReading {
  const { messages, omitted } = lastMessages(body.chat_history);
  const results = objectsOf(body.tool_results, MOST_PARTS).map(readResult);
  const newest = textPart(body.message);
  return {
    dialect: 'cohere',
    model: nameOf(body.model),
    system: textPart(body.preamble),
    messages: [
      ...messages.map(readMessage),
      ...(newest.length === 0 ? [] : [{ role: 'user', parts: newest }]),
      ...(results.length === 0 ? [] : [{ role: 'tool', parts: results }]),
    ],
    omittedMessages: omitted,
    tools: objectsOf(body.tools, MOST_TOOLS).map(readTool),
    parameters: parametersOf(body, KNOWN),
  };
}

function readMessage(message: Fields): Message {
  const role = nameOf(message.role) ?? 'unknown';
  return {
    role: ROLES[role.toUpperCase()] ?? role,
    parts: [
      ...textPart(message.message),
      ...objectsOf(message.tool_calls, MOST_PARTS).map(readCall),
      ...objectsOf(message.tool_results, MOST_PARTS).map(readResult),
    ],
  };
}

export function readCall(call: Fields): Part {
  return callPart(call.id, call.name, call.parameters);
}

function readResult(result: Fields): Part {
  return resultPart(fieldsOf(result.call)?.name, [otherPart(result.outputs ?? null)]);
}

import type { Conversation, Message, Part } from '../core/conversation.ts';
import { isLogId } from '../core/ids.ts';
import {
  type ConversationMessage,
  type ConversationObject,
  type ConversationPart,
  conversationSchema,
} from './contract/conversation.ts';
import { type Endpoint, endpoint, GATEWAY } from './endpoint.ts';
import { notFound, resultResponse } from './envelope.ts';
import { findGateway } from './find-gateway.ts';

export const conversationEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${GATEWAY}/logs/{log_id}/conversation`,
    permission: 'read',
    tag: 'Logs',
    summary: 'Show request and answer of a log as a conversation, whatever their wire format',
    result: { kind: 'one', schema: conversationSchema },
    handle: async (call) => {
      const gateway = findGateway(call);
      const id = call.params.log_id ?? '';
      const found = isLogId(id)
        ? await call.services.conversations.conversation(call.account, gateway.id, id)
        : null;
      if (found === null) throw notFound('log');
      return resultResponse(showConversation(found));
    },
  }),
];

function showConversation(conversation: Conversation): ConversationObject {
  const { answer } = conversation;
  return {
    dialect: conversation.dialect,
    model: conversation.model,
    system: conversation.system.map(showPart),
    messages: conversation.messages.map(showMessage),
    omitted_messages: conversation.omittedMessages,
    answer: answer === null ? null : { ...showMessage(answer), finish_reason: answer.finishReason },
    tools: conversation.tools.map((tool) => ({ ...tool })),
    parameters: conversation.parameters,
    new_from: conversation.newFrom,
    request_truncated: conversation.requestTruncated,
    response_truncated: conversation.responseTruncated,
    problem: conversation.problem,
  };
}

function showMessage({ role, parts }: Message): ConversationMessage {
  return { role, parts: parts.map(showPart) };
}

function showPart(part: Part): ConversationPart {
  const marker = part.cacheMarker === true ? { cache_marker: true as const } : {};
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal': {
      const { type, text, length } = part;
      return { type, text, ...(length !== undefined && { length }), ...marker };
    }
    case 'image':
    case 'audio':
    case 'file': {
      const { type, mediaType, dataUrl, url, bytes, name } = part;
      return { type, media_type: mediaType, data_url: dataUrl, url, bytes, name, ...marker };
    }
    case 'tool-call':
      return { type: part.type, id: part.id, name: part.name, arguments: part.arguments, ...marker };
    case 'tool-result': {
      const { type, callId, parts, isError } = part;
      return { type, call_id: callId, parts: parts.map(showPart), is_error: isError, ...marker };
    }
    case 'other':
      return { type: part.type, json: part.json, ...marker };
  }
}

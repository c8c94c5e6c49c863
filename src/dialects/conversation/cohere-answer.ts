import { type Fields, fieldsOf, within } from '../json-fields.ts';
import type { StreamEvent } from './body-form.ts';
import { readCall } from './cohere-request.ts';
import { MOST_PARTS, nameOf, objectsOf } from './loose-body.ts';
import { readContent, readMessageParts } from './openai-chat-request.ts';
import { PartBuilder } from './part-builder.ts';
import { textPart } from './parts.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer } from './reading.ts';

export const cohereAnswer: AnswerReader = { readBody, readEvents };

/** Both versions: the second has its answer in a message. */
function readBody(body: Fields): AnswerReading {
  const message = fieldsOf(body.message);
  const parts =
    message === null
      ? [...textPart(body.text), ...objectsOf(body.tool_calls, MOST_PARTS).map(readCall)]
      : readMessageParts(message, readContent(message.content));
  return { model: nameOf(body.model), answer: assistantAnswer(parts, nameOf(body.finish_reason)) };
}

function readEvents(events: readonly StreamEvent[]): AnswerReading {
  const builder = new PartBuilder();
  let finishReason: string | null = null;
  for (const { fields } of events) {
    if (fields.event_type !== undefined) takeFirstVersion(fields, builder);
    else takeSecondVersion(fields, builder);
    finishReason =
      nameOf(fields.finish_reason) ?? nameOf(within(fields, 'delta').finish_reason) ?? finishReason;
  }
  return { model: null, answer: assistantAnswer(builder.parts(), finishReason) };
}

function takeFirstVersion(event: Fields, builder: PartBuilder): void {
  if (event.event_type === 'text-generation') builder.addText('text', 'text', event.text);
  else if (event.event_type === 'tool-calls-generation')
    builder.setParts('calls', objectsOf(event.tool_calls, MOST_PARTS).map(readCall));
}

function takeSecondVersion(event: Fields, builder: PartBuilder): void {
  const message = within(within(event, 'delta'), 'message');
  const key = String(event.index ?? 0);
  switch (event.type) {
    case 'content-start':
    case 'content-delta': {
      const content = within(message, 'content');
      builder.addText(`text ${key}`, 'text', content.text);
      builder.addText(`thinking ${key}`, 'thinking', content.thinking);
      break;
    }
    case 'tool-plan-delta':
      builder.addText('plan', 'thinking', message.tool_plan);
      break;
    case 'tool-call-start':
    case 'tool-call-delta': {
      const call = within(message, 'tool_calls');
      const called = within(call, 'function');
      builder.addCall(`call ${key}`, { id: call.id, name: called.name, piece: called.arguments });
      break;
    }
  }
}

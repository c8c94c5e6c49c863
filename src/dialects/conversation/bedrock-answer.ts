import { type Fields, fieldsOf, within } from '../json-fields.ts';
import { readBlock, readBlocks } from './bedrock-request.ts';
import type { StreamEvent } from './body-form.ts';
import { nameOf } from './loose-body.ts';
import { PartBuilder } from './part-builder.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer } from './reading.ts';

export const converseAnswer: AnswerReader = { readBody, readEvents };

function readBody(body: Fields): AnswerReading {
  const message = within(within(body, 'output'), 'message');
  return { model: null, answer: assistantAnswer(readBlocks(message.content), nameOf(body.stopReason)) };
}

/** Converse names its events in the frame; invoked models of Amazon put the same within an object of that name. */
function readEvents(events: readonly StreamEvent[]): AnswerReading {
  const builder = new PartBuilder();
  let finishReason: string | null = null;
  for (const { name, fields } of events) {
    const [only] = Object.keys(fields);
    const inner = only === undefined ? null : fieldsOf(fields[only]);
    const isWrapped = inner !== null && (name === 'chunk' || name === null);
    const event = isWrapped ? inner : fields;
    switch (isWrapped ? only : name) {
      case 'contentBlockStart':
        startBlock(builder, event);
        break;
      case 'contentBlockDelta':
        takeDelta(builder, event);
        break;
      case 'messageStop':
        finishReason = nameOf(event.stopReason) ?? finishReason;
        break;
    }
  }
  return { model: null, answer: assistantAnswer(builder.parts(), finishReason) };
}

const keyOf = (event: Fields): string => String(event.contentBlockIndex ?? 0);

function startBlock(builder: PartBuilder, event: Fields): void {
  const start = within(event, 'start');
  const call = fieldsOf(start.toolUse);
  if (call !== null) builder.addCall(keyOf(event), { id: call.toolUseId, name: call.name });
  else if (Object.keys(start).length > 0) builder.setParts(keyOf(event), readBlock(start));
}

function takeDelta(builder: PartBuilder, event: Fields): void {
  const delta = within(event, 'delta');
  const key = keyOf(event);
  builder.addText(key, 'text', delta.text);
  builder.addText(key, 'thinking', within(delta, 'reasoningContent').text);
  const call = fieldsOf(delta.toolUse);
  if (call !== null) builder.addCall(key, { piece: call.input });
}

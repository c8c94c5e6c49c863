import { type Fields, within } from '../json-fields.ts';
import { readBlock, readBlocks } from './anthropic-request.ts';
import type { StreamEvent } from './body-form.ts';
import { nameOf } from './loose-body.ts';
import { PartBuilder } from './part-builder.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer } from './reading.ts';

export const anthropicAnswer: AnswerReader = { readBody, readEvents };

function readBody(body: Fields): AnswerReading {
  // The older completions have their text beside the reason.
  const parts = readBlocks(body.content ?? body.completion);
  return { model: nameOf(body.model), answer: assistantAnswer(parts, nameOf(body.stop_reason)) };
}

function readEvents(events: readonly StreamEvent[]): AnswerReading {
  const builder = new PartBuilder();
  let model: string | null = null;
  let finishReason: string | null = null;
  for (const { fields } of events) {
    const key = String(fields.index);
    switch (fields.type) {
      case 'message_start':
        model ??= nameOf(within(fields, 'message').model);
        break;
      case 'content_block_start':
        startBlock(builder, key, within(fields, 'content_block'));
        break;
      case 'content_block_delta':
        takeDelta(builder, key, within(fields, 'delta'));
        break;
      case 'message_delta':
        finishReason = nameOf(within(fields, 'delta').stop_reason) ?? finishReason;
        break;
    }
  }
  return { model, answer: assistantAnswer(builder.parts(), finishReason) };
}

function startBlock(builder: PartBuilder, key: string, block: Fields): void {
  switch (block.type) {
    case 'text':
      builder.addText(key, 'text', block.text);
      break;
    case 'thinking':
      builder.addText(key, 'thinking', block.thinking);
      break;
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      builder.addCall(key, { id: block.id, name: block.name, given: block.input });
      break;
    default:
      // Blocks that come whole, such as the results of the provider's own tools.
      builder.setParts(key, readBlock(block));
  }
}

function takeDelta(builder: PartBuilder, key: string, delta: Fields): void {
  builder.addText(key, 'text', delta.text);
  builder.addText(key, 'thinking', delta.thinking);
  if (typeof delta.partial_json === 'string') builder.addCall(key, { piece: delta.partial_json });
}

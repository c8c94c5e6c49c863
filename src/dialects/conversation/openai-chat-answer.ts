import type { Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf, within } from '../json-fields.ts';
import type { StreamEvent } from './body-form.ts';
import { firstOf, MOST_PARTS, nameOf, objectsOf } from './loose-body.ts';
import { readContent, readMessageParts } from './openai-chat-request.ts';
import { PartBuilder } from './part-builder.ts';
import { mediaPart, otherPart, textPart } from './parts.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer } from './reading.ts';

const MOST_CHOICES = 32;

export const chatAnswer: AnswerReader = { readBody, readEvents };

function readBody(body: Fields): AnswerReading {
  const choices = objectsOf(body.choices, MOST_CHOICES);
  const parts = choices.flatMap((choice, index) => {
    const message = within(choice, 'message');
    return besides(index, [
      ...readMessageParts(message, readContent(message.content)),
      ...readImages(message.images),
      // Completions of the older kind.
      ...textPart(choice.text),
    ]);
  });
  const finishReason = choices
    .map((choice) => nameOf(choice.finish_reason))
    .find((reason) => reason !== null);
  return { model: nameOf(body.model), answer: assistantAnswer(parts, finishReason ?? null) };
}

/** Several answers may be asked for; all after the first say which they are. */
function besides(index: number, parts: Part[]): Part[] {
  return index === 0 || parts.length === 0 ? parts : [otherPart({ choice: index }), ...parts];
}

/** OpenRouter's models that draw. */
function readImages(value: unknown): Part[] {
  return objectsOf(value, MOST_PARTS).map((image) =>
    mediaPart('image', within(image, 'image_url').url, null),
  );
}

function readEvents(events: readonly StreamEvent[]): AnswerReading {
  const choices = new Map<number, PartBuilder>();
  let model: string | null = null;
  let finishReason: string | null = null;
  for (const { fields } of events) {
    model ??= nameOf(fields.model);
    for (const choice of objectsOf(fields.choices, MOST_CHOICES)) {
      const index = typeof choice.index === 'number' ? choice.index : 0;
      let builder = choices.get(index);
      if (builder === undefined) {
        if (choices.size >= MOST_CHOICES) continue;
        builder = new PartBuilder();
        choices.set(index, builder);
      }
      finishReason ??= nameOf(choice.finish_reason);
      builder.addText('text', 'text', choice.text);
      takeDelta(fieldsOf(choice.delta) ?? within(choice, 'message'), builder);
    }
  }
  const sorted = [...choices].sort(([a], [b]) => a - b);
  const parts = sorted.flatMap(([, builder], index) => besides(index, builder.parts()));
  return { model, answer: assistantAnswer(parts, finishReason) };
}

function takeDelta(delta: Fields, builder: PartBuilder): void {
  const reasoning = delta.reasoning_content ?? delta.reasoning;
  if (typeof reasoning === 'string') builder.addText('thinking', 'thinking', reasoning);
  else {
    for (const detail of objectsOf(delta.reasoning_details, MOST_PARTS))
      builder.addText('thinking', 'thinking', detail.text ?? detail.summary);
  }
  if (typeof delta.content === 'string') builder.addText('text', 'text', delta.content);
  else {
    for (const part of readContent(delta.content))
      if (part.type === 'text' || part.type === 'thinking') builder.addText(part.type, part.type, part.text);
  }
  builder.addText('refusal', 'refusal', delta.refusal);
  const audio = fieldsOf(delta.audio);
  if (audio !== null) builder.addText('transcript', 'text', audio.transcript);
  const call = fieldsOf(delta.function_call);
  if (call !== null) builder.addCall('call', { name: call.name, piece: call.arguments });
  firstOf(delta.tool_calls, MOST_PARTS).forEach((item, place) => {
    const call = fieldsOf(item);
    if (call === null) return;
    const called = fieldsOf(call.function) ?? within(call, 'custom');
    // Some send each call whole and all with the same index, or with none.
    const index = typeof call.index === 'number' ? call.index : place;
    builder.addCall(`call ${index}`, {
      id: call.id,
      name: called.name,
      piece: called.arguments ?? called.input,
      ...(fieldsOf(called.arguments) !== null && { given: called.arguments }),
    });
  });
  const images = readImages(delta.images);
  if (images.length > 0) builder.setParts('images', images);
}

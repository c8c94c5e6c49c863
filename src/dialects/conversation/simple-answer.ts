import type { Part } from '../../core/conversation.ts';
import { type Fields, fieldsOf, within } from '../json-fields.ts';
import type { StreamEvent } from './body-form.ts';
import { firstOf, MOST_PARTS, nameOf, objectsOf } from './loose-body.ts';
import { PartBuilder } from './part-builder.ts';
import { callPart, mediaPart, otherPart, textPart } from './parts.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer, NO_ANSWER } from './reading.ts';

export const simpleAnswer: AnswerReader = { readBody, readEvents };

/** Where the different APIs have a text that was made. */
const TEXTS = [
  'text',
  'response',
  'generation',
  'generated_text',
  'completion',
  'outputText',
  'output',
  'answer',
] as const;

function readBody(body: Fields): AnswerReading {
  const parts = [...readTexts(body), ...readLists(body)];
  const reason = nameOf(body.stop_reason ?? body.finish_reason ?? body.completionReason);
  if (parts.length === 0 && body.error !== undefined && body.error !== null) return NO_ANSWER;
  const shown = parts.length === 0 && Object.keys(body).length > 0 ? [otherPart(body)] : parts;
  return { model: nameOf(body.model) ?? nameOf(body.modelId), answer: assistantAnswer(shown, reason) };
}

function readTexts(body: Fields): Part[] {
  for (const name of TEXTS) {
    const value = body[name];
    // Models that write in pieces give a list of them.
    const texts = typeof value === 'string' ? [value] : firstOf(value, MOST_PARTS);
    if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) continue;
    if (/^(?:https?:\/\/\S+|data:\S+)$/.test(texts[0]!.slice(0, 2000)))
      return texts.map((text) => mediaPart('image', text, null));
    return [...textPart(texts.join('')), ...readCalls(body)];
  }
  return readCalls(body);
}

/** Workers AI has the name of a call beside its arguments, and not one level below. */
function readCalls(body: Fields): Part[] {
  return objectsOf(body.tool_calls, MOST_PARTS).map((call) => {
    const called = fieldsOf(call.function) ?? call;
    return callPart(call.id, called.name, called.arguments);
  });
}

function readLists(body: Fields): Part[] {
  const data = objectsOf(body.data ?? body.images ?? body.artifacts, MOST_PARTS);
  const parts = data.flatMap((item) => {
    const image = item.b64_json ?? item.base64;
    if (typeof image === 'string')
      return [mediaPart('image', image, 'image/png'), ...textPart(item.revised_prompt)];
    if (typeof item.url === 'string')
      return [mediaPart('image', item.url, null), ...textPart(item.revised_prompt)];
    return Array.isArray(item.embedding)
      ? [otherPart({ embedding: { dimensions: item.embedding.length } })]
      : [];
  });
  const texts = objectsOf(body.outputs ?? body.results ?? body.generations, MOST_PARTS).flatMap((item) =>
    textPart(item.text ?? item.outputText),
  );
  const images = firstOf(body.images, MOST_PARTS).flatMap((item) =>
    typeof item === 'string' ? [mediaPart('image', item, 'image/png')] : [],
  );
  return [...parts, ...texts, ...images];
}

function readEvents(events: readonly StreamEvent[]): AnswerReading {
  const builder = new PartBuilder();
  let finishReason: string | null = null;
  for (const { fields } of events) {
    const token = within(fields, 'token');
    const piece =
      fields.response ??
      fields.generation ??
      fields.outputText ??
      fields.completion ??
      (token.special === true ? null : token.text);
    builder.addText(
      'text',
      'text',
      piece ?? (typeof fields.type === 'string' && fields.type.endsWith('.delta') ? fields.delta : null),
    );
    for (const output of objectsOf(fields.outputs, MOST_PARTS)) {
      builder.addText('text', 'text', output.text);
      finishReason = nameOf(output.stop_reason) ?? finishReason;
    }
    finishReason = nameOf(fields.stop_reason ?? fields.completionReason) ?? finishReason;
    const isImage = typeof fields.type === 'string' && fields.type.endsWith('.completed');
    if (isImage && typeof fields.b64_json === 'string')
      builder.setParts('image', [mediaPart('image', fields.b64_json, 'image/png')]);
  }
  return { model: null, answer: assistantAnswer(builder.parts(), finishReason) };
}

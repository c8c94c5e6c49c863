import type { Part } from '../../core/conversation.ts';
import { type Fields, within } from '../json-fields.ts';
import type { StreamEvent } from './body-form.ts';
import { readParts } from './google-request.ts';
import { nameOf, objectsOf } from './loose-body.ts';
import { textPart } from './parts.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer } from './reading.ts';

export const googleAnswer: AnswerReader = {
  readBody: (body) => readAll([body]),
  readEvents: (events: readonly StreamEvent[]) => readAll(events.map(({ fields }) => fields)),
};

/** A stream is a list of answers, each with the next piece. Of several candidates the first is shown. */
export function readAll(answers: readonly Fields[]): AnswerReading {
  const parts: Part[] = [];
  let model: string | null = null;
  let finishReason: string | null = null;
  for (const answer of answers) {
    model ??= nameOf(answer.modelVersion);
    const [candidate] = objectsOf(answer.candidates, 1);
    for (const part of candidate === undefined ? [] : readParts(candidate.content)) append(parts, part);
    finishReason = nameOf(candidate?.finishReason) ?? finishReason;
    // A prompt that was refused has no candidates.
    const blocked = nameOf(within(answer, 'promptFeedback').blockReason);
    if (blocked !== null) {
      finishReason ??= blocked;
      parts.push(...textPart(`The prompt was blocked: ${blocked}`, 'refusal'));
    }
  }
  return { model, answer: assistantAnswer(parts, finishReason) };
}

function append(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  const isText = part.type === 'text' || part.type === 'thinking';
  if (isText && last?.type === part.type)
    parts[parts.length - 1] = { type: part.type, text: last.text + part.text };
  else parts.push(part);
}

import type { Answer } from '../../core/dialect.ts';
import type { FoundFacts } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import { fieldsOf, textOf, within } from '../json-fields.ts';
import { openAiReader } from '../openai/read-answer.ts';
import { readGenerationDetails } from './usage.ts';

/** OpenAI's shapes, and those of the text generation server: a text, with details when they were asked for. */
export const huggingFaceReader: DialectReader = {
  wanted: { ...openAiReader.wanted, details: true, generated_text: true, token: true },
  readBody,
  takeEvent,
  addTexts,
  endingOf: openAiReader.endingOf,
  readUsage: (usage, answer) =>
    usage.generated_tokens === undefined
      ? openAiReader.readUsage(usage, answer)
      : readGenerationDetails(usage),
};

function readBody(body: unknown, answer: Answer): FoundFacts {
  const facts = openAiReader.readBody(body, answer);
  const details = fieldsOf(fieldsOf(Array.isArray(body) ? body[0] : body)?.details);
  if (details) {
    facts.usage ??= readGenerationDetails(details);
    facts.finishReason ??= textOf(details.finish_reason);
    if (facts.ending === 'whole' && facts.finishReason)
      facts.ending = openAiReader.endingOf(facts.finishReason);
  }
  return facts;
}

function takeEvent(event: AnswerEvent, found: StreamFindings): void {
  openAiReader.takeEvent(event, found);
  const fields = event.fields;
  if (typeof fields?.generated_text !== 'string') return;
  // Only the last event has the whole text.
  found.ended = true;
  found.settled = true;
  const details = fieldsOf(fields.details);
  found.usage ??= details;
  found.finishReason ??= textOf(details?.finish_reason);
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  const token = within(event.fields, 'token').text;
  if (typeof token === 'string') texts.push(token);
  else openAiReader.addTexts(event, texts);
}

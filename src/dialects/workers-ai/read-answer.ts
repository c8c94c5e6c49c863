import type { Answer } from '../../core/dialect.ts';
import { type FoundFacts, noFacts } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader } from '../dialect-reader.ts';
import { fieldsOf } from '../json-fields.ts';
import { openAiReader } from '../openai/read-answer.ts';
import { readError } from '../read-error.ts';
import { readWorkersAiUsage } from './usage.ts';

/** `{result, success, errors}` around a model's own JSON, and OpenAI's shapes where a model or path speaks them. */
export const workersAiReader: DialectReader = {
  wanted: {
    ...openAiReader.wanted,
    response: true,
    success: true,
    transcription_info: true,
    result: { ...openAiReader.wanted, response: true, transcription_info: true },
  },
  readBody,
  takeEvent: openAiReader.takeEvent,
  addTexts,
  endingOf: openAiReader.endingOf,
  readUsage: openAiReader.readUsage,
};

function readBody(body: unknown, answer: Answer): FoundFacts {
  const fields = fieldsOf(body);
  const error = readError(fields, fields?.success === false);
  if (error) {
    return { ...noFacts('failed'), errorType: error.type, errorMessage: error.message };
  }
  const result = fieldsOf(fields?.result) ?? fields;
  const facts = openAiReader.readBody(result, answer);
  if (result) facts.usage ??= readWorkersAiUsage(result);
  return facts;
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  const fields = event.fields;
  if (typeof fields?.response === 'string') texts.push(fields.response);
  else openAiReader.addTexts(event, texts);
}

import { type FoundFacts, noFacts } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import { fieldsOf, listOf, textOf, within } from '../json-fields.ts';
import { failedFacts, noteError, readError } from '../read-error.ts';
import { readCohereUsage } from './usage.ts';

/** Chat of both versions, embed, rerank, classify. Cohere's answers do not name the model. */
export const cohereReader: DialectReader = {
  wanted: {
    usage: true,
    meta: true,
    finish_reason: true,
    error: true,
    type: true,
    event_type: true,
    delta: { usage: true, finish_reason: true, error: true },
    response: { meta: true, finish_reason: true },
  },
  readBody,
  takeEvent,
  addTexts,
  endingOf,
  readUsage: readCohereUsage,
};

function readBody(body: unknown): FoundFacts {
  const facts = noFacts('whole');
  const fields = fieldsOf(body);
  const error = readError(fields, false);
  if (error) return failedFacts(error);
  if (!fields) return facts;
  const usage = fieldsOf(fields.usage) ?? fieldsOf(fields.meta);
  facts.usage = usage && readCohereUsage(usage);
  facts.finishReason = textOf(fields.finish_reason);
  if (facts.finishReason) facts.ending = endingOf(facts.finishReason);
  return facts;
}

function takeEvent(event: AnswerEvent, found: StreamFindings): void {
  const fields = event.fields;
  if (!fields) return;
  const error = readError(fields, false);
  if (error) noteError(error, found);
  // Version 2 ends with message-end, version 1 with stream-end; each tells everything.
  const end =
    fields.type === 'message-end'
      ? within(fields, 'delta')
      : fields.event_type === 'stream-end'
        ? fields
        : null;
  if (!end) return;
  const usage = fieldsOf(end.usage) ?? fieldsOf(within(end, 'response').meta);
  found.usage ??= usage;
  found.finishReason ??= textOf(end.finish_reason) ?? textOf(within(end, 'response').finish_reason);
  found.ended = true;
  found.settled = true;
  const message = textOf(end.error);
  if (message !== null) {
    found.failed = true;
    found.errorType ??= found.finishReason;
    found.errorMessage ??= message;
  }
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  const fields = event.fields;
  if (fields?.event_type === 'text-generation' && typeof fields.text === 'string') texts.push(fields.text);
  const message = within(within(fields, 'delta'), 'message');
  const content = within(message, 'content');
  const pieces = [content.text, content.thinking, message.tool_plan];
  const calls = fieldsOf(message.tool_calls) ? [message.tool_calls] : listOf(message.tool_calls);
  for (const call of calls) {
    const called = within(fieldsOf(call), 'function');
    pieces.push(called.name, called.arguments);
  }
  for (const piece of pieces) if (typeof piece === 'string') texts.push(piece);
}

function endingOf(finishReason: string): ReturnType<DialectReader['endingOf']> {
  switch (finishReason) {
    case 'MAX_TOKENS':
    case 'ERROR_LIMIT':
      return 'limit';
    case 'ERROR_TOXIC':
      return 'refused';
    case 'ERROR':
    case 'TIMEOUT':
    case 'USER_CANCEL':
      return 'failed';
    default:
      return 'whole';
  }
}

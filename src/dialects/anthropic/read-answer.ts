import type { Answer } from '../../core/dialect.ts';
import { emptyUsage } from '../../core/usage.ts';
import { type FoundFacts, noFacts } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import { countOf, type Fields, fieldsOf, textOf, within } from '../json-fields.ts';
import { failedFacts, noteError, readError } from '../read-error.ts';
import { readAnthropicUsage } from './usage.ts';

export const anthropicReader: DialectReader = {
  wanted: {
    type: true,
    model: true,
    usage: true,
    stop_reason: true,
    error: true,
    input_tokens: true,
    delta: { stop_reason: true, type: true },
    message: { model: true, usage: true },
  },
  readBody,
  takeEvent,
  needsFirstEvent: true,
  addTexts,
  endingOf,
  readUsage: readAnthropicUsage,
};

function readBody(body: unknown, answer: Answer): FoundFacts {
  const facts = noFacts('whole');
  const fields = fieldsOf(body);
  const error = readError(fields, false);
  if (error) return failedFacts(error);
  if (!fields) return facts;
  facts.model = textOf(fields.model);
  facts.finishReason = textOf(fields.stop_reason);
  if (facts.finishReason) facts.ending = endingOf(facts.finishReason);
  const usage = fieldsOf(fields.usage);
  if (usage) facts.usage = readAnthropicUsage(usage);
  else if (/count_tokens(\?|$)/.test(answer.endpoint)) {
    // A count that was asked for is no use of a model: it must not be billed.
    const counted = countOf(fields.input_tokens);
    if (counted !== null) facts.usage = { ...emptyUsage(), units: { counted_tokens: counted } };
  }
  return facts;
}

function takeEvent(event: AnswerEvent, found: StreamFindings): void {
  const fields = event.fields;
  switch (fields?.type) {
    case 'message_stop':
      found.ended = true;
      return;
    case 'message_delta':
      found.finishReason ??= textOf(within(fields, 'delta').stop_reason);
      found.usage = merged(fieldsOf(fields.usage), found.usage);
      found.settled = true;
      return;
    case 'message_start': {
      const message = within(fields, 'message');
      found.model ??= textOf(message.model);
      const started = fieldsOf(message.usage);
      // The output count here is that of the first token; a stream that broke off has used more.
      if (started) found.usage = merged({ ...started, output_tokens: null }, found.usage);
      return;
    }
    case 'error': {
      noteError(readError(fields, true), found);
    }
  }
}

/** The later figures over the earlier ones: they are cumulative, but leave out, or state as null, what did not change. */
function merged(earlier: Fields | null, later: Fields | null): Fields | null {
  if (!earlier || !later) return earlier ?? later;
  const usage: Record<string, unknown> = { ...earlier };
  for (const [name, figure] of Object.entries(later)) if (figure !== null) usage[name] = figure;
  return usage;
}

function endingOf(stopReason: string): ReturnType<DialectReader['endingOf']> {
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded') return 'limit';
  return stopReason === 'refusal' ? 'refused' : 'whole';
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  const fields = event.fields;
  if (!fields) return;
  const start = within(fields, 'content_block');
  if (typeof start.name === 'string') texts.push(start.name);
  const delta = within(fields, 'delta');
  for (const text of [delta.text, delta.partial_json, delta.thinking]) {
    if (typeof text === 'string') texts.push(text);
  }
}

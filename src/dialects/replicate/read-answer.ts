import { type FoundFacts, noFacts } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import { fieldsOf, textOf } from '../json-fields.ts';
import { readReplicateUsage } from './usage.ts';

/** Predictions, and their event streams, whose data is bare text. */
export const replicateReader: DialectReader = {
  wanted: { model: true, status: true, error: true, metrics: true },
  readBody,
  takeEvent,
  addTexts,
  endingOf: () => 'whole',
  readUsage: readReplicateUsage,
};

function readBody(body: unknown): FoundFacts {
  const facts = noFacts('whole');
  const fields = fieldsOf(body);
  if (!fields) return facts;
  facts.model = textOf(fields.model);
  facts.finishReason = textOf(fields.status);
  const metrics = fieldsOf(fields.metrics);
  facts.usage = metrics && readReplicateUsage(metrics);
  const message = textOf(fields.error) ?? textOf(fieldsOf(fields.error)?.message);
  if (facts.finishReason === 'failed' || message !== null) {
    facts.ending = 'failed';
    facts.errorType = facts.finishReason;
    facts.errorMessage = message;
  } else if (facts.finishReason === 'canceled' || facts.finishReason === 'aborted') {
    facts.ending = 'unfinished';
  }
  return facts;
}

function takeEvent(event: AnswerEvent, found: StreamFindings): void {
  if (event.name !== 'done') return;
  found.ended = true;
  const reason = textOf(event.fields?.reason);
  found.finishReason ??= reason;
  if (reason === 'error') found.failed = true;
  else found.settled = true;
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  if (event.name === 'output' || event.name === null) texts.push(event.bytes.toString('utf8'));
}

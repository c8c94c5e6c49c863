import type { Answer } from '../../core/dialect.ts';
import { emptyUsage, type Usage } from '../../core/usage.ts';
import { pickJsonTail } from '../../wire/json-pick.ts';
import { type FoundFacts, noFacts, usageOf } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import {
  amountOf,
  countOf,
  type Fields,
  fieldsOf,
  listOf,
  statedUnits,
  sumOfStated,
  textOf,
  within,
} from '../json-fields.ts';
import { failedFacts, noteError, readError } from '../read-error.ts';
import { readGoogleUsage } from './usage.ts';

const WANTED = {
  modelVersion: true,
  usageMetadata: true,
  promptFeedback: true,
  error: true,
  candidates: { finishReason: true },
  totalTokens: true,
  metadata: true,
  predictions: { embeddings: { statistics: true } },
} as const;

export const googleReader: DialectReader = {
  wanted: WANTED,
  readBody,
  takeEvent,
  takeTail,
  addTexts,
  endingOf,
  readUsage: readGoogleUsage,
};

function readBody(body: unknown, answer: Answer): FoundFacts {
  const facts = noFacts('whole');
  const fields = fieldsOf(body);
  const error = readError(body, false);
  if (error) return failedFacts(error);
  if (!fields) return facts;
  facts.model = textOf(fields.modelVersion);
  const usage = fieldsOf(fields.usageMetadata);
  facts.usage = usage ? readGoogleUsage(usage) : unitsOfBody(fields, answer);
  facts.finishReason = finishReasonOf(fields);
  if (facts.finishReason) facts.ending = endingOf(facts.finishReason);
  return facts;
}

function unitsOfBody(fields: Fields, answer: Answer): Usage | null {
  if (/countTokens(\?|$)/.test(answer.endpoint)) {
    // A count that was asked for is no use of a model: it must not be billed.
    const counted = countOf(fields.totalTokens);
    return counted === null ? null : { ...emptyUsage(), units: { counted_tokens: counted } };
  }
  // Vertex `predict`: embeddings state their tokens one by one, and all of them their characters together.
  let inputTokens: number | null = null;
  for (const prediction of listOf(fields.predictions).map(fieldsOf)) {
    const statistics = within(within(prediction, 'embeddings'), 'statistics');
    inputTokens = sumOfStated(inputTokens, countOf(statistics.token_count));
  }
  const characters = amountOf(within(fields, 'metadata').billableCharacterCount);
  return usageOf({ inputTokens, units: statedUnits({ characters }) });
}

/** The reason of the first candidate that has one; for a prompt that was blocked, the reason of that. */
function finishReasonOf(fields: Fields): string | null {
  for (const candidate of listOf(fields.candidates).map(fieldsOf)) {
    const reason = textOf(candidate?.finishReason);
    if (reason !== null) return reason;
  }
  return textOf(within(fields, 'promptFeedback').blockReason);
}

/** There is no end marker: the chunk with a finish reason ends the stream, and usage stands in it. */
function takeEvent(event: AnswerEvent, found: StreamFindings): void {
  const fields = event.fields;
  if (!fields) return;
  const error = readError(fields, false);
  if (error) noteError(error, found);
  found.model ??= textOf(fields.modelVersion);
  found.usage ??= fieldsOf(fields.usageMetadata);
  found.finishReason ??= finishReasonOf(fields);
  if (found.finishReason !== null) {
    found.ended = true;
    found.settled = found.usage !== null;
  }
}

/** A last chunk with an image in it. Its finish reason stands a level deeper, in the candidate. */
function takeTail(bytes: Buffer, from: number, found: StreamFindings): void {
  const fields = pickJsonTail(bytes, { usageMetadata: true, modelVersion: true }, from);
  found.usage ??= fieldsOf(fields.usageMetadata);
  found.model ??= textOf(fields.modelVersion);
  if (found.usage === null) return;
  const end = bytes.toString('latin1', Math.max(from, bytes.length - 16 * 1024));
  // A key with plain quotes: within a text they would be escaped.
  found.finishReason ??= /.*"finishReason"\s*:\s*"([A-Z_]+)"/s.exec(end)?.[1] ?? null;
  found.ended = found.finishReason !== null;
}

function endingOf(finishReason: string): ReturnType<DialectReader['endingOf']> {
  switch (finishReason) {
    case 'STOP':
    case 'CONTINUATION':
    case 'FINISH_REASON_UNSPECIFIED':
      return 'whole';
    case 'MAX_TOKENS':
      return 'limit';
    case 'MALFORMED_FUNCTION_CALL':
    case 'MALFORMED_RESPONSE':
    case 'UNEXPECTED_TOOL_CALL':
    case 'TOO_MANY_TOOL_CALLS':
    case 'MISSING_THOUGHT_SIGNATURE':
      return 'failed';
    default:
      // All others are policies: SAFETY, RECITATION, BLOCKLIST, PROHIBITED_CONTENT, SPII, IMAGE_SAFETY, OTHER …
      return 'refused';
  }
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  const fields = event.fields;
  if (!fields) return;
  for (const candidate of listOf(fields.candidates).map(fieldsOf)) {
    for (const part of listOf(within(candidate, 'content').parts).map(fieldsOf)) {
      if (typeof part?.text === 'string') texts.push(part.text);
      const call = fieldsOf(part?.functionCall);
      if (call) texts.push(JSON.stringify(call));
    }
  }
}

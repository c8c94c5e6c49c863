import type { Answer } from '../core/dialect.ts';
import { type FoundFacts, noFacts, usageOfBrokenStream } from './answer-facts.ts';
import type { AnswerStream } from './answer-stream.ts';
import type { DialectReader, StreamFindings } from './dialect-reader.ts';
import { readError } from './read-error.ts';

/** Finish and usage stand in the last few events; what is not there is not stated. */
const LAST_EVENTS = 12;

/** As much of a broken stream is read through; what came beyond it is taken to be alike. */
const COUNTED_BYTES = 512 * 1024;

/**
 * Reads the last events, and for formats that begin with facts the first one. Only a stream that broke off is read
 * through from the start, to count what came.
 */
export function readStream(reader: DialectReader, stream: AnswerStream, answer: Answer): FoundFacts {
  const found: StreamFindings = {
    model: null,
    usage: null,
    finishReason: null,
    errorType: null,
    errorMessage: null,
    failed: false,
    ended: reader.endsWithConnection === true && answer.complete,
    refused: false,
    settled: false,
  };
  let seen = 0;
  for (const event of stream.fromEnd()) {
    if (event.isError) {
      found.failed = true;
      const error = readError(event.fields ?? event.bytes.toString('utf8'), true);
      found.errorType ??= error?.type ?? (event.name === 'error' ? null : event.name);
      found.errorMessage ??= error?.message ?? null;
    } else {
      reader.takeEvent(event, found);
    }
    if (found.settled || ++seen >= LAST_EVENTS) break;
  }
  if (seen === 0 && answer.gapAt !== null) reader.takeTail?.(answer.body, answer.gapAt, found);
  if (reader.needsFirstEvent && found.model === null) {
    for (const event of stream.fromStart()) {
      reader.takeEvent(event, found);
      break;
    }
  }

  const facts = noFacts('unfinished');
  if (found.ended && !found.failed) {
    facts.ending = found.refused ? 'refused' : endingOf(reader, found.finishReason);
    facts.usage = found.usage && reader.readUsage(found.usage, answer);
  } else {
    if (found.failed) facts.ending = 'failed';
    facts.usage = readBroken(reader, stream, answer, found);
  }
  facts.model = found.model;
  facts.finishReason = found.finishReason;
  facts.errorType = found.errorType;
  facts.errorMessage = found.errorMessage;
  return facts;
}

function readBroken(
  reader: DialectReader,
  stream: AnswerStream,
  answer: Answer,
  found: StreamFindings,
): FoundFacts['usage'] {
  const texts: string[] = [];
  let scale = 1;
  for (const event of stream.fromStart()) {
    if (event.isError) continue;
    if (found.model === null || found.usage === null) {
      const early = { ...found, usage: null, model: null };
      reader.takeEvent(event, early);
      found.model ??= early.model;
      found.usage ??= early.usage;
    }
    reader.addTexts(event, texts);
    if (event.endOffset >= COUNTED_BYTES) {
      scale = answer.body.length / event.endOffset;
      break;
    }
  }
  const stated = found.usage && reader.readUsage(found.usage, answer);
  return usageOfBrokenStream(stated, texts, scale);
}

function endingOf(reader: DialectReader, finishReason: string | null): FoundFacts['ending'] {
  return finishReason === null ? 'whole' : reader.endingOf(finishReason);
}

import type { Answer, AnswerFacts, DialectId } from '../core/dialect.ts';
import type { Usage } from '../core/usage.ts';
import { pickJson, pickJsonTail } from '../wire/json-pick.ts';
import { type FoundFacts, noFacts } from './answer-facts.ts';
import { AnswerStream, parseJson, type StreamForm } from './answer-stream.ts';
import { anthropicReader } from './anthropic/read-answer.ts';
import type { DialectReader } from './dialect-reader.ts';
import { googleReader } from './google/read-answer.ts';
import { fieldsOf, textOf } from './json-fields.ts';
import { openAiReader } from './openai/read-answer.ts';
import { readError } from './read-error.ts';
import { readStream } from './read-stream.ts';

const READERS: Partial<Record<DialectId, DialectReader>> = {
  openai: openAiReader,
  anthropic: anthropicReader,
  google: googleReader,
};

/** Up to this size a body is parsed whole, beyond it only what is wanted is picked out of it. */
const LARGEST_PARSED_BYTES = 64 * 1024;

/**
 * What an answer says about itself: model, usage, how it ended. Never throws, whatever the bytes: what cannot be read
 * is null. Meant to be called once per answer, when its last byte has come or will never come.
 */
export function readAnswer(answer: Answer): AnswerFacts {
  try {
    return read(answer);
  } catch {
    return noFacts(answer.complete ? 'whole' : 'unfinished');
  }
}

function read(answer: Answer): AnswerFacts {
  if (answer.status >= 400) return readFailure(answer);
  const reader = READERS[answer.dialect];
  if (!reader) return noFacts(answer.complete ? 'whole' : 'unfinished');
  const form = formOf(answer);
  const facts =
    form === 'json'
      ? readJson(reader, answer)
      : form === 'bytes'
        ? noFacts(answer.complete ? 'whole' : 'unfinished')
        : readStream(reader, new AnswerStream(answer, form, reader.wanted), answer);
  if (reader.readHeaders) facts.usage = completed(facts.usage, reader.readHeaders(answer.headers));
  return facts;
}

/** Figures of the body, and from the headers those that the body does not state. */
function completed(ofBody: Usage | null, ofHeaders: Usage | null): Usage | null {
  if (ofBody === null || ofHeaders === null) return ofBody ?? ofHeaders;
  const usage: Usage = { ...ofHeaders };
  for (const [name, figure] of Object.entries(ofBody)) {
    if (figure !== null) Object.assign(usage, { [name]: figure });
  }
  return usage;
}

function formOf(answer: Answer): StreamForm | 'json' | 'bytes' {
  const type = answer.contentType.toLowerCase();
  if (type.startsWith('text/event-stream')) return 'sse';
  if (type.startsWith('application/vnd.amazon.eventstream')) return 'aws-frames';
  if (/^application\/(stream\+json|x-ndjson|jsonl|x-jsonlines)/.test(type)) return 'json-lines';
  if (/^(audio|image|video)\/|^application\/(octet-stream|zip|pdf)/.test(type)) return 'bytes';
  // By what it is where the type says little: some servers send streams as text/plain, or say nothing.
  const start = answer.body.toString('latin1', 0, 64).trimStart();
  if (start.startsWith('{')) return 'json';
  if (start.startsWith('[')) {
    return answer.dialect === 'google' && /streamGenerateContent/i.test(answer.endpoint)
      ? 'json-array'
      : 'json';
  }
  if (/^(data|event|id|retry)?:/.test(start)) return 'sse';
  return 'bytes';
}

function readJson(reader: DialectReader, answer: Answer): FoundFacts {
  const { body, gapAt } = answer;
  let value: unknown;
  let whole = answer.complete;
  if (gapAt !== null) {
    const head = fieldsOf(pickJson(body, reader.wanted, 0, gapAt).value);
    value = { ...head, ...pickJsonTail(body, reader.wanted, gapAt) };
  } else {
    value = body.length <= LARGEST_PARSED_BYTES ? parseJson(body, reader.wanted) : undefined;
    if (value === undefined) {
      const picked = pickJson(body, reader.wanted);
      value = picked.value;
      whole &&= picked.whole;
    }
  }
  const facts = reader.readBody(value, answer);
  if (!whole && facts.ending !== 'failed') facts.ending = 'unfinished';
  return facts;
}

/** An answer whose status says that it failed: its error in whatever shape, and nothing that could be billed. */
function readFailure(answer: Answer): FoundFacts {
  const facts = noFacts('failed');
  const wanted = { error: true, errors: true, message: true, detail: true, code: true, type: true } as const;
  let value = parseJson(answer.body, wanted);
  if (value === undefined) {
    const text = answer.body.toString('utf8', 0, 64 * 1024);
    const data = /^data: ?(.+)$/m.exec(text)?.[1];
    value = data === undefined ? undefined : parseJson(Buffer.from(data), wanted);
    if (value === undefined && /^text\/plain/i.test(answer.contentType)) value = text.trim();
  }
  const error = readError(value, true);
  // AWS names the error in a header: `ThrottlingException:http://…`.
  const named = textOf(answer.headers['x-amzn-errortype'])?.split(':')[0] ?? null;
  facts.errorType = error?.type ?? named;
  facts.errorMessage = error?.message ?? null;
  return facts;
}

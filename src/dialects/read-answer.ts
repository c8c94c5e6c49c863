import type { Answer, AnswerFacts, DialectId } from '../core/dialect.ts';
import type { Usage } from '../core/usage.ts';
import { pickJson, pickJsonTail } from '../wire/json-pick.ts';
import { type FoundFacts, noFacts } from './answer-facts.ts';
import { AnswerStream, parseJson, type StreamForm } from './answer-stream.ts';
import { anthropicReader } from './anthropic/read-answer.ts';
import { bedrockReader } from './bedrock/read-answer.ts';
import { cartesiaReader } from './cartesia/usage.ts';
import { cohereReader } from './cohere/read-answer.ts';
import { deepgramReader } from './deepgram/usage.ts';
import type { DialectReader } from './dialect-reader.ts';
import { elevenLabsReader } from './elevenlabs/usage.ts';
import { falReader } from './fal/usage.ts';
import { googleReader } from './google/read-answer.ts';
import { huggingFaceReader } from './huggingface/read-answer.ts';
import { fieldsOf, textOf } from './json-fields.ts';
import { openAiReader } from './openai/read-answer.ts';
import { parallelReader } from './parallel/usage.ts';
import { readError } from './read-error.ts';
import { readStream } from './read-stream.ts';
import { replicateReader } from './replicate/read-answer.ts';
import { unitsReader } from './units-reader.ts';
import { workersAiReader } from './workers-ai/read-answer.ts';

const READERS: Readonly<Record<Exclude<DialectId, 'opaque'>, DialectReader>> = {
  openai: openAiReader,
  anthropic: anthropicReader,
  google: googleReader,
  bedrock: bedrockReader,
  cohere: cohereReader,
  'workers-ai': workersAiReader,
  replicate: replicateReader,
  huggingface: huggingFaceReader,
  elevenlabs: elevenLabsReader,
  deepgram: deepgramReader,
  cartesia: cartesiaReader,
  fal: falReader,
  // States nothing of what it used.
  ideogram: unitsReader({}),
  parallel: parallelReader,
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
  if (answer.dialect === 'opaque') return noFacts(answer.complete ? 'whole' : 'unfinished');
  const reader = readerOf(answer);
  const form = formOf(answer);
  const facts =
    form === 'json'
      ? readJson(reader, answer)
      : form === 'bytes'
        ? noFacts(answer.complete && !isPage(answer) ? 'whole' : 'unfinished')
        : readStream(reader, new AnswerStream(answer, form, reader.wanted), answer);
  if (reader.readHeaders) facts.usage = completed(facts.usage, reader.readHeaders(answer.headers));
  return facts;
}

function readerOf(answer: Answer): DialectReader {
  // Parallel speaks OpenAI's chat beside its own API.
  if (answer.dialect === 'parallel' && /(^|\/)chat\/completions/.test(answer.endpoint)) return openAiReader;
  return READERS[answer.dialect as Exclude<DialectId, 'opaque'>];
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
  if (/^application\/(stream\+json|x-ndjson|jsonl|x-jsonlines)/.test(type)) {
    // Elsewhere lines are files (batch results), whose use was counted when it was made.
    return answer.dialect === 'cohere' ? 'json-lines' : 'bytes';
  }
  if (/^(audio|image|video)\/|^application\/(octet-stream|zip|pdf)/.test(type)) return 'bytes';
  // By what it is where the type says little: some servers send streams as text/plain, or say nothing.
  const start = startOf(answer.body);
  if (start.startsWith('{')) return 'json';
  if (start.startsWith('[')) {
    return answer.dialect === 'google' && /streamGenerateContent/i.test(answer.endpoint)
      ? 'json-array'
      : 'json';
  }
  if (/^(data|event|id|retry)?:/.test(start)) return 'sse';
  return 'bytes';
}

/** A page in place of an answer: of a proxy on the way, a login, a maintenance notice. Nothing to keep as an answer. */
function isPage(answer: Answer): boolean {
  return /^text\/html/i.test(answer.contentType) || /^<(?:!doctype|html)/i.test(startOf(answer.body));
}

/** What an answer begins with. Some providers send empty lines, for minutes, to keep a waiting client. */
function startOf(body: Buffer): string {
  let at = 0;
  while (at < body.length && body[at]! <= 0x20) at++;
  return body.toString('latin1', at, at + 64);
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

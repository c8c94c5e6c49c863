import type { Answer } from '../../core/dialect.ts';
import { emptyUsage, type Usage } from '../../core/usage.ts';
import { pickJsonTail } from '../../wire/json-pick.ts';
import { type FoundFacts, noFacts } from '../answer-facts.ts';
import type { AnswerEvent } from '../answer-stream.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import { amountOf, countOf, type Fields, fieldsOf, listOf, textOf, within } from '../json-fields.ts';
import { failedFacts, noteError, readError } from '../read-error.ts';
import { readOpenAiUsage } from './usage.ts';

const WANTED_OF_RESPONSE = {
  object: true,
  model: true,
  status: true,
  error: true,
  incomplete_details: true,
  usage: true,
  output: { type: true, content: { type: true } },
} as const;

const WANTED = {
  ...WANTED_OF_RESPONSE,
  type: true,
  errors: true,
  code: true,
  message: true,
  choices: { finish_reason: true, error: true, message: { refusal: true } },
  x_groq: true,
  usage_info: true,
  duration: true,
  background: true,
  input_tokens: true,
  response: WANTED_OF_RESPONSE,
  data: {},
} as const;

/** Events of the responses API and of streamed images and audio after which nothing follows. */
const TERMINAL_EVENTS: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
  'image_generation.completed',
  'image_edit.completed',
  'transcript.text.done',
  'speech.audio.done',
]);

export const openAiReader: DialectReader = {
  wanted: WANTED,
  readBody,
  takeEvent,
  takeTail,
  addTexts,
  endingOf,
  readUsage: (usage, answer) => withImageOutput(readOpenAiUsage(usage), answer),
};

function readBody(body: unknown, answer: Answer): FoundFacts {
  const facts = noFacts('whole');
  const fields = fieldsOf(body);
  const error = readError(body, false);
  if (error) return failedFacts(error);
  if (!fields) return facts;
  facts.model = textOf(fields.model);
  facts.usage = isLookUp(fields, answer) ? null : usageOfBody(fields, answer);

  if (fields.object === 'response') {
    const response = readResponse(fields);
    facts.finishReason = response.finishReason;
    if (response.failed) facts.ending = 'failed';
    else if (response.refused) facts.ending = 'refused';
    else if (response.finishReason) facts.ending = endingOf(response.finishReason);
    return facts;
  }
  for (const choice of listOf(fields.choices).map(fieldsOf)) {
    const reason = textOf(choice?.finish_reason);
    facts.finishReason ??= reason;
    const failure = readError(choice, false);
    facts.errorType ??= failure?.type ?? null;
    facts.errorMessage ??= failure?.message ?? null;
    const ending = textOf(within(choice, 'message').refusal)
      ? 'refused'
      : reason
        ? endingOf(reason)
        : 'whole';
    if (facts.ending === 'whole') facts.ending = ending;
  }
  return facts;
}

/**
 * A stored answer that is fetched again states the usage of the call that made it, which was counted then. Only one
 * that was made in the background tells its usage to nobody but the one who fetches it.
 */
function isLookUp(fields: Fields, answer: Answer): boolean {
  return fields.background !== true && /\/(resp|chatcmpl)[-_][^/?]+(\?|$)/.test(answer.endpoint);
}

function usageOfBody(fields: Fields, answer: Answer): Usage | null {
  const stated = fieldsOf(fields.usage) ?? fieldsOf(fields.usage_info);
  if (stated) return withImageOutput(readOpenAiUsage(stated), answer, fields);
  if (fields.object === 'response.input_tokens') {
    const counted = countOf(fields.input_tokens);
    return counted === null ? null : { ...emptyUsage(), units: { counted_tokens: counted } };
  }
  const groq = fieldsOf(within(fields, 'x_groq').usage);
  if (groq) return readOpenAiUsage(groq);
  const seconds = isAudio(answer) ? amountOf(fields.duration) : null;
  if (seconds !== null) return { ...emptyUsage(), units: { seconds } };
  return withImageOutput(null, answer, fields);
}

/** Image endpoints give nothing but images: their output tokens are image tokens, and each image is a unit. */
function withImageOutput(usage: Usage | null, answer: Answer, body?: Fields): Usage | null {
  if (!/(^|\/)images\//.test(answer.endpoint)) return usage;
  const images = body ? listOf(body.data).length : 0;
  if (usage === null) return images === 0 ? null : { ...emptyUsage(), units: { images } };
  usage.imageOutputTokens ??= usage.outputTokens;
  if (images > 0) usage.units = { images, ...usage.units };
  return usage;
}

function isAudio(answer: Answer): boolean {
  return /(^|\/)audio\//.test(answer.endpoint);
}

function takeEvent(event: AnswerEvent, found: StreamFindings): void {
  if (event.isDone) {
    found.ended = true;
    return;
  }
  const fields = event.fields;
  if (!fields) return;
  const error = readError(fields, false) ?? readError(fields.x_groq, false);
  if (error) noteError(error, found);
  const response = fieldsOf(fields.response);
  found.model ??= textOf(fields.model) ?? textOf(response?.model);
  found.usage ??=
    fieldsOf(fields.usage) ?? fieldsOf(response?.usage) ?? fieldsOf(within(fields, 'x_groq').usage);

  if (TERMINAL_EVENTS.has(fields.type)) {
    found.ended = true;
    found.settled = true;
    if (response) takeResponse(response, found);
    return;
  }
  // The event before the one that finishes is still looked at: a refusal is told by its last piece of text only.
  if (found.finishReason !== null) found.settled = true;
  for (const choice of listOf(fields.choices).map(fieldsOf)) {
    found.finishReason ??= textOf(choice?.finish_reason);
    if (textOf(within(choice, 'delta').refusal)) found.refused = true;
  }
}

/** The responses API ends with the whole answer once more, streamed images with the image. */
function takeTail(bytes: Buffer, from: number, found: StreamFindings): void {
  const response = pickJsonTail(bytes, WANTED_OF_RESPONSE, from, 2);
  const usage = fieldsOf(response.usage);
  if (usage) {
    found.ended = true;
    found.usage ??= usage;
    found.model ??= textOf(response.model);
    takeResponse(response, found);
    return;
  }
  found.usage ??= fieldsOf(pickJsonTail(bytes, { usage: true }, from).usage);
  found.ended = found.usage !== null;
}

function takeResponse(response: Fields, found: StreamFindings): void {
  const { finishReason, refused, failed } = readResponse(response);
  found.finishReason ??= finishReason;
  found.refused ||= refused;
  if (!failed) return;
  noteError(readError(response, false), found);
}

/** The responses API tells its end by a status, and the reason only when it is incomplete. */
function readResponse(response: Fields): { finishReason: string | null; refused: boolean; failed: boolean } {
  const status = textOf(response.status);
  return {
    finishReason: textOf(within(response, 'incomplete_details').reason) ?? status,
    refused: listOf(response.output).some((item) =>
      listOf(fieldsOf(item)?.content).some((part) => fieldsOf(part)?.type === 'refusal'),
    ),
    failed: status === 'failed',
  };
}

function endingOf(finishReason: string): ReturnType<DialectReader['endingOf']> {
  switch (finishReason) {
    case 'length':
    case 'max_tokens':
    case 'max_output_tokens':
    case 'model_length':
    case 'model_context_window_exceeded':
    case 'incomplete':
      return 'limit';
    case 'content_filter':
    case 'refusal':
    case 'safety':
    case 'sensitive':
      return 'refused';
    case 'error':
    case 'failed':
    case 'cancelled':
    case 'insufficient_system_resource':
      return 'failed';
    default:
      return 'whole';
  }
}

function addTexts(event: AnswerEvent, texts: string[]): void {
  const fields = event.fields;
  if (!fields) return;
  const type = fields.type;
  if (typeof type === 'string') {
    // Audio deltas are base64: their tokens cannot be told from their length.
    if (type.endsWith('.delta') && !type.endsWith('audio.delta')) addText(fields.delta, texts);
    return;
  }
  for (const choice of listOf(fields.choices).map(fieldsOf)) {
    addText(choice?.text, texts);
    const delta = within(choice, 'delta');
    addText(delta.content, texts);
    addText(delta.reasoning_content ?? delta.reasoning, texts);
    addText(delta.refusal, texts);
    addCall(within(delta, 'function_call'), texts);
    for (const call of listOf(delta.tool_calls)) addCall(within(fieldsOf(call), 'function'), texts);
  }
}

function addCall(call: Fields, texts: string[]): void {
  addText(call.name, texts);
  addText(call.arguments, texts);
}

function addText(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  // Mistral's reasoning models: a list of parts.
  else for (const part of listOf(value).map(fieldsOf)) addText(part?.text ?? part?.thinking, texts);
}

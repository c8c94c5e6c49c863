import type { Answer, ConversationBody } from '../../core/conversation.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import { anthropicAnswer } from './anthropic-answer.ts';
import { converseAnswer } from './bedrock-answer.ts';
import { type ReadBody, readBody, type StreamEvent } from './body-form.ts';
import { cohereAnswer } from './cohere-answer.ts';
import { googleAnswer, readAll } from './google-answer.ts';
import { objectsOf } from './loose-body.ts';
import { chatAnswer } from './openai-chat-answer.ts';
import { responsesAnswer } from './openai-responses-answer.ts';
import { mediaPart } from './parts.ts';
import { decodeBody } from './read-request.ts';
import { type AnswerReader, type AnswerReading, assistantAnswer, NO_ANSWER } from './reading.ts';
import { simpleAnswer } from './simple-answer.ts';

export interface AnswerFound {
  readonly model: string | null;
  readonly answer: Answer | null;
  readonly whole: boolean;
  readonly problem: string | null;
}

const MOST_ANSWERS = 100_000;
/** Larger media are named, not shown. */
const LARGEST_SHOWN = 1024 * 1024;
/** The first events tell of which kind a stream is. */
const TELLING_EVENTS = 20;

export function readAnswer(body: ConversationBody): AnswerFound {
  const decoded = decodeBody(body);
  if (decoded === null) {
    const problem = `The answer cannot be decoded as ${body.encoding}.`;
    return { ...NO_ANSWER, whole: false, problem };
  }
  const read = readBody(decoded.bytes, body.contentType);
  const isWhole = !('whole' in read) || read.whole;
  const reading = read.form === 'bytes' ? readMedia(decoded.bytes, body.contentType) : readForm(read);
  return { ...reading, whole: decoded.whole && isWhole, problem: null };
}

/** A sound or a picture and nothing else. */
function readMedia(bytes: Buffer, contentType: string | null): AnswerReading {
  const [type = ''] = (contentType ?? '').toLowerCase().split(';', 1);
  const kind = type.split('/', 1)[0];
  if (kind !== 'audio' && kind !== 'image') return NO_ANSWER;
  const shown = mediaPart(kind, bytes.length <= LARGEST_SHOWN ? bytes.toString('base64') : '', type.trim());
  const parts = [{ ...shown, bytes: bytes.length } as typeof shown];
  return { model: null, answer: assistantAnswer(parts, null) };
}

/** Told by their shape: the path says nothing about an answer from a cache or a custom provider. */
function readForm(read: ReadBody): AnswerReading {
  if (read.form === 'events') return readerOfEvents(read.events).readEvents(read.events);
  if (read.form !== 'json') return NO_ANSWER;
  const { value } = read;
  if (!Array.isArray(value)) return readObject(fieldsOf(value));
  const answers = objectsOf(value, MOST_ANSWERS);
  // Google's streams are one long list; others answer with a list of one.
  return answers.some((answer) => answer.candidates !== undefined)
    ? readAll(answers)
    : readObject(answers[0] ?? null);
}

function readObject(body: Fields | null): AnswerReading {
  if (body === null) return NO_ANSWER;
  const result = fieldsOf(body.result);
  // Workers AI answers in an envelope.
  if (result !== null && body.success !== undefined) return readObject(result);
  return readerOfBody(body).readBody(body);
}

function readerOfBody(body: Fields): AnswerReader {
  if (Array.isArray(body.choices)) return chatAnswer;
  if (Array.isArray(body.candidates) || body.promptFeedback !== undefined) return googleAnswer;
  if (body.object === 'response') return responsesAnswer;
  if (fieldsOf(body.output)?.message !== undefined) return converseAnswer;
  if (body.type === 'message' || (body.stop_reason !== undefined && Array.isArray(body.content)))
    return anthropicAnswer;
  const isCohere = body.generation_id !== undefined || body.finish_reason !== undefined;
  if (isCohere && (fieldsOf(body.message) !== null || typeof body.text === 'string')) return cohereAnswer;
  return simpleAnswer;
}

function readerOfEvents(events: readonly StreamEvent[]): AnswerReader {
  for (const { name, fields } of events.slice(0, TELLING_EVENTS)) {
    if (Array.isArray(fields.choices)) return chatAnswer;
    if (Array.isArray(fields.candidates) || fields.promptFeedback !== undefined) return googleAnswer;
    if (fields.event_type !== undefined) return cohereAnswer;
    const type = typeof fields.type === 'string' ? fields.type : '';
    if (type.startsWith('response.')) return responsesAnswer;
    if (type === 'message-start' || type.startsWith('content-')) return cohereAnswer;
    if (type.startsWith('message_') || type.startsWith('content_block_')) return anthropicAnswer;
    if (
      [name, ...Object.keys(fields)].some((key) => key !== null && /^(messageStart|contentBlock)/.test(key))
    )
      return converseAnswer;
  }
  return simpleAnswer;
}

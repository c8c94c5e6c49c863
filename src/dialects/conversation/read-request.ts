import type { ConversationBody } from '../../core/conversation.ts';
import { decodeContent } from '../../wire/decode-content.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';
import { readAnthropicRequest } from './anthropic-request.ts';
import { readConverseRequest } from './bedrock-request.ts';
import { MOST_BYTES, type ReadBody, readBody } from './body-form.ts';
import { readCohereRequest } from './cohere-request.ts';
import { readGoogleRequest } from './google-request.ts';
import { readMultipart } from './multipart-request.ts';
import { readChatRequest } from './openai-chat-request.ts';
import { readResponsesRequest } from './openai-responses-request.ts';
import type { RequestReader, RequestReading } from './reading.ts';
import { readSimpleRequest } from './simple-request.ts';

const DECODE_LIMITS = { maxBytes: MOST_BYTES, maxRatio: 200 };

/** A body without its content encoding; `whole` is false when something of it is missing. Null when it cannot be decoded. */
export function decodeBody(
  body: ConversationBody,
): { readonly bytes: Buffer; readonly whole: boolean } | null {
  const decoded = decodeContent(body.bytes, body.encoding, DECODE_LIMITS);
  if (decoded === null) return null;
  const fits = decoded.bytes.length <= MOST_BYTES;
  return {
    bytes: fits ? decoded.bytes : decoded.bytes.subarray(0, MOST_BYTES),
    whole: decoded.complete && fits && !body.truncated,
  };
}

/** Where a request went: its path and, in a universal request, which of the steps. */
export interface RequestPlace {
  readonly path: string;
  readonly step: number;
}

export interface RequestFound {
  readonly reading: RequestReading | null;
  readonly path: string;
  readonly whole: boolean;
  /** Why nothing was read; null when something was. */
  readonly problem: string | null;
}

export function readRequest(body: ConversationBody, place: RequestPlace): RequestFound {
  const decoded = decodeBody(body);
  if (decoded === null) {
    const problem = `The request cannot be decoded as ${body.encoding}.`;
    return { reading: null, path: place.path, whole: false, problem };
  }
  const read = readBody(decoded.bytes, body.contentType);
  if (/^multipart\//i.test(body.contentType ?? '')) {
    const reading = readMultipart(decoded.bytes, body.contentType!);
    if (reading !== null) return { reading, path: place.path, whole: decoded.whole, problem: null };
  }
  const { fields, path } = requestFields(read, place);
  const whole = decoded.whole && (read.form !== 'json' || read.whole);
  if (fields === null) {
    const problem =
      read.form === 'empty' ? null : 'The request is in no format that can be shown as a conversation.';
    return { reading: null, path, whole, problem };
  }
  const reader = readerOf(path, fields);
  return { reading: reader(fields), path, whole, problem: null };
}

/** A universal request is a list of steps, each with its provider's own request in it. */
function requestFields(read: ReadBody, place: RequestPlace): { fields: Fields | null; path: string } {
  if (read.form !== 'json') return { fields: null, path: place.path };
  if (!Array.isArray(read.value)) return { fields: fieldsOf(read.value), path: place.path };
  const step = fieldsOf(read.value[place.step]) ?? fieldsOf(read.value[0]);
  const path = typeof step?.endpoint === 'string' ? step.endpoint.split('?', 1)[0]! : place.path;
  return { fields: fieldsOf(step?.query), path };
}

/** By the path where it tells, else by the shape: custom providers have paths of their own. */
function readerOf(path: string, body: Fields): RequestReader {
  if (/(^|\/)messages(\/count_tokens)?$/.test(path) || body.anthropic_version !== undefined)
    return readAnthropicRequest;
  if (GOOGLE.some((name) => body[name] !== undefined)) return readGoogleRequest;
  if (/(^|\/)converse(-stream)?$/.test(path) || CONVERSE.some((name) => body[name] !== undefined))
    return readConverseRequest;
  if (Array.isArray(body.messages)) return readChatRequest;
  if (/(^|\/)responses(\/compact|\/input_tokens)?$/.test(path)) return readResponsesRequest;
  if (typeof body.message === 'string' && /(^|\/)chat$/.test(path)) return readCohereRequest;
  return readSimpleRequest;
}

const GOOGLE = ['contents', 'generateContentRequest', 'requests', 'content'] as const;
const CONVERSE = ['inferenceConfig', 'toolConfig', 'schemaVersion'] as const;

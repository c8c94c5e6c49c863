import { decodeFrames } from '../../wire/aws-event-stream.ts';
import { parsePartialJson } from '../../wire/json-partial.ts';
import { sseEvents } from '../../wire/sse.ts';
import { type Fields, fieldsOf } from '../json-fields.ts';

/** One event of a stream. `name` is null in framings without names. */
export interface StreamEvent {
  readonly name: string | null;
  readonly fields: Fields;
}

/** What a body turned out to be. `whole` is false when it ends early or is broken somewhere. */
export type ReadBody =
  | { readonly form: 'json'; readonly value: unknown; readonly whole: boolean }
  | { readonly form: 'events'; readonly events: readonly StreamEvent[]; readonly whole: boolean }
  | { readonly form: 'bytes' }
  | { readonly form: 'empty' };

/** More than this of a body is not read: it would take seconds. */
export const MOST_BYTES = 24 * 1024 * 1024;
const MOST_EVENTS = 200_000;

export function readBody(bytes: Buffer, contentType: string | null): ReadBody {
  const start = startOf(bytes);
  if (start === '') return { form: 'empty' };
  const type = (contentType ?? '').toLowerCase();
  if (type.startsWith('text/event-stream')) return readSse(bytes);
  if (type.startsWith('application/vnd.amazon.eventstream')) return readFrames(bytes);
  // By what it is where the type says little or nothing.
  if (start.startsWith('{') || start.startsWith('[')) return readJson(bytes);
  if (/^(data|event|id|retry)?:/.test(start)) return readSse(bytes);
  if (start.startsWith('\u0000\u0000')) {
    const frames = readFrames(bytes);
    if (frames.form === 'events' && frames.events.length > 0) return frames;
  }
  return { form: 'bytes' };
}

/** One JSON value, or one value per line. */
function readJson(bytes: Buffer): ReadBody {
  const text = bytes.toString('utf8');
  const { value, whole } = parsePartialJson(text);
  if (whole || !text.includes('\n')) return { form: 'json', value, whole };
  const lines = text.split('\n', MOST_EVENTS).filter((line) => line.trim() !== '');
  const first = lines.length > 1 ? parseObject(lines[0]!) : null;
  if (first === null) return { form: 'json', value, whole };
  const events = lines.map(parseObject);
  const good = events.flatMap((fields) => (fields === null ? [] : [{ name: null, fields }]));
  return { form: 'events', events: good, whole: good.length === events.length };
}

function readSse(bytes: Buffer): ReadBody {
  const events: StreamEvent[] = [];
  let whole = true;
  for (const event of sseEvents(bytes, 0, bytes.length)) {
    if (events.length >= MOST_EVENTS) return { form: 'events', events, whole: false };
    if (!event.hasData || event.data === '[DONE]') continue;
    // Replicate sends bare texts.
    const fields = event.event === 'output' ? { response: event.data } : parseObject(event.data);
    if (fields !== null) events.push({ name: event.event, fields });
    else whole = false;
  }
  return { form: 'events', events, whole };
}

function readFrames(bytes: Buffer): ReadBody {
  const events: StreamEvent[] = [];
  let end = 0;
  for (const { headers, payload, end: frameEnd } of decodeFrames(bytes)) {
    if (events.length >= MOST_EVENTS) break;
    end = frameEnd;
    const name = headers[':event-type'] ?? headers[':exception-type'] ?? headers[':error-code'] ?? null;
    const fields = unwrapChunk(parseObject(payload.toString('utf8')));
    if (fields !== null) events.push({ name: headers[':event-type'] === undefined ? 'error' : name, fields });
  }
  return { form: 'events', events, whole: end === bytes.length };
}

/** Invoke streams wrap the events of the model's own format: `{"bytes":"<base64>"}`. */
function unwrapChunk(fields: Fields | null): Fields | null {
  if (fields === null || typeof fields.bytes !== 'string') return fields;
  return parseObject(Buffer.from(fields.bytes, 'base64').toString('utf8')) ?? fields;
}

function parseObject(text: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function startOf(bytes: Buffer): string {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  // Some providers send empty lines, for minutes, to keep a waiting client.
  while (at < bytes.length && (bytes[at] === 0x20 || (bytes[at]! >= 0x09 && bytes[at]! <= 0x0d))) at++;
  return bytes.toString('latin1', at, at + 64);
}

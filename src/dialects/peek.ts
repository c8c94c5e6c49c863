import type { DialectId } from '../core/dialect.ts';
import { decodeFrame, frameEnd } from '../wire/aws-event-stream.ts';
import { type SseEvent, sseEvents } from '../wire/sse.ts';
import { type Fields, fieldsOf, listOf } from './json-fields.ts';
import { readError } from './read-error.ts';

export type Peeked = 'pending' | 'content' | 'error';

/** A stream that shows neither content nor an error in so many bytes is passed on. */
const MOST_BYTES = 256 * 1024;

/**
 * Looks at the start of a reply until it is clear whether the answer has begun, or an error came in its place
 * although the status was good. Comments, pings and events that only announce an answer decide nothing. Once it has
 * decided, it holds no bytes and says the same for ever.
 */
export class Peek {
  readonly #dialect: DialectId;
  readonly #form: 'sse' | 'aws-frames' | 'other';
  readonly #blankLines = new BlankLines();
  #held: Buffer[] = [];
  #heldBytes = 0;
  #seenBytes = 0;
  #verdict: Peeked = 'pending';

  constructor(dialect: DialectId, contentType: string) {
    this.#dialect = dialect;
    const type = contentType.toLowerCase();
    this.#form = type.startsWith('text/event-stream')
      ? 'sse'
      : type.startsWith('application/vnd.amazon.eventstream')
        ? 'aws-frames'
        : 'other';
    if (this.#form === 'other') this.#verdict = 'content';
  }

  push(chunk: Buffer): Peeked {
    if (this.#verdict !== 'pending') return this.#verdict;
    this.#seenBytes += chunk.length;
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    try {
      this.#verdict = this.#form === 'sse' ? this.#readSse(chunk) : this.#readFrames();
    } catch {
      // Hostile bytes are the client's to judge: they must not take the gateway down.
      this.#verdict = 'content';
    }
    if (this.#verdict === 'pending' && this.#seenBytes >= MOST_BYTES) this.#verdict = 'content';
    if (this.#verdict !== 'pending') this.#hold(null);
    return this.#verdict;
  }

  #hold(rest: Buffer | null): void {
    this.#held = rest === null || rest.length === 0 ? [] : [rest];
    this.#heldBytes = rest?.length ?? 0;
  }

  #readSse(chunk: Buffer): Peeked {
    // Without an empty line no event has ended: nothing new to read, however small the chunks are.
    if (!this.#blankLines.push(chunk)) return 'pending';
    const bytes = Buffer.concat(this.#held);
    let read = 0;
    for (const event of sseEvents(bytes)) {
      if (!event.complete) break;
      const verdict = this.#judgeSse(event);
      if (verdict !== 'pending') return verdict;
      read = event.end;
    }
    this.#hold(this.#blankLines.justEnded ? null : bytes.subarray(read));
    return 'pending';
  }

  #judgeSse(event: SseEvent): Peeked {
    if (event.event === 'error') return 'error';
    if (event.event === 'ping') return 'pending';
    return judge(this.#dialect, event.event, parse(event.data));
  }

  #readFrames(): Peeked {
    const first = this.#held[0]!;
    if (this.#held.length > 1 && first.length >= 4 && this.#heldBytes < first.readUInt32BE(0))
      return 'pending';
    const bytes = Buffer.concat(this.#held);
    let read = 0;
    for (;;) {
      const end = frameEnd(bytes, read, bytes.length);
      if (end < 0) break;
      const frame = decodeFrame(bytes, read);
      // Not a frame after all: nothing that can be judged.
      if (!frame) return 'content';
      const kind = frame.headers[':message-type'];
      if (kind === 'exception' || kind === 'error') return 'error';
      const verdict = judgeFrame(frame.headers[':event-type'] ?? '', frame.payload);
      if (verdict !== 'pending') return verdict;
      read = end;
    }
    this.#hold(bytes.subarray(read));
    return 'pending';
  }
}

/** Tells in one pass whether an empty line has ended in a chunk, whatever the line ends and wherever they are split. */
class BlankLines {
  /** True when the last byte pushed ended an empty line. */
  justEnded = false;
  #atLineStart = true;
  #afterCr = false;

  push(chunk: Buffer): boolean {
    let found = false;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === 0x0a && this.#afterCr) {
        this.#afterCr = false;
        continue;
      }
      const endsLine = byte === 0x0a || byte === 0x0d;
      this.justEnded = endsLine && this.#atLineStart;
      found ||= this.justEnded;
      this.#atLineStart = endsLine;
      this.#afterCr = byte === 0x0d;
    }
    return found;
  }
}

function parse(data: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(data));
  } catch {
    return null;
  }
}

/** Events that announce an answer, or tell how it stands, without being part of it. */
const ANNOUNCEMENTS: ReadonlySet<unknown> = new Set([
  // Anthropic
  'message_start',
  'ping',
  // OpenAI responses
  'response.created',
  'response.queued',
  'response.in_progress',
  // Cohere, in its two versions
  'message-start',
  'stream-start',
]);

function judge(dialect: DialectId, name: string | null, fields: Fields | null): Peeked {
  // Bare text is content: the pieces of Replicate, and `[DONE]` of an answer without any.
  if (!fields) return 'content';
  if (readError(fields, false) || readError(fields.x_groq, false)) return 'error';
  const response = fieldsOf(fields.response);
  if (fields.type === 'response.failed' || (response && readError(response, false))) return 'error';
  if (isFailedEnd(fields)) return 'error';
  if (ANNOUNCEMENTS.has(fields.type) || ANNOUNCEMENTS.has(fields.event_type)) return 'pending';
  if (opensEmptyPart(fields)) return 'pending';
  if (dialect === 'google')
    return 'candidates' in fields || 'promptFeedback' in fields ? 'content' : 'pending';
  if (dialect === 'replicate' && name === 'done' && fields.reason === 'error') return 'error';
  // Azure begins with a chunk that tells only how the prompt was judged.
  if ('prompt_filter_results' in fields && listOf(fields.choices).length === 0) return 'pending';
  // OpenAI's first chunk only says that somebody is about to speak.
  if (dialect === 'openai' && isOpening(listOf(fields.choices))) return 'pending';
  return 'content';
}

/** A part of the answer that is begun, and of which there is nothing yet. A tool call has its name from the start. */
function opensEmptyPart(fields: Fields): boolean {
  switch (fields.type) {
    case 'content_block_start':
      return isEmptyText(fieldsOf(fields.content_block));
    case 'content-start':
      return isEmptyText(fieldsOf(fieldsOf(fieldsOf(fields.delta)?.message)?.content));
    case 'response.content_part.added':
      return isEmptyText(fieldsOf(fields.part));
    case 'response.output_item.added': {
      const item = fieldsOf(fields.item);
      return (item?.type === 'message' || item?.type === 'reasoning') && listOf(item.content).length === 0;
    }
    default:
      return false;
  }
}

const isEmptyText = (part: Fields | null): boolean => part?.text === '' || part?.thinking === '';

/** Cohere ends a stream that failed like one that did not, but for the reason. */
function isFailedEnd(fields: Fields): boolean {
  const end =
    fields.type === 'message-end'
      ? fieldsOf(fields.delta)
      : fields.event_type === 'stream-end'
        ? fields
        : null;
  return end?.finish_reason === 'ERROR' || end?.finish_reason === 'TIMEOUT';
}

/** Chunks whose deltas hold nothing beside the role. */
function isOpening(choices: readonly unknown[]): boolean {
  const saysNothing = (choice: unknown): boolean => {
    const { delta, finish_reason: end } = fieldsOf(choice) ?? {};
    const said = fieldsOf(delta);
    if (!said || (end !== null && end !== undefined)) return false;
    return Object.entries(said).every(
      ([name, value]) => name === 'role' || value === null || value === '' || isEmptyList(value),
    );
  };
  return choices.length > 0 && choices.every(saysNothing);
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function judgeFrame(name: string, payload: Buffer): Peeked {
  if (name === 'messageStart' || name === 'metadata' || name === 'initial-response') return 'pending';
  if (name !== 'chunk') return 'content';
  const bytes = parse(payload.toString('utf8'))?.bytes;
  if (typeof bytes !== 'string') return 'content';
  const inner = parse(Buffer.from(bytes, 'base64').toString('utf8'));
  if (inner && 'messageStart' in inner) return 'pending';
  return judge('bedrock', null, inner);
}

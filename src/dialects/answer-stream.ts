import type { Answer } from '../core/dialect.ts';
import { decodeFrame, findFrames, findNextFrame } from '../wire/aws-event-stream.ts';
import { pickJson, type Wanted } from '../wire/json-pick.ts';
import { skipSpace, skipValue } from '../wire/json-skip.ts';
import { type SseEvent, sseEvents, sseEventsFromEnd } from '../wire/sse.ts';
import { type Fields, fieldsOf } from './json-fields.ts';

/** A larger event is not parsed: only what is wanted is picked out of it. */
const LARGEST_EVENT_BYTES = 64 * 1024;

/** One event of a streamed answer, whatever its framing. */
export class AnswerEvent {
  /** `event:` of SSE, `:event-type` or `:exception-type` of an AWS frame; null in framings without names. */
  readonly name: string | null;
  readonly bytes: Buffer;
  /** True for a frame that is an exception, and for `event: error`. */
  readonly isError: boolean;
  /** Offset in the captured bytes at which the event ends. */
  readonly endOffset: number;
  readonly #wanted: Wanted;
  #fields: Fields | null | undefined;

  constructor(name: string | null, bytes: Buffer, isError: boolean, endOffset: number, wanted: Wanted) {
    this.name = name;
    this.bytes = bytes;
    this.isError = isError;
    this.endOffset = endOffset;
    this.#wanted = wanted;
  }

  /** `data: [DONE]`, which ends the streams of OpenAI's kind. */
  get isDone(): boolean {
    return this.bytes.length === 6 && this.bytes.toString('latin1') === '[DONE]';
  }

  /** The event's JSON object; null when it is none. Of a large one only the wanted members. */
  get fields(): Fields | null {
    if (this.#fields === undefined) this.#fields = fieldsOf(parseJson(this.bytes, this.#wanted));
    return this.#fields;
  }
}

/** Parses small JSON whole and picks the wanted members out of large or broken JSON; undefined when it is none. */
export function parseJson(bytes: Buffer, wanted: Wanted): unknown {
  if (bytes.length > LARGEST_EVENT_BYTES) return pickJson(bytes, wanted).value;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

export type StreamForm = 'sse' | 'aws-frames' | 'json-lines' | 'json-array';

/** The events of a captured stream, from either end, each read only when asked for. */
export class AnswerStream {
  readonly #form: StreamForm;
  readonly #bytes: Buffer;
  readonly #gapAt: number | null;
  readonly #wanted: Wanted;
  #spans: readonly [number, number][] | null = null;

  constructor(answer: Answer, form: StreamForm, wanted: Wanted) {
    this.#form = form;
    this.#bytes = answer.body;
    this.#gapAt = answer.gapAt;
    this.#wanted = wanted;
  }

  /** From the last event back, as far as no byte is missing. */
  *fromEnd(): Generator<AnswerEvent> {
    if (this.#form === 'sse') {
      for (const event of sseEventsFromEnd(this.#bytes, this.#gapAt ?? 0)) yield this.#ofSse(event);
      return;
    }
    this.#spans ??= this.#findSpans();
    for (let i = this.#spans.length - 1; i >= 0; i--) {
      const event = this.#ofSpan(this.#spans[i]!);
      if (event) yield event;
    }
  }

  /** From the first event on. What stands behind a gap follows what stands before it. */
  *fromStart(): Generator<AnswerEvent> {
    if (this.#form === 'sse') {
      const head = this.#gapAt ?? this.#bytes.length;
      for (const event of sseEvents(this.#bytes, 0, head)) {
        if (event.complete || this.#gapAt === null) yield this.#ofSse(event);
      }
      if (this.#gapAt !== null) {
        for (const event of [...sseEventsFromEnd(this.#bytes, this.#gapAt)].reverse())
          yield this.#ofSse(event);
      }
      return;
    }
    this.#spans ??= this.#findSpans();
    for (const span of this.#spans) {
      const event = this.#ofSpan(span);
      if (event) yield event;
    }
  }

  #ofSse(event: SseEvent): AnswerEvent {
    return new AnswerEvent(event.event, event.dataBytes, event.event === 'error', event.end, this.#wanted);
  }

  #ofSpan([start, end]: readonly [number, number]): AnswerEvent | null {
    if (this.#form !== 'aws-frames') {
      return new AnswerEvent(null, this.#bytes.subarray(start, end), false, end, this.#wanted);
    }
    const frame = decodeFrame(this.#bytes, start);
    if (!frame) return null;
    const kind = frame.headers[':message-type'];
    const isError = kind === 'exception' || kind === 'error';
    const name =
      frame.headers[':event-type'] ??
      frame.headers[':exception-type'] ??
      frame.headers[':error-code'] ??
      null;
    return new AnswerEvent(name, frame.payload, isError, end, this.#wanted);
  }

  #findSpans(): readonly [number, number][] {
    const bytes = this.#bytes;
    const end = bytes.length;
    const spansOf = SPANS[this.#form as Exclude<StreamForm, 'sse'>];
    const gapAt = this.#gapAt;
    if (gapAt === null) return spansOf.find(bytes, 0, end);
    const restart = spansOf.restart(bytes, gapAt);
    const head = spansOf.find(bytes, 0, gapAt);
    return restart < 0 ? head : [...head, ...spansOf.find(bytes, restart, end)];
  }
}

interface SpanFinder {
  /** Start and end of each whole event between two offsets, the first of which is where an event may begin. */
  readonly find: (bytes: Buffer, from: number, to: number) => [number, number][];
  /** Where the first event behind a gap begins; -1 when that cannot be told. */
  readonly restart: (bytes: Buffer, gapAt: number) => number;
}

const SPANS: Readonly<Record<Exclude<StreamForm, 'sse'>, SpanFinder>> = {
  'aws-frames': { find: findFrames, restart: findNextFrame },
  'json-lines': {
    find: lineSpans,
    restart: (bytes, gapAt) => {
      const feed = bytes.indexOf(0x0a, gapAt);
      return feed < 0 ? -1 : feed + 1;
    },
  },
  'json-array': {
    find: elementSpans,
    // Google puts each element on lines of its own; within an element, lines that open an object are indented.
    restart: (bytes, gapAt) => bytes.indexOf(',\r\n{', gapAt),
  },
};

function lineSpans(bytes: Buffer, from: number, to: number): [number, number][] {
  const spans: [number, number][] = [];
  let at = from;
  while (at < to) {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed < 0 || feed > to ? to : feed;
    if (skipSpace(bytes, at, end) < end) spans.push([at, end]);
    at = end + 1;
  }
  return spans;
}

function elementSpans(bytes: Buffer, from: number, to: number): [number, number][] {
  const spans: [number, number][] = [];
  let at = skipSpace(bytes, from, to);
  while (at < to && (bytes[at] === 0x2c || (bytes[at] === 0x5b && spans.length === 0))) {
    at = skipSpace(bytes, at + 1, to);
    const end = skipValue(bytes, at, to);
    if (end < 0) break;
    spans.push([at, end]);
    at = skipSpace(bytes, end, to);
  }
  return spans;
}

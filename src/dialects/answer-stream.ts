import type { Answer } from '../core/dialect.ts';
import { decodeFrame, findFrames } from '../wire/aws-event-stream.ts';
import { pickJson, type Wanted } from '../wire/json-pick.ts';
import { skipSpace, skipValue } from '../wire/json-skip.ts';
import { sseEvents, sseEventsFromEnd } from '../wire/sse.ts';
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
  readonly #wanted: Wanted;
  #fields: Fields | null | undefined;

  constructor(name: string | null, bytes: Buffer, isError: boolean, wanted: Wanted) {
    this.name = name;
    this.bytes = bytes;
    this.isError = isError;
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

  #ofSse(event: { event: string | null; dataBytes: Buffer }): AnswerEvent {
    return new AnswerEvent(event.event, event.dataBytes, event.event === 'error', this.#wanted);
  }

  #ofSpan([start, end]: readonly [number, number]): AnswerEvent | null {
    if (this.#form !== 'aws-frames') {
      return new AnswerEvent(null, this.#bytes.subarray(start, end), false, this.#wanted);
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
    return new AnswerEvent(name, frame.payload, isError, this.#wanted);
  }

  #findSpans(): readonly [number, number][] {
    const head = this.#gapAt ?? this.#bytes.length;
    if (this.#form === 'aws-frames') return findFrames(this.#bytes, 0, head);
    if (this.#form === 'json-array') return elementSpans(this.#bytes, head);
    const spans = lineSpans(this.#bytes, 0, head);
    if (this.#gapAt === null) return spans;
    spans.pop();
    const restart = this.#bytes.indexOf(0x0a, this.#gapAt);
    return restart < 0 ? spans : [...spans, ...lineSpans(this.#bytes, restart + 1, this.#bytes.length)];
  }
}

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

function elementSpans(bytes: Buffer, to: number): [number, number][] {
  const spans: [number, number][] = [];
  let at = skipSpace(bytes, 0, to);
  if (bytes[at] !== 0x5b) return spans;
  for (;;) {
    at = skipSpace(bytes, at + 1, to);
    const end = skipValue(bytes, at, to);
    if (end < 0) return spans;
    spans.push([at, end]);
    at = skipSpace(bytes, end, to);
    if (bytes[at] !== 0x2c || at >= to) return spans;
  }
}

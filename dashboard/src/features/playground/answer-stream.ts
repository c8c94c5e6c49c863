import { createParser, type EventSourceParser } from 'eventsource-parser';
import { type Answer, AnswerBuilder } from './answer.ts';
import type { ChatFormat } from './formats/format.ts';
import { fieldsOf, parsedJson } from './loose.ts';

/** Reads an answer while it arrives, in pieces cut anywhere. */
export class AnswerStream {
  readonly #format: ChatFormat;
  readonly #builder = new AnswerBuilder();
  readonly #decoder = new TextDecoder();
  readonly #events: EventSourceParser | null;
  #whole = '';

  constructor(format: ChatFormat, contentType: string | null) {
    this.#format = format;
    const isStream = /^text\/event-stream\b/i.test(contentType ?? '');
    // Events that are no JSON carry nothing: `[DONE]` and what a proxy adds.
    this.#events = isStream ? createParser({ onEvent: ({ data }) => this.#read(parsedJson(data)) }) : null;
  }

  push(chunk: Uint8Array): Answer {
    this.#take(this.#decoder.decode(chunk, { stream: true }));
    return this.#builder.answer();
  }

  end(): Answer {
    this.#take(this.#decoder.decode());
    // A last event without its empty line counts as well.
    if (this.#events) this.#events.feed('\n\n');
    else {
      const value = parsedJson(this.#whole);
      for (const one of Array.isArray(value) ? value : [value]) this.#read(one);
    }
    return this.#builder.answer();
  }

  #take(text: string): void {
    if (this.#events) this.#events.feed(text);
    else this.#whole += text;
  }

  #read(value: unknown): void {
    this.#format.read(this.#builder, fieldsOf(value));
  }
}

import { Capture } from '../core/capture.ts';
import type { Answer, AnswerFacts } from '../core/dialect.ts';
import type { PassingAnswer, Step } from '../core/exchange.ts';
import { findHeader, type HeaderList } from '../core/headers.ts';
import type { BodyOutcome, Tap } from '../core/reply.ts';

export interface AnswerReader {
  readAnswer(answer: Answer): AnswerFacts;
  /** Removes content encoding within limits; null when that cannot be done. Large input is decoded off the main thread. */
  decode(bytes: Buffer, encoding: string): DecodedBytes | null | Promise<DecodedBytes | null>;
}

export interface DecodedBytes {
  readonly bytes: Buffer;
  readonly complete: boolean;
}

/** Captures an answer as it passes and, at its end, reads what it says of itself. The first tap on every upstream reply. */
export class AnswerTap implements Tap {
  readonly answer: PassingAnswer;
  readonly #reader: AnswerReader;
  readonly #headers: HeaderList;
  readonly #onEnd: (facts: AnswerFacts, outcome: BodyOutcome) => void;

  constructor(
    step: Step,
    status: number,
    headers: HeaderList,
    captureBytes: number,
    reader: AnswerReader,
    onEnd: (facts: AnswerFacts, outcome: BodyOutcome) => void,
  ) {
    this.#reader = reader;
    this.#headers = headers;
    this.#onEnd = onEnd;
    this.answer = {
      step,
      dialect: step.provider.dialect(step.endpoint),
      capture: new Capture(captureBytes),
      status,
      contentType: findHeader(headers, 'content-type') ?? '',
      encoding: findHeader(headers, 'content-encoding') ?? '',
      facts: null,
      cost: null,
    };
  }

  chunk(bytes: Buffer): void {
    this.answer.capture.push(bytes);
  }

  end(outcome: BodyOutcome): void | Promise<void> {
    const raw = this.answer.capture.bytes();
    if (this.answer.encoding === '') {
      this.#read({ bytes: raw, complete: true }, outcome);
      return;
    }
    const decoded = this.#reader.decode(raw, this.answer.encoding);
    if (decoded instanceof Promise) return decoded.then((result) => this.#read(result, outcome));
    this.#read(decoded, outcome);
  }

  #read(decoded: DecodedBytes | null, outcome: BodyOutcome): void {
    const complete =
      outcome === 'complete' &&
      decoded?.complete === true &&
      (this.answer.encoding === '' || this.answer.capture.isWhole);
    const body = decoded?.bytes ?? Buffer.alloc(0);
    const facts = this.#reader.readAnswer(new EndedAnswer(this.answer, this.#headers, body, complete));
    this.answer.facts = facts;
    this.#onEnd(facts, outcome);
  }
}

class EndedAnswer implements Answer {
  readonly dialect: Answer['dialect'];
  readonly endpoint: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly complete: boolean;
  readonly gapAt: number | null;
  readonly request: Answer['request'];
  readonly #headers: HeaderList;

  constructor(
    { step, dialect, status, contentType, encoding, capture }: PassingAnswer,
    headers: HeaderList,
    body: Buffer,
    complete: boolean,
  ) {
    this.dialect = dialect;
    this.endpoint = step.endpoint;
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.complete = complete;
    this.gapAt = encoding === '' ? capture.gapAt : null;
    this.request = step.facts;
    this.#headers = headers;
  }

  /** Few formats look at headers: the record is made for those that do. */
  get headers(): Readonly<Record<string, string>> {
    const record: Record<string, string> = Object.create(null);
    const list = this.#headers;
    for (let i = 0; i < list.length; i += 2) record[list[i]!.toLowerCase()] = list[i + 1]!;
    return record;
  }
}

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
    const { answer } = this;
    const headers = this.#headers;
    const encoded = answer.encoding !== '';
    const facts = this.#reader.readAnswer({
      dialect: answer.dialect,
      endpoint: answer.step.endpoint,
      status: answer.status,
      contentType: answer.contentType,
      // Few formats look at headers: the record is made for those that do.
      get headers() {
        return headerRecord(headers);
      },
      body: decoded?.bytes ?? Buffer.alloc(0),
      complete: outcome === 'complete' && decoded?.complete === true && (!encoded || answer.capture.isWhole),
      gapAt: encoded ? null : answer.capture.gapAt,
      request: answer.step.facts,
    });
    answer.facts = facts;
    this.#onEnd(facts, outcome);
  }
}

function headerRecord(list: HeaderList): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  for (let i = 0; i < list.length; i += 2) record[list[i]!.toLowerCase()] = list[i + 1]!;
  return record;
}

/** What a message reader reports, in order: head, body pieces, end; then the next message of the connection. */
export interface MessageEvents {
  /** Request or status line and fields, in latin1 and lower case. */
  head(text: string): void;
  body(bytes: Buffer): void;
  end(): void;
}

const CR = 13;
const LF = 10;
const HEAD_END = Buffer.from('\r\n\r\n');

type State = 'head' | 'fixed' | 'size' | 'data' | 'data-end' | 'trailer' | 'until-close';

/**
 * A minimal HTTP/1.1 framer for both directions: load generator and upstream share a core, and what they do not spend
 * there is left for the gateway to be the bottleneck. It trusts its peers to be correct; it is no general parser.
 */
export class MessageReader {
  readonly #events: MessageEvents;
  readonly #isResponse: boolean;
  #state: State = 'head';
  #remaining = 0;
  #sizeDigits = 0;
  #held: Buffer | null = null;

  constructor(events: MessageEvents, isResponse: boolean) {
    this.#events = events;
    this.#isResponse = isResponse;
  }

  /** True between messages. */
  get isAtRest(): boolean {
    return this.#state === 'head' && this.#held === null;
  }

  /** The peer closed: ends a response that has no length of its own; says whether that was a proper end. */
  close(): boolean {
    if (this.#state !== 'until-close') return this.isAtRest;
    this.#finish();
    return true;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#held) {
      bytes = Buffer.concat([this.#held, chunk]);
      this.#held = null;
    }
    let at = 0;
    while (at < bytes.length) {
      switch (this.#state) {
        case 'head': {
          const end = bytes.indexOf(HEAD_END, at);
          if (end < 0) {
            this.#held = bytes.subarray(at);
            return;
          }
          this.#startBody(bytes.toString('latin1', at, end).toLowerCase());
          at = end + 4;
          break;
        }
        case 'fixed':
        case 'data': {
          const end = Math.min(bytes.length, at + this.#remaining);
          this.#remaining -= end - at;
          this.#events.body(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
          at = end;
          if (this.#remaining === 0) {
            if (this.#state === 'fixed') this.#finish();
            else this.#state = 'data-end';
          }
          break;
        }
        case 'data-end':
          if (bytes[at++] === LF) this.#state = 'size';
          break;
        case 'size': {
          const byte = bytes[at++]!;
          if (byte === LF) {
            this.#sizeDigits = 0;
            this.#state = this.#remaining === 0 ? 'trailer' : 'data';
          } else if (byte !== CR) {
            if (this.#sizeDigits++ === 0) this.#remaining = 0;
            const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87;
            if (digit < 0 || digit > 15) throw new Error('bad chunk size');
            this.#remaining = this.#remaining * 16 + digit;
          }
          break;
        }
        case 'trailer': {
          // Only an empty trailer is expected: CR LF.
          if (bytes[at++] === LF) this.#finish();
          break;
        }
        case 'until-close':
          this.#events.body(bytes.subarray(at));
          at = bytes.length;
          break;
      }
    }
  }

  #startBody(head: string): void {
    const length = /\r\ncontent-length:[ \t]*(\d+)/.exec(head);
    if (/\r\ntransfer-encoding:[ \t]*chunked/.test(head)) this.#state = 'size';
    else if (length) {
      this.#remaining = Number(length[1]);
      this.#state = 'fixed';
    } else if (this.#isResponse) this.#state = 'until-close';
    else {
      this.#remaining = 0;
      this.#state = 'fixed';
    }
    this.#events.head(head);
    if (this.#state === 'fixed' && this.#remaining === 0) this.#finish();
  }

  #finish(): void {
    this.#state = 'head';
    this.#events.end();
  }
}

import type { ServerResponse } from 'node:http';
import { errorEnvelope, type GatewayError } from '../core/errors.ts';
import type { Exchange } from '../core/exchange.ts';
import { findHeader } from '../core/headers.ts';
import type { BodySink, Reply } from '../core/reply.ts';
import { atTurnEnd } from '../core/turn-end.ts';

/** Writes a reply to a client's connection, with back-pressure; a client that has left, or leaves, ends it. */
export function sendReply(
  reply: Reply,
  response: ServerResponse,
  stallMs: number,
  exchange: Pick<Exchange, 'onLeave'>,
): void {
  const sink = new ResponseSink(reply, response, stallMs);
  exchange.onLeave(() => {
    sink.close();
    reply.cancel();
  });
  if (response.destroyed) return;
  reply.pipe(sink);
  // Nothing came at once: the client should see the head now, as it would from the provider.
  if (!response.headersSent) {
    sink.writeHead();
    response.flushHeaders();
  }
}

const SMALL_BYTES = 16 * 1024;

class ResponseSink implements BodySink {
  readonly #reply: Reply;
  readonly #response: ServerResponse;
  readonly #stallMs: number;
  /** Bytes announced by content-length, null when it is not announced. */
  readonly #announced: number | null;
  #sent = 0;
  #held: Buffer | null = null;
  #stall: NodeJS.Timeout | null = null;
  #waiting = false;

  constructor(reply: Reply, response: ServerResponse, stallMs: number) {
    this.#reply = reply;
    this.#response = response;
    this.#stallMs = stallMs;
    const length = findHeader(reply.headers, 'content-length');
    this.#announced = length !== null && /^\d+$/.test(length) ? Number(length) : null;
  }

  writeHead(): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    this.#response.sendDate = findHeader(this.#reply.headers, 'date') === null;
    this.#response.writeHead(this.#reply.status, this.#reply.headers);
  }

  write(chunk: Buffer): boolean {
    this.writeHead();
    this.#sent += chunk.length;
    // A client knows by content-length that it has everything. The last bytes therefore wait for end(), which comes
    // when the record is on disk; most bodies then leave in one packet with their head.
    if (this.#held === null && this.#announced !== null && this.#sent >= this.#announced) {
      this.#held = chunk;
      return true;
    }
    if (this.#response.write(chunk)) return true;
    this.#awaitDrain();
    return false;
  }

  end(): void {
    this.writeHead();
    atTurnEnd(() => this.#finish());
  }

  #finish(): void {
    if (this.#response.destroyed) return;
    // As a latin1 string, byte for byte the same, a small body joins the head in one write instead of a vectored one.
    if (this.#held && this.#sent === this.#held.length && this.#sent <= SMALL_BYTES)
      this.#response.end(this.#held.toString('latin1'), 'latin1');
    else if (this.#held) this.#response.end(this.#held);
    else this.#response.end();
    // No 'drain' comes after the end.
    this.close();
    // What is left may be much (a hit is one chunk): the socket's own time-out is for no progress, not for slow progress.
    if (this.#response.writableLength > 0)
      this.#response.setTimeout(this.#stallMs, () => this.#response.destroy());
  }

  fail(error: GatewayError): void {
    atTurnEnd(() => this.#break(error));
  }

  #break(error: GatewayError): void {
    if (this.#response.headersSent || this.#response.destroyed) {
      this.#response.destroy();
      return;
    }
    const body = Buffer.from(errorEnvelope(error));
    this.#response.writeHead(error.status, [
      'content-type',
      'application/json',
      'content-length',
      String(body.length),
    ]);
    this.#response.end(body);
  }

  close(): void {
    if (this.#stall) clearTimeout(this.#stall);
    this.#stall = null;
  }

  #awaitDrain(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#stall = setTimeout(() => this.#response.destroy(), this.#stallMs);
    this.#response.once('drain', () => {
      this.#waiting = false;
      this.close();
      this.#reply.resume();
    });
  }
}

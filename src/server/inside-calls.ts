import type { Exchange } from '../core/exchange.ts';
import type { InsideBody, InsideCall, InsideReply } from '../core/inside-call.ts';
import { HeldBody, NO_BODY } from '../core/request-body.ts';
import type { Handler } from '../core/stage.ts';
import { type ExchangeServices, openExchange, type Reading } from './open-exchange.ts';
import type { BodyReader } from './read-body.ts';
import { streamReply } from './reply-stream.ts';

export interface InsideServices extends ExchangeServices {
  readonly handle: Handler<Exchange>;
}

/** The second door to the pipeline: calls from inside the process, without a socket, under the same limits. */
export class InsideCalls {
  readonly #services: InsideServices;
  readonly #bodies: BodyReader;
  readonly #stallMs: number;
  /** Exchanges that have not ended. */
  open = 0;

  constructor(services: InsideServices, bodies: BodyReader, stallMs: number) {
    this.#services = services;
    this.#bodies = bodies;
    this.#stallMs = stallMs;
  }

  async call({ body, signal, hangUp, purpose, ...call }: InsideCall): Promise<InsideReply> {
    const { exchange, release } = openExchange(
      { ...call, read: (onWhole) => this.#read(body, onWhole) },
      this.#services,
    );
    if (purpose !== null) exchange.decide('route', call.origin, null, purpose);
    const leave = (): void => exchange.leave();
    this.open++;
    const ended = (): void => {
      this.open--;
      signal?.removeEventListener('abort', leave);
      release();
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    try {
      const reply = await this.#services.handle(exchange);
      const stream = streamReply(reply, this.#stallMs, {
        leave,
        onLeave: (listener) => void exchange.onLeave(listener),
        hangUp,
        ended,
      });
      return {
        status: reply.status,
        headers: reply.headers,
        body: stream,
        costNanos: () => (exchange.hit ? 0 : (exchange.answer?.cost?.costNanos ?? null)),
      };
    } catch (error) {
      ended();
      throw error;
    }
  }

  #read(body: Buffer | InsideBody, onWhole: () => void): Reading {
    if (!Buffer.isBuffer(body)) return this.#bodies.readStream(body, onWhole);
    onWhole();
    return {
      body: Promise.resolve(body.length === 0 ? NO_BODY : new HeldBody([body])),
      release: () => {},
    };
  }
}

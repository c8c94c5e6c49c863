import type { Exchange } from '../../core/exchange.ts';
import { findHeader } from '../../core/headers.ts';
import { type BodySink, type BodySource, Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';

export interface HeartbeatServices {
  /** Tells whether the bytes of an event stream so far end between two events. */
  newBoundary(): { push(chunk: Buffer): void; readonly atBoundary: boolean };
}

// A comment: every SSE parser skips it (WHATWG HTML, 9.2.6).
const HEARTBEAT = Buffer.from(': keep-alive\n\n');

/**
 * Fills the silence of an event stream with comments, so that proxies in front do not cut it. Only where the gateway's
 * setting asks for it: without it nothing is ever added to a stream.
 */
export function sendHeartbeats(services: HeartbeatServices): Stage<Exchange> {
  return (exchange, next) => {
    const { heartbeatSeconds } = exchange.gateway;
    if (heartbeatSeconds === null) return next(exchange);
    return next(exchange).then((reply) => {
      const isPlainStream =
        (findHeader(reply.headers, 'content-type') ?? '').startsWith('text/event-stream') &&
        findHeader(reply.headers, 'content-encoding') === null &&
        findHeader(reply.headers, 'content-length') === null;
      if (!isPlainStream) return reply;
      return new Reply(
        reply.status,
        reply.headers,
        new HeartbeatSource(reply, heartbeatSeconds * 1000, services),
      );
    });
  };
}

class HeartbeatSource implements BodySource {
  readonly #inner: Reply;
  readonly #silenceMs: number;
  readonly #services: HeartbeatServices;
  #timer: NodeJS.Timeout | null = null;

  constructor(inner: Reply, silenceMs: number, services: HeartbeatServices) {
    this.#inner = inner;
    this.#silenceMs = silenceMs;
    this.#services = services;
  }

  start(sink: BodySink): void {
    const boundary = this.#services.newBoundary();
    this.#timer = setInterval(() => {
      if (boundary.atBoundary) sink.write(HEARTBEAT);
    }, this.#silenceMs);
    this.#inner.pipe({
      write: (chunk) => {
        boundary.push(chunk);
        this.#timer?.refresh();
        return sink.write(chunk);
      },
      end: () => {
        this.#stop();
        sink.end();
      },
      fail: (error) => {
        this.#stop();
        sink.fail(error);
      },
    });
  }

  resume(): void {
    this.#inner.resume();
  }

  cancel(): void {
    this.#stop();
    this.#inner.cancel();
  }

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}

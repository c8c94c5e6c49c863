import type { GatewayError } from './errors.ts';
import type { HeaderList } from './headers.ts';

/** Where body bytes go. `write` returns false when the source should pause until `resume`. */
export interface BodySink {
  write(chunk: Buffer): boolean;
  end(): void;
  fail(error: GatewayError): void;
}

/** Where body bytes come from. Pushes into the sink from `start` on, one chunk at a time, never after end/fail/cancel. */
export interface BodySource {
  start(sink: BodySink): void;
  resume(): void;
  /** Stop and free everything, whether started or not. Idempotent. */
  cancel(): void;
}

/** How a reply's body came to its end: whole; broken off by the upstream; left by the client. */
export type BodyOutcome = 'complete' | 'failed' | 'left';

/**
 * Something that watches a body pass. `end` is called exactly once for every tap, also for a reply that nobody ever
 * reads; the reply ends at the client only after every tap's `end` has returned (or its promise has settled).
 */
export interface Tap {
  chunk?(bytes: Buffer): void;
  end?(outcome: BodyOutcome, error: GatewayError | null): void | Promise<void>;
}

/** Turns chunks into other chunks, for the few rules that must change a body. */
export interface Transform {
  chunk(bytes: Buffer, push: (bytes: Buffer) => void): void;
  end(push: (bytes: Buffer) => void): void;
}

/**
 * What comes back: status, headers, and a push stream of bytes. This class holds all of the plumbing between source,
 * taps and sink, and owns the guarantees: one end per tap, back-pressure passed on, cancel reaches the source.
 */
export class Reply implements BodySink {
  status: number;
  headers: HeaderList;
  readonly #source: BodySource;
  readonly #taps: Tap[] = [];
  #sink: BodySink | null = null;
  #ended = false;

  constructor(status: number, headers: HeaderList, source: BodySource) {
    this.status = status;
    this.headers = headers;
    this.#source = source;
  }

  /** Adds a tap. Taps see chunks and the end in the order in which they were added. */
  observe(tap: Tap): this {
    this.#taps.push(tap);
    return this;
  }

  /** A reply with the same status and headers whose body went through `transform`. Taps added so far stay inside. */
  transform(transform: Transform): Reply {
    return new Reply(this.status, this.headers, new TransformedSource(this, transform));
  }

  /** Starts the body. To be called once. */
  pipe(sink: BodySink): void {
    this.#sink = sink;
    if (!this.#ended) this.#source.start(this);
  }

  resume(): void {
    this.#source.resume();
  }

  /** The reader left, or the reply is not wanted: frees the source and tells every tap. */
  cancel(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#source.cancel();
    void this.#endTaps('left', null);
  }

  write(chunk: Buffer): boolean {
    if (this.#ended) return false;
    for (const tap of this.#taps) tap.chunk?.(chunk);
    return this.#sink!.write(chunk);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const waiting = this.#endTaps('complete', null);
    if (waiting) void waiting.then(() => this.#sink!.end());
    else this.#sink!.end();
  }

  fail(error: GatewayError): void {
    if (this.#ended) return;
    this.#ended = true;
    const waiting = this.#endTaps('failed', error);
    if (waiting) void waiting.then(() => this.#sink!.fail(error));
    else this.#sink!.fail(error);
  }

  #endTaps(outcome: BodyOutcome, error: GatewayError | null, from = 0): Promise<void> | null {
    for (let i = from; i < this.#taps.length; i++) {
      const result = this.#taps[i]!.end?.(outcome, error);
      if (result) return result.then(() => this.#endTaps(outcome, error, i + 1) ?? undefined);
    }
    return null;
  }
}

class TransformedSource implements BodySource {
  readonly #inner: Reply;
  readonly #transform: Transform;

  constructor(inner: Reply, transform: Transform) {
    this.#inner = inner;
    this.#transform = transform;
  }

  start(sink: BodySink): void {
    let flowing = true;
    const push = (bytes: Buffer): void => {
      flowing = sink.write(bytes);
    };
    this.#inner.pipe({
      write: (chunk) => {
        flowing = true;
        this.#transform.chunk(chunk, push);
        return flowing;
      },
      end: () => {
        this.#transform.end(push);
        sink.end();
      },
      fail: (error) => sink.fail(error),
    });
  }

  resume(): void {
    this.#inner.resume();
  }

  cancel(): void {
    this.#inner.cancel();
  }
}

/** A body that is already here: errors, cache hits. Honours back-pressure between its chunks. */
export class BytesSource implements BodySource {
  readonly #chunks: readonly Buffer[];
  #next = 0;
  #sink: BodySink | null = null;
  #pumping = false;
  #cancelled = false;

  constructor(chunks: readonly Buffer[]) {
    this.#chunks = chunks;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.resume();
  }

  resume(): void {
    if (this.#pumping || this.#cancelled || !this.#sink) return;
    this.#pumping = true;
    while (this.#next < this.#chunks.length && !this.#cancelled) {
      if (!this.#sink.write(this.#chunks[this.#next++]!) && this.#next < this.#chunks.length) {
        this.#pumping = false;
        return;
      }
    }
    if (!this.#cancelled) {
      this.#cancelled = true;
      this.#sink.end();
    }
  }

  cancel(): void {
    this.#cancelled = true;
  }
}

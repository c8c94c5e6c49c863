import { Agent, buildConnector, type Dispatcher } from 'undici';
import { GatewayError } from '../core/errors.ts';
import type { HeaderList } from '../core/headers.ts';
import type { BodySink, BodySource } from '../core/reply.ts';
import { atTurnEnd } from '../core/turn-end.ts';
import { describeFailure } from './describe-failure.ts';
import { EgressGuard, type Resolve } from './egress.ts';
import { fieldName } from './field-name.ts';

export interface TransportSettings {
  readonly allowPrivate: readonly string[];
  readonly connectTimeoutMs: number;
  /** Longest silence before the head and within a body. */
  readonly idleTimeoutMs: number;
  readonly maxHeaderBytes: number;
  /** Told of every connection that was opened (null) or could not be. */
  readonly onDial?: (error: Error | null) => void;
  /** How names are resolved; the system's way when it is left out. */
  readonly resolve?: Resolve;
}

export interface UpstreamRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: HeaderList;
  /** In pieces it needs a content-length of its own. */
  readonly body: Buffer | Iterable<Buffer> | AsyncIterable<Buffer> | null;
  /** To the first byte of the answer; null is the idle time-out. */
  readonly firstByteTimeoutMs: number | null;
}

// Bytes of an answer that may wait here for a reader before the upstream is paused.
const EARLY_BYTES = 256 * 1024;

/** Connections to providers: pooled, kept alive, and the only door to the network. */
export class Transport {
  readonly guard: EgressGuard;
  readonly #agent: Agent;
  /** Answers that have not ended yet; 0 when nothing is in flight. */
  open = 0;

  constructor(settings: TransportSettings) {
    this.guard = new EgressGuard(settings.allowPrivate, settings.resolve);
    const connector = buildConnector({
      timeout: settings.connectTimeoutMs,
      lookup: this.guard.lookup,
      allowH2: false,
    });
    this.#agent = new Agent({
      connect: (options, callback) => {
        try {
          this.guard.checkHost(options.hostname);
        } catch (error) {
          callback(error as Error, null);
          return;
        }
        connector(options, (...opened) => {
          settings.onDial?.(opened[0]);
          callback(...opened);
        });
      },
      headersTimeout: settings.idleTimeoutMs,
      bodyTimeout: settings.idleTimeoutMs,
      maxHeaderSize: settings.maxHeaderBytes,
      keepAliveTimeout: 30_000,
      // Providers close idle connections after a minute or more; a request on a connection that is being closed fails.
      keepAliveMaxTimeout: 55_000,
      pipelining: 1,
    });
  }

  /** Sends a request. The answer's `head` settles when the head has come or the request has failed. */
  send(request: UpstreamRequest): UpstreamAnswer {
    this.open++;
    const answer = new UpstreamAnswer(request, () => {
      this.open--;
    });
    atTurnEnd(() => this.#dispatch(request, answer));
    return answer;
  }

  #dispatch(request: UpstreamRequest, answer: UpstreamAnswer): void {
    if (answer.isOver) return;
    try {
      this.#agent.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method as Dispatcher.HttpMethod,
          headers: request.headers,
          body: request.body as Buffer | null,
          // Without it a POST on a reused connection that the provider just closed would not fail cleanly, but hang.
          idempotent: false,
        },
        answer,
      );
    } catch (error) {
      answer.onResponseError(null, error as Error);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

export interface AnswerHead {
  readonly status: number;
  readonly headers: HeaderList;
}

export type PeekVerdict = 'pending' | 'content' | 'error';

/** One answer as it arrives: undici's handler on one side, a body source on the other. */
export class UpstreamAnswer implements BodySource, Dispatcher.DispatchHandler {
  readonly head: Promise<AnswerHead>;
  readonly #request: UpstreamRequest;
  readonly #onClose: () => void;
  #resolve!: (head: AnswerHead) => void;
  #reject!: (error: GatewayError) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #timer: NodeJS.Timeout | null = null;
  #sink: BodySink | null = null;
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #state: 'waiting' | 'open' | 'ended' | 'failed' | 'cancelled' = 'waiting';
  #error: GatewayError | null = null;
  #peek: ((chunk: Buffer | null) => void) | null = null;

  constructor(request: UpstreamRequest, onClose: () => void) {
    this.#request = request;
    this.#onClose = onClose;
    this.head = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (request.firstByteTimeoutMs !== null) {
      const limitMs = request.firstByteTimeoutMs;
      this.#timer = setTimeout(() => {
        this.#abort(
          new GatewayError(
            'upstream-timeout',
            `Failed to get response from provider: no first byte within ${limitMs} ms (request timeout)`,
          ),
        );
      }, limitMs);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#state !== 'waiting') controller.abort(new Error('cancelled'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.#state !== 'waiting') return;
    this.#stopTimer();
    this.#state = 'open';
    const raw = (controller as { rawHeaders?: readonly Buffer[] }).rawHeaders ?? [];
    const headers: HeaderList = [];
    // latin1 keeps each byte of a header value as it came.
    for (let i = 0; i < raw.length; i += 2) headers.push(fieldName(raw[i]!), raw[i + 1]!.toString('latin1'));
    this.#resolve({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#sink) {
      if (!this.#sink.write(chunk)) controller.pause();
      return;
    }
    this.#early.push(chunk);
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes >= EARLY_BYTES) controller.pause();
    this.#peek?.(chunk);
  }

  onResponseEnd(): void {
    if (this.#state !== 'open') return;
    this.#close('ended');
    this.#peek?.(null);
    if (this.#sink) this.#sink.end();
  }

  onResponseError(_controller: unknown, cause: Error): void {
    if (this.#state !== 'waiting' && this.#state !== 'open') return;
    const error = cause instanceof GatewayError ? cause : describeFailure(cause, this.#request.origin);
    const waiting = this.#state === 'waiting';
    this.#error = error;
    this.#close('failed');
    this.#peek?.(null);
    if (waiting) this.#reject(error);
    else this.#sink?.fail(error);
  }

  /**
   * Looks at the first chunks before anyone is bound to this answer. Resolves with the first verdict that is not
   * 'pending'; an end or failure before that is 'error' when nothing had come, else 'content'. When `limitMs` have
   * passed, it is 'silent' when nothing has come, else 'content'.
   */
  async peek(look: (chunk: Buffer) => PeekVerdict, limitMs: number): Promise<'content' | 'error' | 'silent'> {
    for (const chunk of this.#early) {
      const verdict = look(chunk);
      if (verdict !== 'pending') return verdict;
    }
    if (this.#state === 'failed') return 'error';
    if (this.#state !== 'open' || this.#earlyBytes >= EARLY_BYTES) return 'content';
    return new Promise((resolve) => {
      const settle = (verdict: 'content' | 'error' | 'silent'): void => {
        clearTimeout(timer);
        this.#peek = null;
        resolve(verdict);
      };
      const timer = setTimeout(() => settle(this.#earlyBytes === 0 ? 'silent' : 'content'), limitMs);
      this.#peek = (chunk) => {
        if (chunk === null) {
          settle(this.#state === 'failed' || this.#earlyBytes === 0 ? 'error' : 'content');
          return;
        }
        const verdict = this.#earlyBytes >= EARLY_BYTES ? 'content' : look(chunk);
        if (verdict !== 'pending') settle(verdict);
      };
    });
  }

  /** True when nobody waits for it any more. */
  get isOver(): boolean {
    return this.#state !== 'waiting' && this.#state !== 'open';
  }

  /** What failed, once it has. */
  get error(): GatewayError | null {
    return this.#error;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    let flowing = true;
    for (const chunk of early) flowing = sink.write(chunk);
    if (this.#state === 'ended') sink.end();
    else if (this.#state === 'failed') sink.fail(this.#error!);
    else if (flowing) this.#controller?.resume();
    else this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  cancel(): void {
    if (this.#state !== 'waiting' && this.#state !== 'open') return;
    const waiting = this.#state === 'waiting';
    this.#close('cancelled');
    this.#controller?.abort(new Error('cancelled'));
    this.#peek?.(null);
    if (waiting) this.#reject(new GatewayError('client-closed', 'The client closed the connection'));
  }

  #abort(error: GatewayError): void {
    this.onResponseError(null, error);
    this.#controller?.abort(error);
  }

  #close(state: 'ended' | 'failed' | 'cancelled'): void {
    this.#state = state;
    this.#stopTimer();
    this.#onClose();
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

import type { TailListener } from './log-tails.ts';

const HEARTBEAT_MS = 15_000;
/** What a slow reader may be behind; more is left out, and said. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** One reader of a stream, with what waits for it. */
export class StreamClient implements TailListener {
  readonly #isAllowed: () => boolean;
  readonly #encoder = new TextEncoder();
  #waiting: string[] = [': open\nretry: 3000\n\n'];
  #waitingBytes = 0;
  #skipped = 0;
  #ended = false;
  #wake: (() => void) | null = null;
  #stop: () => void = () => {};

  constructor(isAllowed: () => boolean) {
    this.#isAllowed = isAllowed;
  }

  start(stop: () => void, signal: AbortSignal): ReadableStream<Uint8Array> {
    const heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    heartbeat.unref();
    this.#stop = () => {
      if (this.#ended) return;
      this.#ended = true;
      clearInterval(heartbeat);
      stop();
      this.#wake?.();
    };
    if (signal.aborted) this.#stop();
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (this.#waiting.length === 0 && !this.#ended) {
            await new Promise<void>((resolve) => {
              this.#wake = resolve;
            });
            this.#wake = null;
          }
          const text = this.#take();
          if (text !== '') controller.enqueue(this.#encoder.encode(text));
          if (this.#ended) controller.close();
        },
        cancel: () => this.#stop(),
      },
      { highWaterMark: 0 },
    );
  }

  begin(): void {
    this.#put(': following\n\n');
    this.#wake?.();
  }

  rows(rows: readonly string[], skipped: number): void {
    this.#skipped += skipped;
    for (const row of rows) {
      if (this.#waitingBytes + row.length > MOST_WAITING_BYTES) this.#skipped++;
      else this.#put(`event: log\ndata: ${row}\n\n`);
    }
    this.#wake?.();
  }

  end(reason = 'the gateway is being stopped'): void {
    this.#put(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    this.#stop();
  }

  #beat(): void {
    if (!this.#isAllowed()) {
      this.end('the token, the session or the gateway is no longer there');
      return;
    }
    if (this.#waiting.length === 0) this.#put(': heartbeat\n\n');
    this.#wake?.();
  }

  #put(event: string): void {
    this.#waiting.push(event);
    this.#waitingBytes += event.length;
  }

  #take(): string {
    if (this.#skipped > 0) this.#put(`event: skipped\ndata: ${JSON.stringify({ count: this.#skipped })}\n\n`);
    const text = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#skipped = 0;
    return text;
  }
}

import type { GatewayError } from '../core/errors.ts';
import type { BodySink, BodySource } from '../core/reply.ts';

/** What the bytes come from: a reply whose body has not been started. */
export interface SharedSource {
  pipe(sink: BodySink): void;
  resume(): void;
}

/**
 * One body for many readers. Each gets every byte from the first on, at its own pace, and a break at the same byte. It
 * flows while anyone can take bytes. What has come is held (as references) for those who come later or read more
 * slowly, up to `limitBytes`; beyond that nobody can join, only what the slowest has yet to read is held, and when that
 * is over the limit too, the flow waits for the slowest.
 */
export class SharedBody implements BodySink {
  readonly #source: SharedSource;
  readonly #limitBytes: number;
  readonly #onCut: () => void;
  readonly #chunks: Buffer[] = [];
  readonly #readers = new Set<SharedBodyReader>();
  /** Chunks that are no longer held. */
  #dropped = 0;
  #heldBytes = 0;
  #isCut = false;
  #isStarted = false;
  #isPaused = false;
  #isOver = false;
  #error: GatewayError | null = null;

  /** `onCut` is called once, when the beginning is about to be dropped: from then on there can be no new readers. */
  constructor(source: SharedSource, limitBytes: number, onCut: () => void) {
    this.#source = source;
    this.#limitBytes = limitBytes;
    this.#onCut = onCut;
  }

  /** `onCancel` is called when the reader is cancelled before it has had everything. */
  newReader(onCancel: () => void): SharedBodyReader {
    const reader = new SharedBodyReader(this, onCancel);
    this.#readers.add(reader);
    return reader;
  }

  /** For readers: the chunk of that number; null when it has not come yet. */
  at(index: number): Buffer | null {
    return this.#chunks[index - this.#dropped] ?? null;
  }

  /** For readers: true when there is nothing after that chunk any more. */
  endsAt(index: number): boolean {
    return this.#isOver && index === this.#dropped + this.#chunks.length;
  }

  get error(): GatewayError | null {
    return this.#error;
  }

  /** For readers, after every change of theirs. */
  readerMoved(): void {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#source.pipe(this);
      return;
    }
    if (this.#isOver) return;
    if (this.#isCut) this.#drop();
    if (!this.#isPaused || !this.#mayFlow()) return;
    this.#isPaused = false;
    this.#source.resume();
  }

  /** For readers. */
  forget(reader: SharedBodyReader): void {
    this.#readers.delete(reader);
  }

  write(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    for (const reader of this.#readers) reader.pump();
    if (this.#heldBytes > this.#limitBytes && !this.#isCut) {
      this.#isCut = true;
      this.#onCut();
    }
    if (this.#isCut) this.#drop();
    const flows = this.#mayFlow();
    this.#isPaused = !flows;
    return flows;
  }

  end(): void {
    this.#finish(null);
  }

  fail(error: GatewayError): void {
    this.#finish(error);
  }

  #finish(error: GatewayError | null): void {
    this.#isOver = true;
    this.#error = error;
    for (const reader of this.#readers) reader.pump();
  }

  #mayFlow(): boolean {
    if (this.#isCut && this.#heldBytes > this.#limitBytes) return false;
    const end = this.#dropped + this.#chunks.length;
    for (const reader of this.#readers) if (reader.isFlowing && reader.next === end) return true;
    return false;
  }

  #drop(): void {
    let slowest = this.#dropped + this.#chunks.length;
    for (const { next } of this.#readers) if (next < slowest) slowest = next;
    const count = slowest - this.#dropped;
    if (count === 0) return;
    for (const chunk of this.#chunks.splice(0, count)) this.#heldBytes -= chunk.length;
    this.#dropped = slowest;
  }
}

/** One reader's way through a shared body. */
export class SharedBodyReader implements BodySource {
  readonly #body: SharedBody;
  readonly #onCancel: () => void;
  #sink: BodySink | null = null;
  #isPumping = false;
  #isOver = false;
  /** Number of the chunk that it gets next. */
  next = 0;
  /** Bytes that it was given. */
  bytes = 0;
  /** False until it has started, and while its sink asks for a pause. */
  isFlowing = false;

  constructor(body: SharedBody, onCancel: () => void) {
    this.#body = body;
    this.#onCancel = onCancel;
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    this.resume();
  }

  resume(): void {
    if (this.#isOver || this.#sink === null) return;
    this.isFlowing = true;
    this.pump();
    if (!this.#isOver) this.#body.readerMoved();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#body.forget(this);
    this.#onCancel();
  }

  /** Hands on what is there, as far as the sink takes it. */
  pump(): void {
    if (this.#isPumping || this.#isOver || this.#sink === null) return;
    this.#isPumping = true;
    while (this.isFlowing && !this.#isOver) {
      const chunk = this.#body.at(this.next);
      if (chunk === null) break;
      this.next++;
      this.bytes += chunk.length;
      this.isFlowing = this.#sink.write(chunk);
    }
    this.#isPumping = false;
    // As everywhere, the end does not wait for a sink that has asked for a pause with the last bytes.
    if (this.#isOver || !this.#body.endsAt(this.next)) return;
    this.#isOver = true;
    this.#body.forget(this);
    const { error } = this.#body;
    if (error === null) this.#sink.end();
    else this.#sink.fail(error);
  }
}

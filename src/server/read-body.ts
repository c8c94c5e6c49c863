import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../core/errors.ts';
import type { InsideBody } from '../core/inside-call.ts';
import { HeldBody, NO_BODY, type RequestBody } from '../core/request-body.ts';

export interface BodyLimits {
  /** Larger bodies are refused. */
  readonly maxBytes: number;
  /** Larger bodies are not held but stream through. */
  readonly holdBytes: number;
  /** Bytes that all requests together may hold. */
  readonly inflightBytes: number;
}

/** Reads request bodies within limits, and keeps count of what is held. */
export class BodyReader {
  readonly #limits: BodyLimits;
  /** Bytes of request bodies in memory now. */
  heldBytes = 0;
  /** Sockets that were cut because their request took too long: it was not the client that left. */
  readonly timedOut = new WeakSet<object>();

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** `release` gives the held bytes back; the caller calls it once, when the exchange is over. */
  read(
    request: IncomingMessage,
    onWhole: () => void = () => {},
  ): { body: Promise<RequestBody>; release: () => void } {
    const announced = announcedBytes(request);
    if (announced === 0 && request.headers['transfer-encoding'] === undefined) {
      return { body: Promise.resolve(NO_BODY), release: () => {} };
    }
    if (announced !== null && announced > this.#limits.maxBytes) {
      return { body: Promise.reject(this.#tooLarge()), release: () => {} };
    }
    const expected = Math.min(announced ?? 0, this.#limits.holdBytes);
    if (this.heldBytes + expected > this.#limits.inflightBytes) {
      return { body: Promise.reject(tooBusy()), release: () => {} };
    }
    let held = 0;
    const body = new Promise<RequestBody>((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const onData = (chunk: Buffer): void => {
        held += chunk.length;
        this.heldBytes += chunk.length;
        chunks.push(chunk);
        length += chunk.length;
        // A body without an announced length shows only now what it is.
        const refusal =
          length > this.#limits.maxBytes
            ? this.#tooLarge()
            : this.heldBytes > this.#limits.inflightBytes
              ? tooBusy()
              : null;
        if (refusal) {
          stop();
          request.pause();
          reject(refusal);
          return;
        }
        if (length > this.#limits.holdBytes) {
          stop();
          request.pause();
          resolve({
            kind: 'streaming',
            head: Buffer.concat(chunks),
            rest: this.#rest(request, length),
            size: announced,
          });
        }
      };
      // Listeners stay where nothing comes after them: taking them off costs more than they do.
      const onEnd = (): void => {
        onWhole();
        resolve(new HeldBody(chunks));
      };
      const onGone = (): void => {
        if (request.complete) return;
        reject(
          this.timedOut.has(request.socket)
            ? new GatewayError('request-timeout', 'The request did not arrive in time')
            : new GatewayError(
                'client-closed',
                'The client closed the connection before its request was whole',
              ),
        );
      };
      const stop = (): void => {
        request.off('data', onData).off('end', onEnd).off('close', onGone).off('error', onGone);
      };
      request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', onGone);
    });
    let released = false;
    return {
      body,
      release: () => {
        if (released) return;
        released = true;
        this.heldBytes -= held;
      },
    };
  }

  /** The same for a body that comes from inside the process. */
  readStream(source: InsideBody, onWhole: () => void): { body: Promise<RequestBody>; release: () => void } {
    const held = { bytes: 0 };
    return {
      body: this.#readStream(source, held, onWhole),
      release: () => {
        this.heldBytes -= held.bytes;
        held.bytes = 0;
      },
    };
  }

  async #readStream(
    { open, size }: InsideBody,
    held: { bytes: number },
    onWhole: () => void,
  ): Promise<RequestBody> {
    if (size !== null && size > this.#limits.maxBytes) throw this.#tooLarge();
    const chunks: Buffer[] = [];
    const source = open()[Symbol.asyncIterator]();
    // Without `return`: to give the rest up would break the connection before the reply is through.
    const iterator = { next: () => source.next(), [Symbol.asyncIterator]: () => iterator };
    for (;;) {
      const next = await iterator.next().catch((cause: unknown) => {
        throw new GatewayError('client-closed', 'The request broke off before it was whole', { cause });
      });
      if (next.done) break;
      const chunk = asBuffer(next.value);
      held.bytes += chunk.length;
      this.heldBytes += chunk.length;
      chunks.push(chunk);
      const refusal =
        held.bytes > this.#limits.maxBytes
          ? this.#tooLarge()
          : this.heldBytes > this.#limits.inflightBytes
            ? tooBusy()
            : null;
      if (refusal !== null) {
        void discard(source);
        throw refusal;
      }
      if (held.bytes > this.#limits.holdBytes) {
        const rest = this.#rest(iterator, held.bytes);
        return { kind: 'streaming', head: Buffer.concat(chunks), rest, size };
      }
    }
    onWhole();
    return chunks.length === 0 ? NO_BODY : new HeldBody(chunks);
  }

  async *#rest(source: AsyncIterable<Uint8Array>, alreadyRead: number): AsyncGenerator<Buffer> {
    let length = alreadyRead;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > this.#limits.maxBytes) throw this.#tooLarge();
      yield asBuffer(chunk);
    }
  }

  #tooLarge(): GatewayError {
    return new GatewayError(
      'body-too-large',
      `The request body is over the limit of ${this.#limits.maxBytes} bytes`,
    );
  }
}

const MOST_DISCARDED_BYTES = 64 * 1024 * 1024;

/** Reads on for a while, so that the sender sees the reply and the connection can be used again. */
async function discard(source: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    for (let bytes = 0; bytes < MOST_DISCARDED_BYTES; ) {
      const next = await source.next();
      if (next.done) return;
      bytes += next.value.length;
    }
    await source.return?.();
  } catch {
    // The sender has left.
  }
}

const asBuffer = (chunk: Uint8Array): Buffer =>
  Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

function tooBusy(): GatewayError {
  return new GatewayError('too-busy', 'The gateway holds as many request bytes as it may', {
    headers: ['retry-after', '1'],
  });
}

/** Content-Length as a number; null when there is none (a chunked body, or no body at all). */
function announcedBytes(request: IncomingMessage): number | null {
  const value = request.headers['content-length'];
  if (value !== undefined) return Number(value);
  return request.headers['transfer-encoding'] === undefined ? 0 : null;
}

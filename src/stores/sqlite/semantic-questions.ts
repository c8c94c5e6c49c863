interface Waiting {
  readonly send: (id: number) => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Questions that wait for an answer of a thread, by number. */
export class SemanticQuestions {
  readonly #waiting = new Map<number, Waiting>();
  readonly #onFirstOrLast: (isAnyWaiting: boolean) => void;
  #next = 0;

  /** The listener is told when the first one begins to wait and when the last one is done. */
  constructor(onFirstOrLast: (isAnyWaiting: boolean) => void) {
    this.#onFirstOrLast = onFirstOrLast;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Somebody still waits for it. */
  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** A signal that aborts takes the question back: `onDrop` may tell the thread. */
  ask<T>(
    send: (id: number) => void,
    signal: AbortSignal | null = null,
    onDrop: (id: number) => void = () => {},
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        this.#take(id);
        reject(signal!.reason);
        onDrop(id);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = (): void => signal?.removeEventListener('abort', abort);
      this.#waiting.set(id, {
        send,
        resolve: (value) => {
          settled();
          resolve(value as T);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      if (this.#waiting.size === 1) this.#onFirstOrLast(true);
      send(id);
    });
  }

  answer(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  fail(id: number, message: string): void {
    this.#take(id)?.reject(new Error(message));
  }

  failAll(message: string): void {
    for (const id of [...this.#waiting.keys()]) this.fail(id, message);
  }

  /** Sends all of them once more, to another thread. */
  repeat(): void {
    for (const [id, { send }] of this.#waiting) send(id);
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.#onFirstOrLast(false);
    return waiting;
  }
}

/** Work that may wait, and that may be left undone: a few at once, a bounded number in line. */
export interface QueuedCheck {
  /** Of what is held in memory for it. */
  readonly bytes: number;
  /** Must not reject. */
  run(signal: AbortSignal): Promise<void>;
}

const AT_ONCE = 2;
const MOST_WAITING = 100;
const MOST_BYTES = 16 * 1024 * 1024;

export class CheckQueue {
  readonly #waiting: QueuedCheck[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #bytes = 0;

  /** False when there is no room: then nothing comes of it. */
  add(check: QueuedCheck): boolean {
    if (this.#abort.signal.aborted || this.#waiting.length >= MOST_WAITING) return false;
    if (this.#bytes + check.bytes > MOST_BYTES) return false;
    this.#bytes += check.bytes;
    this.#waiting.push(check);
    // Not in the turn in which a reply is on its way.
    setImmediate(() => this.#fill());
    return true;
  }

  /** Drops what waits, gives up what is under way, and is done when that has ended. */
  async close(): Promise<void> {
    this.#abort.abort(new Error('the gateway is being stopped'));
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  #fill(): void {
    while (this.#running.size < AT_ONCE && !this.#abort.signal.aborted) {
      const check = this.#waiting.shift();
      if (check === undefined) return;
      const work = check.run(this.#abort.signal).finally(() => {
        this.#bytes -= check.bytes;
        this.#running.delete(work);
        this.#fill();
      });
      this.#running.add(work);
    }
  }
}

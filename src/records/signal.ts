/**
 * What the request path and the writer thread tell each other without messages: a few numbers in shared memory. The
 * writer sleeps on a word of it, so that a burst of records costs one wake-up and not one message each.
 */
export type SignalMemory = SharedArrayBuffer;

const APPENDED = 0;
const HURRIED = 1;
const ACTIVE = 1;

export function createSignal(): SignalMemory {
  return new SharedArrayBuffer(32);
}

export class Signal {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #segments: BigInt64Array<SharedArrayBuffer>;

  constructor(memory: SignalMemory) {
    this.#words = new Int32Array(memory, 0, 4);
    this.#segments = new BigInt64Array(memory, 16, 2);
  }

  /** Something is new: a record, a command, another active segment. */
  raise(): void {
    Atomics.add(this.#words, APPENDED, 1);
    Atomics.notify(this.#words, APPENDED);
  }

  /** Counts every raise(); wraps around. */
  get raised(): number {
    return Atomics.load(this.#words, APPENDED);
  }

  /** Blocks the thread until raise() is called after `seen` was read, or the time is over. */
  wait(seen: number, timeoutMs: number): void {
    Atomics.wait(this.#words, APPENDED, seen, timeoutMs);
  }

  /** Counts every hurry(). */
  get hurried(): number {
    return Atomics.load(this.#words, HURRIED);
  }

  /** Blocks the thread for a time, whatever is raised, so that what comes meanwhile becomes one batch. */
  gather(hurried: number, timeoutMs: number): void {
    Atomics.wait(this.#words, HURRIED, hurried, timeoutMs);
  }

  /** raise(), and ends a gather() early: somebody waits for the result. */
  hurry(): void {
    Atomics.add(this.#words, HURRIED, 1);
    Atomics.notify(this.#words, HURRIED);
    this.raise();
  }

  /** The segment that is being written; every smaller one is finished. 0 before the first. */
  get activeSegment(): number {
    return Number(Atomics.load(this.#segments, ACTIVE));
  }

  set activeSegment(segment: number) {
    Atomics.store(this.#segments, ACTIVE, BigInt(segment));
  }
}

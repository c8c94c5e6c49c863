import type { Clock } from '../../core/clock.ts';
import type { Fault } from './fault.ts';
import type { FamilyId } from './provider-request.ts';

/** A request as the provider saw it, and what became of it. Fields fill in while it is served. */
export interface RecordedRequest {
  readonly sequence: number;
  readonly family: FamilyId | null;
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  /** [name, value, name, value, …] as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly fault: Fault;
  readonly arrivedAt: number;
  /** Status that was sent, null while there is none. */
  readonly status: number | null;
  /** Body bytes that were handed to the socket, up to the journal's limit; as compressed as they were sent. */
  readonly sent: Buffer;
  /** Events (or pieces of a whole answer) that were handed to the socket. */
  readonly framesSent: number;
  readonly endedAt: number | null;
  /** True when the client left before the request or the answer was whole. */
  readonly aborted: boolean;
  readonly abortedAt: number | null;
  header(lowerName: string): string | null;
}

const SENT_LIMIT_BYTES = 4 << 20;

export class Entry implements RecordedRequest {
  readonly sequence: number;
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly arrivedAt: number;
  family: FamilyId | null = null;
  body: Buffer = Buffer.alloc(0);
  fault: Fault = {};
  status: number | null = null;
  framesSent = 0;
  endedAt: number | null = null;
  abortedAt: number | null = null;
  #sent: Buffer[] = [];
  #sentBytes = 0;

  constructor(
    sequence: number,
    method: string,
    url: string,
    rawHeaders: readonly string[],
    arrivedAt: number,
  ) {
    this.sequence = sequence;
    this.method = method;
    this.url = url;
    this.rawHeaders = rawHeaders;
    this.arrivedAt = arrivedAt;
  }

  get aborted(): boolean {
    return this.abortedAt !== null;
  }

  get sent(): Buffer {
    if (this.#sent.length > 1) this.#sent = [Buffer.concat(this.#sent)];
    return this.#sent[0] ?? Buffer.alloc(0);
  }

  keep(bytes: Buffer): void {
    if (this.#sentBytes >= SENT_LIMIT_BYTES) return;
    this.#sent.push(bytes);
    this.#sentBytes += bytes.length;
  }

  header(lowerName: string): string | null {
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      if (this.rawHeaders[i]!.toLowerCase() === lowerName) return this.rawHeaders[i + 1]!;
    }
    return null;
  }
}

/** Remembers the last requests, and counts those that are still being served. */
export class Journal {
  readonly entries: Entry[] = [];
  readonly #clock: Clock;
  readonly #limit: number;
  #count = 0;
  open = 0;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  begin(method: string, url: string, rawHeaders: readonly string[]): Entry {
    const entry = new Entry(++this.#count, method, url, rawHeaders, this.#clock.now());
    this.open++;
    if (this.#limit > 0) {
      this.entries.push(entry);
      if (this.entries.length > this.#limit) this.entries.shift();
    }
    return entry;
  }

  end(entry: Entry, clientLeft: boolean): void {
    if (entry.endedAt !== null) return;
    entry.endedAt = this.#clock.now();
    if (clientLeft) entry.abortedAt = entry.endedAt;
    this.open--;
  }

  clear(): void {
    this.entries.length = 0;
    this.#count = 0;
  }
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

/**
 * True when an empty line ends at `at`: then an event ends there, and the next one begins. `from` is where reading
 * begins, which counts as the start of a line.
 */
function isBoundary(bytes: Uint8Array, at: number, from: number): boolean {
  const last = bytes[at - 1];
  if (at <= from || (last !== LF && last !== CR)) return false;
  // The \n of a \r\n that is not here yet belongs to the line before.
  if (last === CR && bytes[at] === LF) return false;
  const lineAt = last === LF && at - 2 >= from && bytes[at - 2] === CR ? at - 2 : at - 1;
  if (lineAt <= from) return true;
  const before = bytes[lineAt - 1];
  return before === LF || before === CR;
}

/** One event of an SSE stream, decoded when asked. Groups of lines without `data` are no events, as the standard says. */
export class SseEvent {
  /** Offsets of the event's bytes, the empty line that ends it included. */
  readonly start: number;
  readonly end: number;
  /** False for a last event whose empty line never came. */
  readonly complete: boolean;
  readonly #bytes: Buffer;
  #event: string | null = null;
  #dataLines = 0;
  #dataStart = 0;
  #dataEnd = 0;
  #data: string | null = null;

  constructor(bytes: Buffer, start: number, end: number, complete: boolean) {
    this.#bytes = bytes;
    this.start = start;
    this.end = end;
    this.complete = complete;
    this.#read();
  }

  get hasData(): boolean {
    return this.#dataLines > 0;
  }

  get event(): string | null {
    return this.#event;
  }

  get data(): string {
    if (this.#data === null) {
      this.#data =
        this.#dataLines === 1 ? this.#bytes.toString('utf8', this.#dataStart, this.#dataEnd) : this.#join();
    }
    return this.#data;
  }

  /** The bytes of the data, without a copy when it is one line. */
  get dataBytes(): Buffer {
    return this.#dataLines === 1
      ? this.#bytes.subarray(this.#dataStart, this.#dataEnd)
      : Buffer.from(this.data);
  }

  #read(): void {
    const bytes = this.#bytes;
    this.#eachLine((at, end) => {
      const first = bytes[at];
      if (first === 0x64 && isField(bytes, at, end, 'data')) {
        this.#dataStart = valueAt(bytes, at + 4, end);
        this.#dataEnd = end;
        this.#dataLines++;
      } else if (first === 0x65 && isField(bytes, at, end, 'event')) {
        const name = bytes.toString('utf8', valueAt(bytes, at + 5, end), end);
        this.#event = name === '' ? null : name;
      }
    });
  }

  #join(): string {
    const bytes = this.#bytes;
    const lines: string[] = [];
    this.#eachLine((at, end) => {
      if (isField(bytes, at, end, 'data'))
        lines.push(bytes.toString('utf8', valueAt(bytes, at + 4, end), end));
    });
    return lines.join('\n');
  }

  #eachLine(visit: (at: number, end: number) => void): void {
    const bytes = this.#bytes;
    let at = this.start === 0 && startsWithMark(bytes) ? 3 : this.start;
    let nextLf = -1;
    let nextCr = -1;
    while (at < this.end) {
      if (nextLf < at) nextLf = find(bytes, LF, at, this.end);
      if (nextCr < at) nextCr = find(bytes, CR, at, this.end);
      const end = Math.min(nextLf, nextCr);
      if (end > at) visit(at, end);
      at = end + (nextCr === end && nextLf === end + 1 ? 2 : 1);
    }
  }
}

function find(bytes: Buffer, byte: number, from: number, end: number): number {
  // Events are mostly short: a loop finds the end sooner than native search finds that there is none.
  const near = Math.min(end, from + 64);
  for (let i = from; i < near; i++) if (bytes[i] === byte) return i;
  if (near === end) return end;
  const place = bytes.subarray(0, end).indexOf(byte, near);
  return place < 0 ? end : place;
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function isField(bytes: Buffer, at: number, end: number, name: string): boolean {
  const length = name.length;
  if (end - at < length || (end - at > length && bytes[at + length] !== COLON)) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== name.charCodeAt(i)) return false;
  return true;
}

function valueAt(bytes: Buffer, colonAt: number, end: number): number {
  if (colonAt >= end) return end;
  return bytes[colonAt + 1] === SPACE && colonAt + 1 < end ? colonAt + 2 : colonAt + 1;
}

/** Events from the first to the last, found one at a time. */
export function* sseEvents(bytes: Buffer, from = 0, to = bytes.length): Generator<SseEvent> {
  const plain = !bytes.includes(CR);
  let start = from;
  while (start < to) {
    const end = nextBoundary(bytes, start, to, plain);
    const event = new SseEvent(bytes, start, end < 0 ? to : end, end >= 0);
    if (event.hasData) yield event;
    if (end < 0) return;
    start = end;
  }
}

/**
 * Events from the last to the first: what says how a stream ended stands in its last events. `from` is where the
 * bytes begin to be whole again after a gap; what may be the rest of an event there is left out.
 */
export function* sseEventsFromEnd(bytes: Buffer, from = 0): Generator<SseEvent> {
  const plain = !bytes.includes(CR, from);
  let end = bytes.length;
  let complete = isBoundary(bytes, end, from);
  while (end > from) {
    const start = boundaryBefore(bytes, end, from, plain);
    if (start === from && from > 0) return;
    const event = new SseEvent(bytes, start, end, complete);
    if (event.hasData) yield event;
    end = start;
    complete = true;
  }
}

/** Offset after the next empty line; -1 when there is none before `to`. Never the empty line that `start` begins with. */
function nextBoundary(bytes: Buffer, start: number, to: number, plain: boolean): number {
  let at = start;
  if (plain) {
    for (;;) {
      const feed = bytes.indexOf(LF, at);
      if (feed < 0 || feed >= to) return -1;
      if (isBoundary(bytes, feed + 1, start)) return feed + 1;
      at = feed + 1;
    }
  }
  while (at < to) {
    at++;
    if (isBoundary(bytes, at, start)) return at;
  }
  return -1;
}

function boundaryBefore(bytes: Buffer, end: number, from: number, plain: boolean): number {
  let at = end - 1;
  if (plain) {
    while (at > from) {
      const feed = bytes.lastIndexOf(LF, at - 1);
      if (feed < from) return from;
      if (isBoundary(bytes, feed + 1, from)) return feed + 1;
      at = feed;
    }
    return from;
  }
  while (at > from && !isBoundary(bytes, at, from)) at--;
  return Math.max(at, from);
}

/**
 * Follows a stream chunk by chunk and knows whether it stands between two events, where a comment may be put in
 * without breaking one. Looks only at the last bytes of each chunk.
 */
export class EventBoundary {
  /** True while everything pushed so far ends with an empty line, and before anything was pushed. */
  atBoundary = true;
  // The start of a stream is the start of a line, as after an empty one.
  readonly #last = new Uint8Array([LF, LF, LF, LF]);

  push(chunk: Buffer): void {
    const length = chunk.length;
    if (length === 0) return;
    const last = this.#last;
    if (length < 4) {
      last.copyWithin(0, length);
      for (let i = 0; i < length; i++) last[4 - length + i] = chunk[i]!;
    } else {
      const byte = chunk[length - 1];
      if (byte !== LF && byte !== CR) {
        // By far the most common end of a chunk that is cut within an event.
        last[3] = byte!;
        this.atBoundary = false;
        return;
      }
      for (let i = 0; i < 4; i++) last[i] = chunk[length - 4 + i]!;
    }
    this.atBoundary = isBoundary(last, 4, 0);
  }
}

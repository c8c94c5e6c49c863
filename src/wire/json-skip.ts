const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** Up to this many bytes a plain loop is faster than a call into native search. */
const NEAR_BYTES = 48;

export function isJsonSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Offset of the first byte at or after `at` that is not JSON white space; `end` when there is none. */
export function skipSpace(bytes: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end && isJsonSpace(bytes[i])) i++;
  return i;
}

/** Offset after the closing quote of the string that opens at `at`; -1 when it does not close before `end`. */
export function skipString(bytes: Buffer, at: number, end: number): number {
  let i = at + 1;
  for (;;) {
    const near = Math.min(end, i + NEAR_BYTES);
    while (i < near) {
      const byte = bytes[i];
      if (byte === QUOTE) return i + 1;
      i += byte === BACKSLASH ? 2 : 1;
    }
    if (i >= end) return -1;
    const quote = bytes.indexOf(QUOTE, i);
    if (quote < 0 || quote >= end) return -1;
    // `i` stands behind a whole escape, so the run of backslashes before the quote decides whether it is escaped.
    let before = quote - 1;
    while (before >= i && bytes[before] === BACKSLASH) before--;
    if (((quote - 1 - before) & 1) === 0) return quote + 1;
    i = quote + 1;
  }
}

/**
 * Offset after the value that begins at `at`; -1 when it does not end before `end`. Brackets are counted, not
 * matched in kind, and scalars are not validated: this finds where a value ends, a parser says whether it is one.
 */
export function skipValue(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at];
  if (at >= end) return -1;
  if (first === QUOTE) return skipString(bytes, at, end);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(bytes, at, end);
  let i = at;
  while (i < end) {
    const byte = bytes[i]!;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isJsonSpace(byte)) break;
    if (byte === QUOTE || byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === 0x3a) return -1;
    i++;
  }
  return i === at ? -1 : i;
}

function skipNested(bytes: Buffer, at: number, end: number): number {
  let depth = 0;
  let quietFrom = at;
  let jump: StructureJump | null = null;
  let i = at;
  while (i < end) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = skipString(bytes, i, end);
      if (i < 0) return -1;
      quietFrom = i;
      continue;
    }
    i++;
    // Both cases of a bracket differ by 0x20 from the brace of the same side.
    const folded = byte | 0x20;
    if (folded === OPEN_BRACE) {
      depth++;
      quietFrom = i;
    } else if (folded === CLOSE_BRACE) {
      if (--depth === 0) return i;
      quietFrom = i;
    } else if (i - quietFrom > NEAR_BYTES) {
      // Long runs without structure are number arrays (embeddings): native search crosses them.
      jump ??= new StructureJump(bytes, end);
      i = jump.next(i);
      quietFrom = i;
    }
  }
  return -1;
}

/** Next structural byte by native search; each kind's next place is remembered, so all calls together stay linear. */
class StructureJump {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #kinds = [QUOTE, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET];
  readonly #places = [-1, -1, -1, -1, -1];

  constructor(bytes: Buffer, end: number) {
    this.#bytes = bytes;
    this.#end = end;
  }

  next(from: number): number {
    let nearest = this.#end;
    for (let kind = 0; kind < this.#kinds.length; kind++) {
      let place = this.#places[kind]!;
      if (place < from) {
        place = this.#bytes.indexOf(this.#kinds[kind]!, from);
        if (place < 0) place = this.#end;
        this.#places[kind] = place;
      }
      if (place < nearest) nearest = place;
    }
    return nearest;
  }
}

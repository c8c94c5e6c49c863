import { skipSpace, skipString, skipValue } from './json-skip.ts';

/** Which members of a JSON object are wanted: whole (`true`), or only some of theirs. In an array: of each element. */
export interface Wanted {
  readonly [key: string]: true | Wanted;
}

/** A value larger than this is not worth parsing for the few facts in it. */
const LARGEST_VALUE_BYTES = 256 * 1024;
const MOST_ELEMENTS = 256;
const LONGEST_KEY = 64;

export interface Picked {
  readonly value: unknown;
  /** False when the bytes end before the value does, or are not JSON. */
  readonly whole: boolean;
  /** Offset after the value; where reading stopped when it is not whole. */
  readonly end: number;
}

/**
 * Reads the wanted members of a large JSON value without parsing the rest: what is not wanted is crossed by native
 * search. From broken or truncated JSON comes what stands before the break. Never throws.
 */
export function pickJson(bytes: Buffer, wanted: Wanted, from = 0, to = bytes.length): Picked {
  const at = skipSpace(bytes, from, to);
  if (bytes[at] === 0x7b) return pickObject(bytes, wanted, at, to);
  if (bytes[at] === 0x5b) return pickArray(bytes, wanted, at, to);
  const end = skipValue(bytes, at, to);
  return end < 0 ? { value: undefined, whole: false, end: at } : { ...parse(bytes, at, end), end };
}

function pickObject(bytes: Buffer, wanted: Wanted, from: number, to: number): Picked {
  const value: Record<string, unknown> = {};
  let at = skipSpace(bytes, from + 1, to);
  if (bytes[at] === 0x7d && at < to) return { value, whole: true, end: at + 1 };
  while (at < to && bytes[at] === 0x22) {
    const keyEnd = skipString(bytes, at, to);
    if (keyEnd < 0) break;
    const key = keyEnd - at - 2 <= LONGEST_KEY ? bytes.toString('latin1', at + 1, keyEnd - 1) : '';
    at = skipSpace(bytes, keyEnd, to);
    if (bytes[at] !== 0x3a) break;
    at = skipSpace(bytes, at + 1, to);
    const want = Object.hasOwn(wanted, key) ? wanted[key]! : null;
    if (want === null) {
      const end = skipValue(bytes, at, to);
      if (end < 0) break;
      at = end;
    } else {
      const picked = want === true ? pickWhole(bytes, at, to) : pickJson(bytes, want, at, to);
      if (picked.value !== undefined) value[key] = picked.value;
      if (!picked.whole) return { value, whole: false, end: picked.end };
      at = picked.end;
    }
    at = skipSpace(bytes, at, to);
    if (at >= to) break;
    if (bytes[at] === 0x7d) return { value, whole: true, end: at + 1 };
    if (bytes[at] !== 0x2c) break;
    at = skipSpace(bytes, at + 1, to);
  }
  return { value, whole: false, end: at };
}

function pickArray(bytes: Buffer, wanted: Wanted, from: number, to: number): Picked {
  const value: unknown[] = [];
  let at = skipSpace(bytes, from + 1, to);
  if (bytes[at] === 0x5d && at < to) return { value, whole: true, end: at + 1 };
  while (at < to) {
    const picked = pickJson(bytes, wanted, at, to);
    // The last elements matter as much as the first: the middle of an endless array is what is left out.
    if (value.length >= MOST_ELEMENTS) value.pop();
    if (picked.value !== undefined) value.push(picked.value);
    if (!picked.whole) return { value, whole: false, end: picked.end };
    at = skipSpace(bytes, picked.end, to);
    if (at >= to) break;
    if (bytes[at] === 0x5d) return { value, whole: true, end: at + 1 };
    if (bytes[at] !== 0x2c) break;
    at = skipSpace(bytes, at + 1, to);
  }
  return { value, whole: false, end: at };
}

function pickWhole(bytes: Buffer, at: number, to: number): Picked {
  const end = skipValue(bytes, at, to);
  if (end < 0) return { value: undefined, whole: false, end: at };
  if (end - at > LARGEST_VALUE_BYTES) return { value: undefined, whole: true, end };
  return { ...parse(bytes, at, end), end };
}

function parse(bytes: Buffer, at: number, end: number): { value: unknown; whole: boolean } {
  if (end - at > LARGEST_VALUE_BYTES) return { value: undefined, whole: true };
  try {
    return { value: JSON.parse(bytes.toString('utf8', at, end)) as unknown, whole: true };
  } catch {
    return { value: undefined, whole: false };
  }
}

/**
 * Members of a JSON object of which only the last bytes are here (from `from` on, which may lie within a string).
 * `depth` says how many objects end with the bytes: 1 for the outer object, 2 for one that ends in it. A key counts
 * only when what follows its value closes exactly those: so one of the same name at another depth, or quoted in a
 * text, is not taken for it.
 */
export function pickJsonTail(
  bytes: Buffer,
  wanted: Wanted,
  from: number,
  depth = 1,
): Record<string, unknown> {
  const tail = bytes.subarray(from);
  const found: Record<string, unknown> = {};
  for (const [key, want] of Object.entries(wanted)) {
    const needle = `"${key}"`;
    let place = tail.lastIndexOf(needle);
    for (let tries = 0; place >= 0 && tries < 8; tries++) {
      const at = skipSpace(tail, place + needle.length, tail.length);
      if (tail[at] === 0x3a) {
        const valueAt = skipSpace(tail, at + 1, tail.length);
        const picked = want === true ? pickWhole(tail, valueAt, tail.length) : pickJson(tail, want, valueAt);
        if (picked.whole && closesOuter(tail, picked.end, depth)) {
          if (picked.value !== undefined) found[key] = picked.value;
          break;
        }
      }
      place = place === 0 ? -1 : tail.lastIndexOf(needle, place - 1);
    }
  }
  return found;
}

/** True when from `from` on come only further members, and the ends of so many objects. */
function closesOuter(bytes: Buffer, from: number, depth: number): boolean {
  let at = from;
  let open = depth;
  for (;;) {
    at = skipSpace(bytes, at, bytes.length);
    if (bytes[at] === 0x7d) {
      at++;
      if (--open === 0) return skipSpace(bytes, at, bytes.length) === bytes.length;
      continue;
    }
    if (bytes[at] !== 0x2c) return false;
    at = skipSpace(bytes, at + 1, bytes.length);
    if (bytes[at] !== 0x22) return false;
    at = skipString(bytes, at, bytes.length);
    if (at < 0) return false;
    at = skipSpace(bytes, at, bytes.length);
    if (bytes[at] !== 0x3a) return false;
    at = skipValue(bytes, skipSpace(bytes, at + 1, bytes.length), bytes.length);
    if (at < 0) return false;
  }
}

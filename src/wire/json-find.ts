import { skipSpace, skipString, skipValue } from './json-skip.ts';

/** Where a value lies: from its first byte to after its last. */
export interface JsonPlace {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the value at a path of keys and indexes in JSON, without parsing what is around it; null when it is not there or
 * the bytes before it are not JSON. Of repeated keys it is the first. What is found is not validated inside.
 */
export function findJson(bytes: Buffer, path: readonly (string | number)[]): JsonPlace | null {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let from = skipSpace(bytes, start, bytes.length);
  for (const part of path) {
    const next = typeof part === 'string' ? member(bytes, from, part) : element(bytes, from, part);
    if (next === null) return null;
    from = next;
  }
  const to = skipValue(bytes, from, bytes.length);
  return to < 0 ? null : { from, to };
}

/** `bytes` with other JSON in one place, every other byte as it was. */
export function replaceJson(bytes: Buffer, { from, to }: JsonPlace, value: unknown): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(JSON.stringify(value)), bytes.subarray(to)]);
}

function member(bytes: Buffer, from: number, key: string): number | null {
  const end = bytes.length;
  if (bytes[from] !== 0x7b) return null;
  let at = skipSpace(bytes, from + 1, end);
  while (bytes[at] === 0x22) {
    const keyEnd = skipString(bytes, at, end);
    if (keyEnd < 0) return null;
    const colon = skipSpace(bytes, keyEnd, end);
    if (bytes[colon] !== 0x3a) return null;
    const valueAt = skipSpace(bytes, colon + 1, end);
    if (readKey(bytes.toString('utf8', at, keyEnd)) === key) return valueAt;
    const next = afterComma(bytes, skipValue(bytes, valueAt, end));
    if (next === null) return null;
    at = next;
  }
  return null;
}

function element(bytes: Buffer, from: number, index: number): number | null {
  if (bytes[from] !== 0x5b) return null;
  let at: number | null = skipSpace(bytes, from + 1, bytes.length);
  if (bytes[at] === 0x5d) return null;
  for (let i = 0; i < index; i++) {
    at = afterComma(bytes, skipValue(bytes, at, bytes.length));
    if (at === null) return null;
  }
  return at;
}

function afterComma(bytes: Buffer, valueEnd: number): number | null {
  if (valueEnd < 0) return null;
  const comma = skipSpace(bytes, valueEnd, bytes.length);
  return bytes[comma] === 0x2c ? skipSpace(bytes, comma + 1, bytes.length) : null;
}

function readKey(text: string): string | null {
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    return null;
  }
}

import { isUtf8 } from 'node:buffer';

/** A request body whose meaning does not depend on who reads it. */
export type ExactJson = Record<string, unknown>;

/**
 * The object that these bytes say, or null when two readers could make different things of them: other encodings, keys
 * that stand twice (in whatever letter case), numbers that a double cannot hold. Bodies that differ must never fall
 * into one partition, and a provider must not see another question than the one that was compared.
 */
export function readExactJson(bytes: Buffer): ExactJson | null {
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString('utf8');
  let isExact = true;
  let value: unknown;
  try {
    value = /\d{16}|[eE][+-]?\d{3}/.test(text)
      ? JSON.parse(text, (_key, inner: unknown, at?: { source?: string }) => {
          if (typeof inner === 'number' && at?.source !== undefined && String(inner) !== at.source)
            isExact = false;
          return inner;
        })
      : JSON.parse(text);
  } catch {
    return null;
  }
  if (!isExact || typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const kept = countKeys(value, 0);
  return kept !== null && kept === countWrittenKeys(text) ? (value as ExactJson) : null;
}

const DEEPEST = 64;

/** Keys of all objects within; null when two of one object differ in letter case only, or it is nested too deeply. */
function countKeys(value: object, depth: number): number | null {
  if (depth > DEEPEST) return null;
  let count = 0;
  const entries = Object.entries(value);
  if (!Array.isArray(value)) {
    count = entries.length;
    if (new Set(entries.map(([key]) => key.toLowerCase())).size !== count) return null;
  }
  for (const [, inner] of entries) {
    if (typeof inner !== 'object' || inner === null) continue;
    const below = countKeys(inner, depth + 1);
    if (below === null) return null;
    count += below;
  }
  return count;
}

/** Strings that a colon follows. The text is known to be JSON. */
function countWrittenKeys(text: string): number {
  let count = 0;
  let at = text.indexOf('"');
  while (at !== -1) {
    let end = at + 1;
    for (let code = text.charCodeAt(end); code !== 0x22; code = text.charCodeAt(++end)) {
      if (code === 0x5c) end++;
    }
    let next = end + 1;
    while (text.charCodeAt(next) <= 0x20) next++;
    if (text.charCodeAt(next) === 0x3a) count++;
    at = text.indexOf('"', end + 1);
  }
  return count;
}

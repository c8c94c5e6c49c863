import { skipSpace, skipString, skipValue } from './json-skip.ts';

/** The same shape as RequestFacts of core, which this room does not import. */
interface ScannedRequest {
  readonly model: string | null;
  readonly stream: boolean | null;
  readonly ambiguousKey: string | null;
}

const NOTHING: ScannedRequest = { model: null, stream: null, ambiguousKey: null };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `stream` with every letter as a \u escape: no spelling of a policy key is longer. */
const LONGEST_SPELLING = 36;

/**
 * One pass over the raw bytes of a request body: the facts that policies need, from the same bytes that are forwarded.
 *
 * Only the top level is judged; nested values and scalars are skipped, not validated. A body whose top level is not
 * one well-formed object (truncated, not an object, something after it) yields nothing at all: two readers could
 * see different things in it, and the provider is the one to refuse it. A byte order mark is passed over.
 */
export function scanRequest(body: Buffer): ScannedRequest {
  const end = body.length;
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  at = skipSpace(body, at, end);
  if (body[at] !== 0x7b) return NOTHING;
  at = skipSpace(body, at + 1, end);

  let model: string | null = null;
  let stream: boolean | null = null;
  let hasModel = false;
  let hasStream = false;
  let ambiguousKey: string | null = null;

  if (body[at] === 0x7d) return NOTHING;
  for (;;) {
    if (body[at] !== QUOTE) return NOTHING;
    const keyEnd = skipString(body, at, end);
    if (keyEnd < 0) return NOTHING;
    const key = policyKey(body, at + 1, keyEnd - 1);

    at = skipSpace(body, keyEnd, end);
    if (body[at] !== 0x3a) return NOTHING;
    const valueAt = skipSpace(body, at + 1, end);
    const valueEnd = skipValue(body, valueAt, end);
    if (valueEnd < 0) return NOTHING;

    if (key === 'model') {
      if (hasModel) ambiguousKey ??= key;
      hasModel = true;
      model = null;
      if (body[valueAt] === QUOTE) {
        model = readString(body, valueAt, valueEnd);
        if (model === null) return NOTHING;
      }
    } else if (key === 'stream') {
      if (hasStream) ambiguousKey ??= key;
      hasStream = true;
      stream = readBoolean(body, valueAt, valueEnd);
    } else if (key !== null) {
      ambiguousKey ??= key;
    }

    at = skipSpace(body, valueEnd, end);
    if (body[at] === 0x7d) break;
    if (body[at] !== 0x2c) return NOTHING;
    at = skipSpace(body, at + 1, end);
  }
  return skipSpace(body, at + 1, end) === end ? { model, stream, ambiguousKey } : NOTHING;
}

/** The key as decoded when some reader could take it for a policy key; null for every other key. */
function policyKey(body: Buffer, from: number, to: number): string | null {
  const length = to - from;
  if (length < 5 || length > LONGEST_SPELLING) return null;
  let plain = true;
  for (let i = from; i < to; i++) {
    const byte = body[i]!;
    if (byte === BACKSLASH || byte >= 0x80) {
      plain = false;
      break;
    }
  }
  if (plain) {
    if (length > 6) return null;
    const first = body[from]! | 0x20;
    if (first !== 0x6d && first !== 0x73) return null;
  }
  const key = plain ? body.toString('latin1', from, to) : readString(body, from - 1, to + 1);
  if (key === null) return null;
  if (key === 'model' || key === 'stream') return key;
  // Upper case, because Go's decoder also takes U+017F for an s, and only upper-casing folds the two.
  const upper = key.toUpperCase();
  return upper === 'MODEL' || upper === 'STREAM' ? key : null;
}

function readString(body: Buffer, from: number, to: number): string | null {
  const text = body.toString('utf8', from + 1, to - 1);
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return null;
  }
}

function readBoolean(body: Buffer, from: number, to: number): boolean | null {
  if (to - from > 5) return null;
  const text = body.toString('latin1', from, to);
  return text === 'true' ? true : text === 'false' ? false : null;
}

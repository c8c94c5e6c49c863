import { ApiError, CODES } from './envelope.ts';

const MAX_BYTES = 10 * 1024 * 1024;
const MAX_DEPTH = 64;
/** Keys that reach an object's prototype when some later code copies carelessly. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(status: number, message: string): ApiError {
  // The rest of a body that is too large is not read, so nothing more can come over this connection.
  const headers: Record<string, string> = status === 413 ? { connection: 'close' } : {};
  return new ApiError(
    status,
    [{ code: CODES.invalid, message: `body: ${message}`, path: ['body'] }],
    headers,
  );
}

/** The JSON body of a request, bounded in size and depth. */
export async function readJson(request: Request, maxBytes = MAX_BYTES): Promise<unknown> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') throw refuse(415, 'must not be compressed');
  const bytes = await readBytes(request, maxBytes);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse(400, 'is not UTF-8');
  }
  if (text.trim() === '') throw refuse(400, 'is empty; JSON is expected');
  if (isTooDeep(text)) throw refuse(400, `is nested more than ${MAX_DEPTH} levels deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(400, `is not JSON${placeOf(error, text)}`);
  }
  const forbidden = findForbiddenKey(value);
  if (forbidden !== null) throw refuse(400, `has a field named ${forbidden}, which is refused`);
  return value;
}

async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = refuse(413, `is over ${maxBytes} bytes`);
  if (Number(request.headers.get('content-length')) > maxBytes) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

function findForbiddenKey(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return key;
    const inner = findForbiddenKey((value as Record<string, unknown>)[key]);
    if (inner !== null) return inner;
  }
  return null;
}

/** Only the place: the engine's own message repeats pieces of the body, which may be a key. */
function placeOf(error: unknown, text: string): string {
  const match = /at position (\d+)/.exec(error instanceof Error ? error.message : '');
  if (match === null) return '';
  const before = text.slice(0, Number(match[1])).split('\n');
  return ` at line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

import { createHash, hash } from 'node:crypto';
import { memo } from '../core/memo.ts';
import type { HeldBody } from '../core/request-body.ts';

/** Version of the key's composition: part of every key, raised when the parts change (docs/caching.md). */
const KEY_VERSION = 'tidegate-cache-1';

/** Parts and body are put together here for a hash in one call, which is cheaper than three and leaves no garbage. */
const scratch = Buffer.allocUnsafe(64 * 1024);

export interface CacheKeyParts {
  readonly account: string;
  readonly gateway: string;
  /** Raised by a purge: no older entry is found again. */
  readonly epoch: number;
  /** Who pays: the client's own provider credential, or the id and version of the stored key. */
  readonly credential: readonly string[];
  readonly provider: string;
  /** Base URL or origin of the upstream: who answers, whatever is asked. */
  readonly base: string;
  /** Origin and path with query: where the answer would come from. */
  readonly upstream: string;
  readonly method: string;
  /** True for a request that asks for a stream: the form of the answer is the request's. */
  readonly stream: boolean;
  /** Request fields that shape the answer, as on the wire. */
  readonly behaviourHeaders: readonly string[];
  /** cf-aig-cache-key: stands in for path, headers (but content encodings) and body; null uses those. */
  readonly customKey: string | null;
  readonly body: HeldBody;
}

const written = (part: string): string => `${Buffer.byteLength(part)}:${part},`;
/** For what nearly every request brings again and is no secret. */
const known = memo(written);
const KEY_BEGINNING = written(KEY_VERSION);

/** SHA-256 over every part, each with its length in front, so that no two lists of parts run together. */
export function cacheKey(parts: CacheKeyParts): string {
  let text = KEY_BEGINNING;
  text += known(parts.account) + known(parts.gateway) + known(String(parts.epoch));
  text += known(String(parts.credential.length));
  for (const part of parts.credential) text += written(part);
  text += known(parts.provider) + known(parts.stream ? 'stream' : 'whole');
  if (parts.customKey !== null) {
    text += written('custom') + written(parts.customKey) + known(parts.base);
    // A client must not get an encoding that it does not know, whatever the key says.
    for (const field of parts.behaviourHeaders)
      if (field.startsWith('accept-encoding:')) text += known(field);
    return hash('sha256', text, 'hex');
  }
  text += known('computed') + known(parts.method) + known(parts.upstream);
  for (const field of parts.behaviourHeaders) text += known(field);
  const { chunks, size } = parts.body;
  // UTF-8 takes at most three bytes per UTF-16 unit.
  if (3 * text.length + size > scratch.length) {
    const sum = createHash('sha256').update(text);
    for (const chunk of chunks) sum.update(chunk);
    return sum.digest('hex');
  }
  let end = scratch.write(text, 0);
  for (const chunk of chunks) {
    scratch.set(chunk, end);
    end += chunk.length;
  }
  return hash('sha256', scratch.subarray(0, end), 'hex');
}

const SHAPING = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'content-encoding',
  'x-goog-user-project',
]);
const SHAPING_PREFIXES = ['anthropic-', 'openai-', 'cartesia-', 'x-amzn-bedrock-'];

/** The name in lower case when its field shapes answers, else null. */
const shapingName = memo((name): string | null => {
  const lower = name.toLowerCase();
  return SHAPING.has(lower) || SHAPING_PREFIXES.some((prefix) => lower.startsWith(prefix)) ? lower : null;
});

/** Fields of a request that shape its answer: content negotiation, and the providers' own version and beta switches. */
export function behaviourHeaders(list: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < list.length; i += 2) {
    const name = shapingName(list[i]!);
    if (name === null) continue;
    const field = `${name}: ${list[i + 1]}`;
    // There are few: put in their places one by one they need no sorting.
    let at = kept.length;
    while (at > 0 && kept[at - 1]! > field) at--;
    kept.splice(at, 0, field);
  }
  return kept;
}

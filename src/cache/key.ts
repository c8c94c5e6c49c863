import { createHash, hash } from 'node:crypto';
import { memo } from '../core/memo.ts';
import type { HeldBody } from '../core/request-body.ts';

/** Version of the key's composition: part of every key, raised when the parts change (docs/caching.md). */
const KEY_VERSION = 'tidegate-cache-1';

const ONE_CALL_BYTES = 64 * 1024;

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

/** SHA-256 over every part, each with its length in front, so that no two lists of parts run together. */
export function cacheKey(parts: CacheKeyParts): string {
  const head = [
    KEY_VERSION,
    parts.account,
    parts.gateway,
    String(parts.epoch),
    String(parts.credential.length),
    ...parts.credential,
    parts.provider,
    parts.stream ? 'stream' : 'whole',
    ...(parts.customKey === null
      ? ['computed', parts.method, parts.upstream, ...parts.behaviourHeaders]
      : // A client must not get an encoding that it does not know, whatever the key says.
        ['custom', parts.customKey, parts.base, ...parts.behaviourHeaders.filter(isEncoding)]),
  ];
  let text = '';
  for (const part of head) text += `${Buffer.byteLength(part)}:${part},`;
  if (parts.customKey !== null) return hash('sha256', text, 'hex');
  // One call is cheaper than three, as long as putting the parts together is.
  if (parts.body.size <= ONE_CALL_BYTES) {
    return hash('sha256', Buffer.concat([Buffer.from(text), ...parts.body.chunks]), 'hex');
  }
  const sum = createHash('sha256').update(text);
  for (const chunk of parts.body.chunks) sum.update(chunk);
  return sum.digest('hex');
}

const isEncoding = (header: string): boolean => header.startsWith('accept-encoding:');

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
    if (name !== null) kept.push(`${name}: ${list[i + 1]}`);
  }
  return kept.sort();
}

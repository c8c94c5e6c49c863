import { createHash } from 'node:crypto';

/** Version of the key's composition: part of every key, raised when the parts change (docs/cache.md). */
const KEY_VERSION = 'tidegate-cache-1';

export interface CacheKeyParts {
  readonly account: string;
  readonly gateway: string;
  /** Raised by a purge: no older entry is found again. */
  readonly epoch: number;
  /** Who pays: the client's own provider credential, or the id and version of the stored key. */
  readonly credential: readonly string[];
  readonly provider: string;
  /** Origin and path with query: where the answer would come from. */
  readonly upstream: string;
  readonly method: string;
  /** True for a request that asks for a stream: the form of the answer is the request's. */
  readonly stream: boolean;
  /** Request fields that shape the answer, as on the wire. */
  readonly behaviourHeaders: readonly string[];
  /** cf-aig-cache-key: stands in for path, headers and body; null uses those. */
  readonly customKey: string | null;
  readonly body: Buffer;
}

/** SHA-256 over every part, each with its length in front, so that no two lists of parts run together. */
export function cacheKey(parts: CacheKeyParts): string {
  const hash = createHash('sha256');
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
      : ['custom', parts.customKey]),
  ];
  let text = '';
  for (const part of head) text += `${Buffer.byteLength(part)}:${part},`;
  hash.update(text);
  if (parts.customKey === null) hash.update(parts.body);
  return hash.digest('hex');
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

/** Fields of a request that shape its answer: content negotiation, and the providers' own version and beta switches. */
export function behaviourHeaders(list: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < list.length; i += 2) {
    const lower = list[i]!.toLowerCase();
    if (SHAPING.has(lower) || SHAPING_PREFIXES.some((prefix) => lower.startsWith(prefix)))
      kept.push(`${lower}: ${list[i + 1]}`);
  }
  return kept.sort();
}

import { GatewayError } from '../core/errors.ts';
import type { Address } from '../core/provider.ts';

const VERSION = /^v\d+(?:\.\d+)?(?:(?:p\d+)?(?:alpha|beta)\d*)?$/;

export function isVersion(segment: string): boolean {
  return VERSION.test(segment);
}

interface Base {
  readonly origin: string;
  /** '' or `/a/b`. */
  readonly path: string;
  /** The ends of the path that a client may repeat, longest first, when its last segment is a version: `a/v1`, `v1`. */
  readonly repeatable: readonly string[];
}

const parsed = new Map<string, Base>();
const PARSED_LIMIT = 1000;

/** Reads a base URL that an operator or this source gave. Those may be normalised: they are not a client's bytes. */
export function readBase(url: string): Base {
  const known = parsed.get(url);
  if (known) return known;
  const base = URL.canParse(url) ? new URL(url) : null;
  if (
    !base ||
    (base.protocol !== 'https:' && base.protocol !== 'http:') ||
    base.search !== '' ||
    base.hash !== ''
  ) {
    throw new GatewayError(
      'invalid-provider',
      'The base URL set for this provider is not one: https://host[:port][/path] is expected',
    );
  }
  const path = base.pathname.replace(/\/+$/, '');
  const segments = path.split('/').slice(1);
  const repeatable = isVersion(segments.at(-1) ?? '')
    ? segments.map((_, i) => segments.slice(i).join('/'))
    : [];
  const entry = { origin: base.origin, path, repeatable };
  if (parsed.size >= PARSED_LIMIT) parsed.clear();
  parsed.set(url, entry);
  return entry;
}

/**
 * The path without the segments that the base path ends with already, when that end is a version: clients write
 * `chat/completions`, `v1/chat/completions` and `openai/v1/chat/completions` and mean the same.
 */
export function withoutRepeatedVersion(base: Base, path: string): string {
  for (const end of base.repeatable) {
    if (!path.startsWith(end)) continue;
    if (path.length === end.length) return '';
    if (path[end.length] === '/') return path.slice(end.length + 1);
  }
  return path;
}

/** Base, slash, path, query. */
export function joinAddress(baseUrl: string, path: string, query: string): Address {
  const base = readBase(baseUrl);
  return {
    origin: base.origin,
    path: `${base.path}${path === '' && base.path !== '' ? '' : '/'}${path}${query}`,
  };
}

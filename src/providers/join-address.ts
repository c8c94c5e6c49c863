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
  const entry = { origin: base.origin, path: base.pathname.replace(/\/+$/, '') };
  if (parsed.size >= PARSED_LIMIT) parsed.clear();
  parsed.set(url, entry);
  return entry;
}

/**
 * The path without the segments that the base path ends with already, when that end is a version: clients write
 * `chat/completions`, `v1/chat/completions` and `openai/v1/chat/completions` and mean the same.
 */
export function withoutRepeatedVersion(basePath: string, path: string): string {
  const base = basePath.split('/').slice(1);
  if (!isVersion(base.at(-1) ?? '')) return path;
  const segments = path.split('/');
  for (let count = Math.min(base.length, segments.length); count > 0; count--) {
    if (base.slice(-count).every((segment, index) => segment === segments[index])) {
      return segments.slice(count).join('/');
    }
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

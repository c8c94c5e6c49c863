import { GatewayError } from '../core/errors.ts';

/** What follows the provider segment of a client's URL, cut into path and query. Bytes stay as the client wrote them. */
export interface Endpoint {
  /** No leading slash. */
  readonly path: string;
  /** With its question mark; '' when there is none. */
  readonly query: string;
}

/** Cuts without judging: for the readers of an endpoint (dialect, model, kind) that must not throw. */
export function splitEndpoint(endpoint: string): Endpoint {
  const mark = endpoint.indexOf('?');
  const path = mark < 0 ? endpoint : endpoint.slice(0, mark);
  let start = 0;
  // Base URLs with a trailing slash give `openai//chat/completions`; `//host` must not stand at the head of a request line.
  while (path.charCodeAt(start) === 0x2f) start++;
  return { path: start === 0 ? path : path.slice(start), query: mark < 0 ? '' : endpoint.slice(mark) };
}

const UNSENDABLE = /[^\x21-\x22\x24-\x7e\x80-\xff]/;
// An upstream may decode before it resolves dots, so the encoded spellings of dot, slash and backslash count as well.
const DOT_SEGMENT = /(?:^|\/|\\|%2f|%5c)(?:\.|%2e){1,2}(?:$|\/|\\|%2f|%5c|;)/i;

/**
 * Cuts, and refuses what could leave the provider's base path or the request line. `new URL` is never used on an
 * endpoint: it would rewrite `%2e`, drop dot segments, and take `//host` or a backslash for another origin.
 */
export function readEndpoint(endpoint: string): Endpoint {
  const cut = splitEndpoint(endpoint);
  if (UNSENDABLE.test(endpoint)) {
    throw new GatewayError(
      'invalid-path',
      'The path holds a space, a control character, `#` or an unencoded character',
    );
  }
  if (cut.path.includes('\\')) throw new GatewayError('invalid-path', 'The path holds a backslash');
  if (DOT_SEGMENT.test(cut.path))
    throw new GatewayError('invalid-path', 'The path holds a `.` or `..` segment');
  return cut;
}

/** Percent-decoded, or as it stands when that is not possible. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A region, resource or service name that becomes a label of a host name: nothing else may choose the host. */
export function hostLabel(value: string | undefined, what: string): string {
  if (value === undefined || !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(value)) {
    throw new GatewayError(
      'invalid-provider',
      `The path names no ${what}: letters, digits and hyphens are expected in its place`,
    );
  }
  return value.toLowerCase();
}

import type { HeaderList } from '../core/headers.ts';
import type { InsideReply } from '../core/inside-call.ts';

/** Credentials of this API or of a provider: the provider gets the stored key, and nothing else. */
const CREDENTIALS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'xi-api-key',
  'x-auth-email',
  'x-auth-key',
  'x-auth-user-service-key',
  'cf-aig-authorization',
  'cf-aig-no-wholesale',
]);

/** What a browser says of itself and of its page. */
const OF_THE_BROWSER = new Set([
  'origin',
  'referer',
  'accept-language',
  'priority',
  'dnt',
  'upgrade-insecure-requests',
  'x-requested-with',
]);

/**
 * The caller's headers as far as they are for the provider or for the gateway. A missing stored key is an error here,
 * except at a custom provider, which may need none.
 */
export function insideHeaders(headers: Headers, provider: string): HeaderList {
  const kept: HeaderList = [];
  for (const [name, value] of headers) {
    if (CREDENTIALS.has(name) || OF_THE_BROWSER.has(name)) continue;
    if (name.startsWith('x-tidegate-') || name.startsWith('sec-') || name.startsWith('x-stainless-'))
      continue;
    kept.push(name, value);
  }
  return provider.startsWith('custom-') ? kept : [...kept, ...STORED_KEY_ONLY];
}

export const STORED_KEY_ONLY: HeaderList = ['cf-aig-no-wholesale', 'true'];

/** What a provider could do to a page of ours with: it answers under our origin here. */
const REFUSED_IN_REPLY = new Set([
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-resource-policy',
  'cache-control',
  'link',
  'location',
  'refresh',
  'service-worker-allowed',
  'sourcemap',
  'www-authenticate',
  'x-content-type-options',
  'x-sourcemap',
]);

const NULL_BODY = new Set([204, 205, 304]);

/** The provider's answer as it is, without envelope, safe under the origin of the management API. */
export async function insideResponse(reply: InsideReply): Promise<Response> {
  const headers = new Headers();
  for (let i = 0; i < reply.headers.length; i += 2) {
    const name = reply.headers[i]!.toLowerCase();
    if (!REFUSED_IN_REPLY.has(name)) headers.append(name, reply.headers[i + 1]!);
  }
  headers.set('cache-control', 'no-store');
  headers.set('content-security-policy', "sandbox; default-src 'none'");
  headers.set('cross-origin-resource-policy', 'same-origin');
  headers.set('x-content-type-options', 'nosniff');
  // A status that no Response can have cannot be understood by its reader either.
  const status = reply.status >= 200 && reply.status <= 599 ? reply.status : 502;
  if (!NULL_BODY.has(status)) return new Response(reply.body, { status, headers });
  for await (const _ of reply.body);
  return new Response(null, { status, headers });
}

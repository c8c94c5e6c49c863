/** Where a request goes, by its path alone. */
export type Route =
  | { readonly surface: 'gateway'; readonly account: string; readonly gateway: string; readonly rest: string }
  | { readonly surface: 'health' }
  | { readonly surface: 'management' }
  | { readonly surface: 'page' }
  | { readonly surface: 'none' };

/**
 * `/v1/{account}/{gateway}/{provider}/{rest}` and `/v1/{account}/{gateway}`, `/client/v4/…`, `/healthz`; all else may be
 * a page. `rest` keeps every byte after the gateway, query included: the provider's path is none of our business.
 */
export function routeOf(url: string): Route {
  if (url.startsWith('/v1/')) {
    const accountEnd = url.indexOf('/', 4);
    if (accountEnd === -1) return { surface: 'none' };
    let gatewayEnd = accountEnd + 1;
    while (gatewayEnd < url.length && url[gatewayEnd] !== '/' && url[gatewayEnd] !== '?') gatewayEnd++;
    const account = decode(url.slice(4, accountEnd));
    const gateway = decode(url.slice(accountEnd + 1, gatewayEnd));
    if (account === null || gateway === null) return { surface: 'none' };
    let rest = url.slice(gatewayEnd);
    if (rest.startsWith('/')) rest = rest.slice(1);
    // `/v1/{account}` and `/v1/{account}/` name no gateway: `default` is assumed (spec 1.2).
    return { surface: 'gateway', account, gateway: gateway === '' ? 'default' : gateway, rest };
  }
  const path = url.split('?', 1)[0]!;
  if (path === '/healthz') return { surface: 'health' };
  if (path === '/client/v4' || path.startsWith('/client/v4/')) return { surface: 'management' };
  return { surface: /^\/(v1|client)(\/|$)/.test(path) ? 'none' : 'page' };
}

function decode(segment: string): string | null {
  try {
    const text = segment.includes('%') ? decodeURIComponent(segment) : segment;
    return text.length <= 64 && !text.includes('/') ? text : null;
  } catch {
    return null;
  }
}

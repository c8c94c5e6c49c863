import { GatewayError } from '../../core/errors.ts';
import type { Exchange } from '../../core/exchange.ts';
import type { Stage } from '../../core/stage.ts';
import type { Token } from '../../core/stores/config.ts';

export interface AuthenticateServices {
  /** The valid, unexpired token of that account whose value this is; null otherwise. Looked up by the hash of the whole value. */
  findToken(account: string, value: string): Token | null;
}

/** Headers of any provider in which a client may put its gateway token instead of a key (spec 14.4, 22). */
export const CREDENTIAL_HEADERS = [
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'xi-api-key',
] as const;

/**
 * Finds the gateway token: `cf-aig-authorization` first, then the provider credential headers (spec 14.4). A gateway
 * with authentication refuses everybody else; an open one lets them in without a token, and so without stored keys.
 */
export function authenticate({ findToken }: AuthenticateServices): Stage<Exchange> {
  return (exchange, next) => {
    if (exchange.origin !== null) {
      // Whoever makes the call has checked the token; what the headers hold is none.
      exchange.decide(
        'auth',
        exchange.token ? 'token' : 'anonymous',
        exchange.token?.id ?? null,
        exchange.origin,
      );
      return next(exchange);
    }
    const shown = exchange.header('cf-aig-authorization');
    const candidates = shown !== null ? [shown] : CREDENTIAL_HEADERS.map((name) => exchange.header(name));
    for (const candidate of candidates) {
      if (candidate === null) continue;
      const token = findToken(exchange.account, bareToken(candidate));
      if (token && mayRun(token)) {
        exchange.token = token;
        break;
      }
    }
    if (exchange.token) {
      exchange.decide('auth', 'token', exchange.token.id);
    } else if (exchange.gateway.authentication) {
      exchange.decide('auth', 'refused', 'authentication', shown !== null ? 'token not valid' : 'no token');
      throw new GatewayError(
        'unauthorized',
        shown !== null
          ? 'Unauthorized: the token in cf-aig-authorization is not valid for this gateway'
          : 'Unauthorized: this gateway requires a token, in cf-aig-authorization or in place of the provider key',
      );
    } else {
      exchange.decide('auth', 'anonymous', 'authentication');
    }
    return next(exchange);
  };
}

/** `Bearer x`, `Token x`, `Key x` and plain `x` are all seen for the same thing. */
export function bareToken(value: string): string {
  const space = value.indexOf(' ');
  return space === -1 ? value : value.slice(space + 1).trim();
}

function mayRun(token: Token): boolean {
  return token.permissions.includes('run') || token.permissions.includes('admin');
}

import { allows } from '../config/roles.ts';
import { hashToken } from '../config/tokens.ts';
import type { Session } from '../core/stores/access.ts';
import type { Permission, Token } from '../core/stores/config.ts';
import {
  clearCookie,
  findSession,
  readCookie,
  requireCsrfToken,
  requireSameOrigin,
} from './browser-session.ts';
import { ApiError, CODES } from './envelope.ts';
import type { FailedLogins } from './failed-logins.ts';
import type { ApiServices } from './services.ts';

export function holds(token: Token, needed: Permission): boolean {
  return allows(token.permissions, needed);
}

function unauthorized(message: string, headers: Readonly<Record<string, string>> = {}): ApiError {
  return new ApiError(401, [{ code: CODES.authentication, message }], {
    'www-authenticate': 'Bearer',
    ...headers,
  });
}

/** Who is calling, before it is known whether they may. */
export interface Visitor {
  readonly request: Request;
  readonly address: string;
  readonly isSecure: boolean;
}

/** Somebody who has shown a valid token, now or when the session began. */
export interface Caller extends Visitor {
  readonly token: Token;
  /** Id and row of the session that the request came with; null when it came with the token itself. */
  readonly session: { readonly id: string; readonly row: Session } | null;
}

/** Finds the caller by `Authorization: Bearer …` or, without it, by the cookie of a session. */
export function authenticate(visitor: Visitor, services: ApiServices, failedLogins: FailedLogins): Caller {
  const { request, address, isSecure } = visitor;
  const header = request.headers.get('authorization');
  const value = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  const id = header === null ? readCookie(request, isSecure) : null;
  if (id !== null) {
    const found = findSession(id, services);
    if (found === null) {
      throw unauthorized('Authentication error: the session is over; sign in again', {
        'set-cookie': clearCookie(isSecure),
      });
    }
    requireSameOrigin(request);
    requireCsrfToken(request, id);
    services.tokenUses.note(found.token, services.clock.now(), address);
    return { ...visitor, token: found.token, session: { id, row: found.session } };
  }
  if (value === undefined) {
    throw unauthorized('Authentication error: send a token as `Authorization: Bearer …`');
  }
  return { ...visitor, token: findToken(value, address, services, failedLogins), session: null };
}

/** The token of that value. Found by the hash of all of it, so there is nothing to compare in time. */
export function findToken(
  value: string,
  address: string,
  services: ApiServices,
  failedLogins: FailedLogins,
): Token {
  const now = services.clock.now();
  const hash = hashToken(value);
  const pauseMs = failedLogins.pauseMs(address, hash, now);
  if (pauseMs > 0) {
    throw new ApiError(
      429,
      [{ code: CODES.authentication, message: 'Too many failed authentications from this address' }],
      { 'retry-after': String(Math.ceil(pauseMs / 1000)) },
    );
  }
  const token = services.config.snapshot().tokens.get(hash);
  if (token === undefined || (token.expiresAt !== null && token.expiresAt <= now)) {
    failedLogins.failed(address, now);
    throw unauthorized('Authentication error: the token is unknown, revoked or expired');
  }
  failedLogins.succeeded(address, hash, now);
  services.tokenUses.note(token, now, address);
  return token;
}

export function authorise(token: Token, account: string, needed: Permission | 'any'): void {
  if (token.account !== account) {
    throw new ApiError(404, [{ code: CODES.noRoute, message: 'account not found' }]);
  }
  if (needed !== 'any' && !holds(token, needed)) {
    throw new ApiError(403, [
      { code: CODES.authentication, message: `This needs a token with the permission \`${needed}\`` },
    ]);
  }
}

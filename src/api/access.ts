import { hashToken } from '../config/tokens.ts';
import type { Permission, Token } from '../core/stores/config.ts';
import { ApiError, CODES } from './envelope.ts';
import type { FailedLogins } from './failed-logins.ts';
import type { ApiServices } from './services.ts';

/** What each permission allows besides itself. `run` stands alone: a key in an application opens no configuration. */
const INCLUDES: Readonly<Record<Permission, readonly Permission[]>> = {
  run: ['run'],
  'metadata-read': ['metadata-read'],
  read: ['read', 'metadata-read'],
  edit: ['edit', 'read', 'metadata-read'],
  admin: ['admin', 'edit', 'read', 'metadata-read', 'run'],
};

export function holds(token: Token, needed: Permission): boolean {
  return token.permissions.some((permission) => INCLUDES[permission].includes(needed));
}

function unauthorized(message: string): ApiError {
  return new ApiError(401, [{ code: CODES.authentication, message }], { 'www-authenticate': 'Bearer' });
}

/** The token behind `Authorization: Bearer …`. Found by the hash of all of it, so there is nothing to compare in time. */
export function authenticate(
  request: Request,
  address: string,
  services: ApiServices,
  failedLogins: FailedLogins,
): Token {
  const header = request.headers.get('authorization');
  const value = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
  if (value === undefined) {
    throw unauthorized('Authentication error: send a token as `Authorization: Bearer …`');
  }
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
  return token;
}

export function authorise(token: Token, account: string, needed: Permission): void {
  if (token.account !== account) {
    throw new ApiError(404, [{ code: CODES.noRoute, message: 'account not found' }]);
  }
  if (!holds(token, needed)) {
    throw new ApiError(403, [
      { code: CODES.authentication, message: `This needs a token with the permission \`${needed}\`` },
    ]);
  }
}

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { hashToken } from '../config/tokens.ts';
import type { Session } from '../core/stores/access.ts';
import type { Token } from '../core/stores/config.ts';
import { ApiError, CODES } from './envelope.ts';
import type { ApiServices } from './services.ts';

const HOUR_MS = 3_600_000;
export const IDLE_MS = 12 * HOUR_MS;
export const LONGEST_MS = 7 * 24 * HOUR_MS;
/** How exactly it is known when a session was last used: each note is a write. */
const TOUCH_MS = 60_000;
const MOST_PER_TOKEN = 50;

export const CSRF_HEADER = 'x-tidegate-csrf';
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** With `__Host-` a browser takes the cookie over https only, and from this host alone. It refuses that over http. */
const cookieName = (isSecure: boolean): string => (isSecure ? '__Host-tidegate' : 'tidegate_session');

/** The session of a request's cookie, without a look at who may use it. */
export function readCookie(request: Request, isSecure: boolean): string | null {
  const wanted = `${cookieName(isSecure)}=`;
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const pair = part.trim();
    if (pair.startsWith(wanted)) return pair.slice(wanted.length);
  }
  return null;
}

export function setCookie(id: string, isSecure: boolean): string {
  return cookie(id, LONGEST_MS / 1000, isSecure);
}

export function clearCookie(isSecure: boolean): string {
  return cookie('', 0, isSecure);
}

function cookie(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${cookieName(isSecure)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

/** Begins a session with a token that was checked, under an id that nobody has seen before. Returns the id. */
export function beginSession(token: Token, services: ApiServices): string {
  const now = services.clock.now();
  const id = randomBytes(32).toString('base64url');
  services.access.putSession({
    hash: hashToken(id),
    account: token.account,
    tokenId: token.id,
    tokenHash: token.hash,
    createdAt: now,
    usedAt: now,
  });
  services.access.deleteOldSessions(now - LONGEST_MS, now - IDLE_MS, MOST_PER_TOKEN);
  return id;
}

/**
 * The session of that id and its token, as the token is now: revoked, expired or replaced, it ends its sessions. Null for
 * a session that is over.
 */
export function findSession(id: string, services: ApiServices): { session: Session; token: Token } | null {
  const now = services.clock.now();
  const session = services.access.findSession(hashToken(id));
  if (session === null) return null;
  const token = services.config.snapshot().tokens.get(session.tokenHash);
  const isOver =
    token === undefined ||
    (token.expiresAt !== null && token.expiresAt <= now) ||
    now - session.usedAt > IDLE_MS ||
    now - session.createdAt > LONGEST_MS;
  if (isOver) {
    services.access.deleteSession(session.hash);
    return null;
  }
  if (now - session.usedAt >= TOUCH_MS) {
    try {
      services.access.touchSession(session.hash, now);
    } catch (error) {
      // A full disk must not lock anybody out: the session then ends by its last noted use.
      services.logger.warn({ error }, 'the use of a session could not be noted');
    }
  }
  return { session, token };
}

/** When the session ends if nobody uses it any more. */
export function sessionEnd(session: Session, token: Token, nowMs: number): number {
  return Math.min(
    nowMs + IDLE_MS,
    session.createdAt + LONGEST_MS,
    token.expiresAt ?? Number.POSITIVE_INFINITY,
  );
}

/** What a page of ours sends back with each change. Another site cannot know it: it cannot read our answers. */
export function csrfToken(sessionId: string): string {
  return hashToken(`tidegate csrf ${sessionId}`).slice(0, 43);
}

/** Refuses what a browser sends on behalf of another site, another port of this host included. */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get('sec-fetch-site');
  const isOurs =
    site === null || site === 'same-origin' || (site === 'none' && SAFE_METHODS.has(request.method));
  const origin = request.headers.get('origin');
  // The scheme is left out: behind a proxy that is not trusted, ours is not known.
  if (isOurs && (origin === null || hostOf(origin) === request.headers.get('host')?.toLowerCase())) return;
  throw forbidden('This request comes from another site');
}

/** Refuses a change that the session's own page has not asked for. */
export function requireCsrfToken(request: Request, sessionId: string): void {
  if (SAFE_METHODS.has(request.method)) return;
  const shown = Buffer.from(request.headers.get(CSRF_HEADER) ?? '');
  const wanted = Buffer.from(csrfToken(sessionId));
  if (shown.length === wanted.length && timingSafeEqual(shown, wanted)) return;
  throw forbidden(
    `A change made with a session needs the header ${CSRF_HEADER}; GET /client/v4/session has it`,
  );
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function forbidden(message: string): ApiError {
  return new ApiError(403, [{ code: CODES.authentication, message }]);
}

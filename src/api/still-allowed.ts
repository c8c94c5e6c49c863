import { hashToken } from '../config/tokens.ts';
import type { Permission } from '../core/stores/config.ts';
import { type Caller, holds } from './access.ts';
import { IDLE_MS, LONGEST_MS } from './browser-session.ts';
import type { ApiServices } from './services.ts';

/**
 * For an answer that goes on for long: whether its caller would be let in now. Looking is no use of the session, so
 * that one does not live on for ever in a forgotten window.
 */
export function isStillAllowed(
  { token, session }: Caller,
  services: ApiServices,
  needed: Permission,
): boolean {
  const now = services.clock.now();
  const current = services.config.snapshot().tokens.get(token.hash);
  if (current === undefined || (current.expiresAt !== null && current.expiresAt <= now)) return false;
  if (!holds(current, needed)) return false;
  if (session === null) return true;
  const row = services.access.findSession(hashToken(session.id));
  return row !== null && now - row.createdAt < LONGEST_MS && now - row.usedAt < IDLE_MS;
}

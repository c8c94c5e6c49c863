import { auditContent, auditedToken, SYSTEM } from '../config/audit-content.ts';
import { hashToken, mintToken, previewToken } from '../config/tokens.ts';
import type { Clock } from '../core/clock.ts';
import type { Secret } from '../core/secret.ts';
import type { ConfigStore, Permission, Token } from '../core/stores/config.ts';

/** Tokens that are shown once, at the start that made them. */
export interface FirstTokens {
  readonly adminToken: Secret | null;
  readonly gatewayToken: Secret | null;
}

const OPERATOR_TOKEN = 'operator';

/**
 * Makes sure that somebody can administer the account. The operator's own token (TIDEGATE_ADMIN_TOKEN) counts while it
 * is set and no longer; without one, and without any admin token, one is generated and shown.
 */
export function ensureTokens(
  config: ConfigStore,
  account: string,
  operatorToken: Secret | null,
  clock: Clock,
): FirstTokens {
  return config.transaction(() => ensureInside(config, account, operatorToken, clock.now()));
}

function ensureInside(
  config: ConfigStore,
  account: string,
  operatorToken: Secret | null,
  nowMs: number,
): FirstTokens {
  const tokens = config.listTokens(account);
  const known = tokens.find((token) => token.id === `${OPERATOR_TOKEN}-${account}`);
  if (operatorToken) {
    const value = operatorToken.reveal();
    const hash = hashToken(value);
    if (!known || known.hash !== hash || known.revokedAt !== null) {
      const token: Token = {
        ...blank(account, nowMs),
        id: `${OPERATOR_TOKEN}-${account}`,
        name: 'TIDEGATE_ADMIN_TOKEN',
        hash,
        preview: previewToken(value),
        permissions: ['admin'],
      };
      enter(config, token, known ?? null, nowMs);
    }
    return { adminToken: null, gatewayToken: null };
  }
  if (known && known.revokedAt === null) enter(config, { ...known, revokedAt: nowMs }, known, nowMs);
  const hasAdmin = tokens.some(
    (token) => token !== known && isLive(token, nowMs) && token.permissions.includes('admin'),
  );
  if (hasAdmin) return { adminToken: null, gatewayToken: null };
  return {
    adminToken: put(config, account, 'first admin token', ['admin'], nowMs),
    gatewayToken: put(config, account, 'first gateway token', ['run'], nowMs),
  };
}

function put(
  config: ConfigStore,
  account: string,
  name: string,
  permissions: readonly Permission[],
  nowMs: number,
): Secret {
  const { value, hash, preview } = mintToken();
  const id = `tok_${hash.slice(0, 20)}`;
  enter(config, { ...blank(account, nowMs), id, name, hash, preview, permissions }, null, nowMs);
  return value;
}

/** Keeps the token, and says in the audit log that the gateway did so by itself. */
function enter(config: ConfigStore, token: Token, before: Token | null, atMs: number): void {
  config.putToken(token);
  config.audit.append([
    auditContent({
      account: token.account,
      atMs,
      actor: SYSTEM,
      action: before === null ? 'create' : token.revokedAt === null ? 'update' : 'revoke',
      type: 'ai_gateway.token',
      id: token.id,
      before: before && auditedToken(before),
      after: auditedToken(token),
    }),
  ]);
}

function blank(
  account: string,
  nowMs: number,
): Omit<Token, 'id' | 'name' | 'hash' | 'preview' | 'permissions'> {
  return { account, createdAt: nowMs, expiresAt: null, revokedAt: null };
}

function isLive(token: Token, nowMs: number): boolean {
  return token.revokedAt === null && (token.expiresAt === null || token.expiresAt > nowMs);
}

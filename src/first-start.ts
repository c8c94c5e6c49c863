import { hashToken, mintToken, previewToken } from './config/tokens.ts';
import type { Clock } from './core/clock.ts';
import type { Secret } from './core/secret.ts';
import type { ConfigStore, Permission, Token } from './core/stores/config.ts';

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
  const tokens = config.listTokens(account);
  const known = tokens.find((token) => token.id === `${OPERATOR_TOKEN}-${account}`);
  const nowMs = clock.now();
  if (operatorToken) {
    const value = operatorToken.reveal();
    const hash = hashToken(value);
    if (!known || known.hash !== hash || known.revokedAt !== null) {
      config.putToken({
        ...blank(account, nowMs),
        id: `${OPERATOR_TOKEN}-${account}`,
        name: 'TIDEGATE_ADMIN_TOKEN',
        hash,
        preview: previewToken(value),
        permissions: ['admin'],
      });
    }
    return { adminToken: null, gatewayToken: null };
  }
  if (known && known.revokedAt === null) config.putToken({ ...known, revokedAt: nowMs });
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
  config.putToken({
    ...blank(account, nowMs),
    id: `tok_${hash.slice(0, 20)}`,
    name,
    hash,
    preview,
    permissions,
  });
  return value;
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

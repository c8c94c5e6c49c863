import { auditContent, tokenActor } from '../config/audit-content.ts';
import { newGateway } from '../config/gateway-defaults.ts';
import { raiseGateway } from '../config/gateway-schema.ts';
import { hashToken } from '../config/tokens.ts';
import type { Clock } from '../core/clock.ts';
import { GatewayError } from '../core/errors.ts';
import { findHeader, type HeaderList } from '../core/headers.ts';
import type { Provider } from '../core/provider.ts';
import {
  type ConfigStore,
  type CustomProvider,
  type Gateway,
  gatewayKey,
  type Token,
} from '../core/stores/config.ts';
import { bareToken, CREDENTIAL_HEADERS } from '../pipeline/stages/authenticate.ts';
import { customProvider } from '../providers/custom.ts';
import { PROVIDERS } from '../providers/registry.ts';

export interface LookUps {
  /** The valid, unexpired token of that account; null otherwise. */
  findToken(account: string, value: string): Token | null;
  /** A built-in provider, or an enabled custom provider of that account; null otherwise. */
  findProvider(account: string, slug: string): Provider | null;
  /** Makes `default` when it is missing and the request shows a valid token. Throws GatewayError. */
  findGateway(account: string, id: string, headers: HeaderList): Gateway;
}

/** What the request path asks of the configuration, always of its newest snapshot. */
export function lookUps(config: ConfigStore, clock: Clock, onGatewayMade: () => void): LookUps {
  const findToken = (account: string, value: string): Token | null => {
    const token = config.snapshot().tokens.get(hashToken(value));
    if (!token || token.account !== account) return null;
    return token.expiresAt === null || token.expiresAt > clock.now() ? token : null;
  };

  const custom = new WeakMap<CustomProvider, Provider>();
  const findProvider = (account: string, slug: string): Provider | null => {
    if (!slug.startsWith('custom-')) return PROVIDERS.get(slug) ?? null;
    const found = config.snapshot().customProviders.get(gatewayKey(account, slug.slice('custom-'.length)));
    if (!found?.enable) return null;
    const known = custom.get(found) ?? customProvider(found);
    custom.set(found, known);
    return known;
  };

  const findGateway = (account: string, id: string, headers: HeaderList): Gateway => {
    const { accounts, gateways } = config.snapshot();
    const gateway = gateways.get(gatewayKey(account, id));
    if (gateway) return gateway;
    if (!accounts.has(account) || id !== 'default') {
      throw new GatewayError(
        'gateway-not-found',
        `Please configure AI Gateway: there is no gateway '${id}' in account '${account}'`,
      );
    }
    const shown = ['cf-aig-authorization', ...CREDENTIAL_HEADERS].map((name) => findHeader(headers, name));
    const token = shown.map((value) => value && findToken(account, bareToken(value))).find(Boolean);
    if (!token) {
      throw new GatewayError(
        'unauthorized',
        "Unauthorized: the gateway 'default' is made by the first request that shows a valid token",
      );
    }
    const made = newGateway(account, 'default', clock.now());
    const content = auditContent({
      account,
      atMs: made.createdAt,
      actor: tokenActor(token, 'gateway', null),
      action: 'create',
      type: 'ai_gateway.gateway',
      id: made.id,
      gateway: made.id,
      after: raiseGateway(made),
    });
    config.transaction(() => {
      config.putGateway(made);
      config.audit.append([content]);
    });
    onGatewayMade();
    return made;
  };

  return { findToken, findProvider, findGateway };
}

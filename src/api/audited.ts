import { type AuditedChange, auditContent, auditedToken, tokenActor } from '../config/audit-content.ts';
import { raiseGateway } from '../config/gateway-schema.ts';
import type { AuditRequest } from '../core/stores/audit.ts';
import type { Caller } from './access.ts';
import { showCustomProvider } from './custom-providers.ts';
import type { AuditRule, Call, Endpoint } from './endpoint.ts';
import { showProviderConfig } from './provider-configs.ts';
import type { ApiServices } from './services.ts';
import { showView } from './views.ts';

type AnyCall = Call<Record<string, unknown>, Record<string, unknown>>;
type Thing = Pick<AuditedChange, 'type' | 'id' | 'gateway'> & {
  /** As it is kept: the same object as before when nothing has changed. */
  readonly kept: object;
  show(): unknown;
};

/**
 * Runs an endpoint and enters in the audit log what it changed. A change that cannot be entered does not happen: it is
 * made in the transaction of its entry where the configuration is changed, and after its entry elsewhere.
 */
export function handleAudited(route: Endpoint, call: AnyCall): Response | Promise<Response> {
  const { audit } = route;
  if (audit === undefined || 'none' in audit) return route.handle(call);
  return 'config' in audit ? changeConfig(route, call) : changeElsewhere(route, audit, call);
}

/**
 * Whatever differs in the account's configuration afterwards is entered, side effects included. Of a handler that returns
 * a promise, what it does before its first wait is seen; that is where such handlers change the configuration.
 */
function changeConfig(route: Endpoint, call: AnyCall): Response | Promise<Response> {
  const { account, services } = call;
  const { config } = services;
  try {
    return config.transaction(() => {
      const before = configThings(services, account);
      const answer = route.handle(call);
      const after = configThings(services, account);
      const changes = compare(before, after).map((change) => ({ ...change, ...circumstances(route, call) }));
      config.audit.append(changes.map(auditContent));
      return answer;
    });
  } catch (error) {
    // The handler may have told others of what was rolled back.
    services.onGatewayChanged(account, '');
    throw error;
  }
}

/**
 * Entered first, in a transaction that a handler which throws takes back: there is no change without an entry. One that
 * fails later, after a wait, leaves its entry and gets a second one that says so.
 */
async function changeElsewhere(
  route: Endpoint,
  audit: Extract<AuditRule, { type: unknown }>,
  call: AnyCall,
): Promise<Response> {
  const { config } = call.services;
  const before = (await audit.before?.(call)) ?? null;
  const change = {
    ...circumstances(route, call),
    action: audit.action,
    type: audit.type,
    id: audit.id(call),
    gateway: call.params.gateway_id ?? null,
    before,
    after: audit.after?.(call) ?? null,
  };
  const answer = config.transaction(() => {
    config.audit.append([auditContent(change)]);
    return route.handle(call);
  });
  if (answer instanceof Response) return answer;
  try {
    return await answer;
  } catch (error) {
    const atMs = call.services.clock.now();
    config.audit.append([
      auditContent({ ...change, atMs, after: { reason: messageOf(error) }, failed: true }),
    ]);
    throw error;
  }
}

function circumstances(route: Endpoint, { account, caller, services }: AnyCall) {
  const isPerson = caller.session !== null || route.identify !== undefined;
  const actor = tokenActor(caller.token, isPerson ? 'dash' : 'api_token', caller.address);
  return { account, atMs: services.clock.now(), actor, request: describeRequest(caller.request) };
}

/** Without the query: filters may hold what people searched for. */
export function describeRequest(request: Request): AuditRequest {
  return {
    method: request.method,
    uri: new URL(request.url).pathname,
    user_agent: request.headers.get('user-agent')?.slice(0, 256) ?? null,
  };
}

/** All that is set in an account, as it is shown, by type and id. */
function configThings(services: ApiServices, account: string): ReadonlyMap<string, Thing> {
  const { config } = services;
  const { gateways, keys, customProviders } = config.snapshot();
  const ofAccount = <T extends { readonly account: string }>(things: Iterable<T>): T[] =>
    [...things].filter((thing) => thing.account === account);
  const things: Thing[] = [
    ...ofAccount(gateways.values()).map((gateway) => ({
      type: 'ai_gateway.gateway' as const,
      id: gateway.id,
      gateway: gateway.id,
      kept: gateway,
      show: () => raiseGateway(gateway),
    })),
    ...ofAccount(keys.values()).map((key) => ({
      type: 'ai_gateway.provider_config' as const,
      id: key.id,
      gateway: key.gateway,
      kept: key,
      show: () => showProviderConfig(key),
    })),
    ...ofAccount(customProviders.values()).map((provider) => ({
      type: 'ai_gateway.custom_provider' as const,
      id: provider.id,
      kept: provider,
      show: () => ({ ...showCustomProvider(provider), headers: provider.headers }),
    })),
    ...config.listTokens(account).map((token) => ({
      type: 'ai_gateway.token' as const,
      id: token.id,
      kept: token,
      show: () => auditedToken(token),
    })),
    ...config.listViews(account).map((view) => ({
      type: 'ai_gateway.view' as const,
      id: view.id,
      gateway: view.gateway,
      kept: view,
      show: () => showView(view),
    })),
  ];
  return new Map(things.map((thing) => [`${thing.type} ${thing.gateway ?? ''} ${thing.id}`, thing]));
}

type Difference = Pick<AuditedChange, 'action' | 'type' | 'id' | 'gateway' | 'before' | 'after'>;

function compare(before: ReadonlyMap<string, Thing>, after: ReadonlyMap<string, Thing>): Difference[] {
  const differences: Difference[] = [];
  for (const [key, { kept, show, ...named }] of after) {
    const old = before.get(key);
    if (old === undefined) differences.push({ ...named, action: 'create', after: show() });
    else if (old.kept !== kept) {
      const [was, is] = [old.show(), show()];
      if (JSON.stringify(was) === JSON.stringify(is)) continue;
      const action = isRevoked(is) && !isRevoked(was) ? 'revoke' : 'update';
      differences.push({ ...named, action, before: was, after: is });
    }
  }
  for (const [key, { kept: _, show, ...named }] of before) {
    if (!after.has(key)) differences.push({ ...named, action: 'delete', before: show() });
  }
  return differences;
}

function isRevoked(shown: unknown): boolean {
  return (shown as { revoked_at?: unknown }).revoked_at != null;
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.name === 'ApiError' ? error.message : 'internal error';
}

const FAILED_PER_HOUR = 30;
const HOUR_MS = 3_600_000;

/** Enters failed sign-ins, at most so many an hour: guessing must not fill the disk. The next entry says how many were left out. */
export class FailedSignIns {
  #since = 0;
  #entered = 0;
  #leftOut = 0;

  enter(visitor: Pick<Caller, 'request' | 'address'>, services: ApiServices): void {
    const now = services.clock.now();
    if (now - this.#since > HOUR_MS) {
      this.#since = now;
      this.#entered = 0;
    }
    if (this.#entered >= FAILED_PER_HOUR) {
      this.#leftOut++;
      return;
    }
    this.#entered++;
    const content = auditContent({
      account: services.homeAccount,
      atMs: now,
      actor: {
        type: 'user',
        context: 'dash',
        token_id: null,
        token_name: null,
        role: null,
        ip_address: visitor.address || null,
      },
      action: 'sign_in',
      type: 'ai_gateway.session',
      id: null,
      after: this.#leftOut === 0 ? null : { left_out_before: this.#leftOut },
      request: describeRequest(visitor.request),
      failed: true,
    });
    try {
      services.config.audit.append([content]);
      this.#leftOut = 0;
    } catch (error) {
      // It was refused anyway.
      services.logger.error({ error }, 'a failed sign-in could not be entered in the audit log');
    }
  }
}

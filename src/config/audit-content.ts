import { newId } from '../core/ids.ts';
import type { AuditActor, AuditContent, AuditRequest } from '../core/stores/audit.ts';
import type { Token } from '../core/stores/config.ts';
import { roleOf } from './roles.ts';

/** Types of the things that can be changed, as the audit log names them. */
export type AuditedType =
  | 'ai_gateway.gateway'
  | 'ai_gateway.provider_config'
  | 'ai_gateway.custom_provider'
  | 'ai_gateway.token'
  | 'ai_gateway.view'
  | 'ai_gateway.cache'
  | 'ai_gateway.log'
  | 'ai_gateway.dataset'
  | 'ai_gateway.evaluation'
  | 'ai_gateway.session'
  | 'ai_gateway.master_key';

export interface AuditedChange {
  readonly account: string;
  readonly atMs: number;
  readonly actor: AuditActor;
  readonly action: string;
  readonly type: AuditedType;
  readonly id: string | null;
  readonly gateway?: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly request?: AuditRequest | null;
  readonly failed?: boolean;
}

export function auditContent(change: AuditedChange): AuditContent {
  return {
    id: newId(change.atMs),
    account: { id: change.account },
    action: {
      type: change.action,
      result: change.failed ? 'failure' : 'success',
      time: new Date(change.atMs).toISOString(),
    },
    actor: change.actor,
    resource: {
      product: 'ai_gateway',
      type: change.type,
      id: change.id,
      gateway: change.gateway ?? null,
    },
    before: masked(change.before ?? null),
    after: masked(change.after ?? null),
    raw: change.request ?? null,
  };
}

/** Whoever may write the data folder; who that is, the gateway does not know. */
export const COMMAND_LINE: AuditActor = nobody('cli');
/** The gateway by itself, at its start. */
export const SYSTEM: AuditActor = nobody('system');

function nobody(context: 'cli' | 'system'): AuditActor {
  return {
    type: context === 'cli' ? 'user' : 'system',
    context,
    token_id: null,
    token_name: null,
    role: null,
    ip_address: null,
  };
}

export function tokenActor(token: Token, context: AuditActor['context'], address: string | null): AuditActor {
  return {
    type: 'user',
    context,
    token_id: token.id,
    token_name: token.name,
    role: roleOf(token.permissions),
    ip_address: address || null,
  };
}

/** What the audit log shows of a token: neither the token nor its hash. */
export function auditedToken(token: Token): Record<string, unknown> {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: token.id,
    name: token.name,
    preview: token.preview,
    role: roleOf(token.permissions),
    permissions: [...token.permissions],
    created_at: iso(token.createdAt),
    expires_at: iso(token.expiresAt),
    revoked_at: iso(token.revokedAt),
  };
}

const SECRET_NAME =
  /^(?:.*[-_.])?(?:authorization|api[-_]?key|key|password|passphrase|secret|token|credentials?|signature|cookie)$/i;
const LONGEST_TEXT = 4096;

/**
 * A copy without what may be a secret, by its name, and without very long texts. What is shown here is shown by the API
 * too, except headers of custom providers: people put keys into those.
 */
function masked(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    if (SECRET_NAME.test(name) && value !== '') return '[masked]';
    return value.length > LONGEST_TEXT
      ? `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)`
      : value;
  }
  if (Array.isArray(value)) return value.map((item) => masked(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, masked(item, inner)]));
}

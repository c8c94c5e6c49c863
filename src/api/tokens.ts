import { z } from 'zod';
import { ROLES, roleOf } from '../config/roles.ts';
import { mintToken } from '../config/tokens.ts';
import { newId } from '../core/ids.ts';
import type { TokenUse } from '../core/stores/access.ts';
import type { Permission, Token } from '../core/stores/config.ts';
import { holds } from './access.ts';
import {
  type CreatedToken,
  createdTokenSchema,
  permissionSchema,
  roleSchema,
  type TokenObject,
  tokenObjectSchema,
} from './contract.ts';
import { ACCOUNT, type Endpoint, endpoint } from './endpoint.ts';
import { ApiError, CODES, invalid, notFound, pageResponse, resultResponse } from './envelope.ts';
import { pagingShape } from './validation.ts';

const tag = 'Tokens';

const createBody = z.strictObject({
  name: z.string().trim().min(1).max(100).optional().meta({ description: 'Default: the role.' }),
  role: roleSchema
    .optional()
    .meta({ description: 'A named set of permissions; to be sent instead of `permissions`.' }),
  permissions: z
    .array(permissionSchema)
    .min(1)
    .max(5)
    .refine((list) => new Set(list).size === list.length, { error: 'must not repeat' })
    .optional(),
  expires_at: z.iso.datetime({ offset: true }).nullable().optional(),
});

export const tokenEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${ACCOUNT}/tokens`,
    permission: 'admin',
    tag,
    summary: 'List tokens, revoked ones included, newest first',
    query: z.strictObject(pagingShape(100)),
    result: { kind: 'list', schema: tokenObjectSchema },
    handle: ({ account, query, services }) => {
      const now = services.clock.now();
      const uses = services.tokenUses.of(account);
      return pageResponse(services.config.listTokens(account), query, (token) =>
        showToken(token, now, uses.get(token.id)),
      );
    },
  }),
  endpoint({
    method: 'post',
    path: `${ACCOUNT}/tokens`,
    permission: 'admin',
    audit: { config: true },
    tag,
    summary: 'Create a token; its value is in this answer and never again',
    body: createBody,
    result: { kind: 'one', schema: createdTokenSchema },
    handle: ({ account, body, services, token: caller }) => {
      const now = services.clock.now();
      const expiresAt = typeof body.expires_at === 'string' ? Date.parse(body.expires_at) : null;
      if (expiresAt !== null && expiresAt <= now) throw invalid(['body', 'expires_at'], 'is in the past');
      const permissions = permissionsOf(body);
      for (const permission of permissions) {
        if (!holds(caller, permission)) refuse(`Your token does not have \`${permission}\` to give`);
      }
      if (caller.expiresAt !== null && (expiresAt === null || expiresAt > caller.expiresAt)) {
        refuse('A token cannot outlive the one that creates it: send an earlier `expires_at`');
      }
      const minted = mintToken();
      const token: Token = {
        id: newId(now),
        account,
        name: body.name ?? roleOf(permissions) ?? permissions.join(', '),
        hash: minted.hash,
        preview: minted.preview,
        permissions,
        createdAt: now,
        expiresAt,
        revokedAt: null,
      };
      services.config.putToken(token);
      return resultResponse({
        ...showToken(token, now),
        value: minted.value.reveal(),
      } satisfies CreatedToken);
    },
  }),
  endpoint({
    method: 'delete',
    path: `${ACCOUNT}/tokens/{token_id}`,
    permission: 'admin',
    audit: { config: true },
    tag,
    summary: 'Revoke a token, from the next request on',
    result: { kind: 'one', schema: tokenObjectSchema },
    handle: ({ account, params, services }) => {
      const now = services.clock.now();
      const token = services.config.listTokens(account).find((candidate) => candidate.id === params.token_id);
      if (token === undefined) throw notFound('token');
      const revoked = token.revokedAt === null ? { ...token, revokedAt: now } : token;
      services.config.putToken(revoked);
      services.access.deleteSessionsOf(token.hash);
      return resultResponse(showToken(revoked, now, services.tokenUses.of(account).get(token.id)));
    },
  }),
];

function refuse(message: string): never {
  throw new ApiError(403, [{ code: CODES.authentication, message }]);
}

function permissionsOf(body: z.infer<typeof createBody>): readonly Permission[] {
  const { permissions, role } = body;
  if (permissions !== undefined && role !== undefined) {
    throw invalid(['body', 'role'], 'is sent beside permissions: send one of them');
  }
  const given = role === undefined ? permissions : ROLES[role];
  if (given === undefined) throw invalid(['body', 'role'], 'is required, unless permissions are sent');
  return given;
}

export function showToken(token: Token, nowMs: number, use?: TokenUse): TokenObject {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  const expired = token.expiresAt !== null && token.expiresAt <= nowMs;
  return {
    id: token.id,
    name: token.name,
    preview: token.preview,
    role: roleOf(token.permissions),
    permissions: [...token.permissions],
    status: token.revokedAt !== null ? 'revoked' : expired ? 'expired' : 'active',
    created_at: new Date(token.createdAt).toISOString(),
    expires_at: iso(token.expiresAt),
    revoked_at: iso(token.revokedAt),
    last_used_at: iso(use?.at ?? null),
    last_used_address: use?.address || null,
  };
}

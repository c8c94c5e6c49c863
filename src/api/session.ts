import { z } from 'zod';
import { allows, roleOf } from '../config/roles.ts';
import type { Token } from '../core/stores/config.ts';
import { type Caller, findToken } from './access.ts';
import {
  beginSession,
  clearCookie,
  csrfToken,
  findSession,
  readCookie,
  requireSameOrigin,
  sessionEnd,
  setCookie,
} from './browser-session.ts';
import { type SessionObject, sessionObjectSchema } from './contract/session.ts';
import { type Call, type Endpoint, endpoint } from './endpoint.ts';
import { ApiError, CODES, resultResponse } from './envelope.ts';
import { booleanText } from './validation.ts';

const tag = 'Session';
const path = '/session';
const result = { kind: 'one', schema: sessionObjectSchema } as const;

const signInBody = z.strictObject({
  token: z
    .string()
    .trim()
    .min(1)
    .max(4096)
    .meta({ writeOnly: true, description: 'A token of this gateway.' }),
});

export const sessionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path,
    permission: 'any',
    tag,
    summary: 'Who am I: the token and its rights, behind the session or the token that is shown',
    result,
    handle: ({ caller, services }) => resultResponse(show(caller, services.clock.now())),
  }),
  endpoint({
    method: 'post',
    path,
    permission: 'any',
    audit: { action: 'sign_in', type: 'ai_gateway.session', id: ({ token }) => token.id },
    tag,
    summary: 'Sign in with a token; the session is set as a cookie that scripts cannot read',
    body: signInBody,
    result,
    identify: (visitor, body, services, failedLogins) => {
      requireSameOrigin(visitor.request);
      const token = findToken(body.token, visitor.address, services, failedLogins);
      if (!opensPages(token)) {
        const message = 'This token is for requests to providers; sign in with one that may read';
        throw new ApiError(403, [{ code: CODES.authentication, message }]);
      }
      return { ...visitor, token, session: null };
    },
    handle: (call) => {
      const { caller, services, token } = call;
      const { isSecure, request } = caller;
      // Never the id that the browser came with: somebody else may know it.
      endSession(readCookie(request, isSecure), call);
      const id = beginSession(token, services);
      const begun = findSession(id, services)!;
      const shown = show({ ...caller, session: { id, row: begun.session } }, services.clock.now());
      return withCookie(resultResponse(shown), setCookie(id, isSecure));
    },
  }),
  endpoint({
    method: 'delete',
    path,
    permission: 'any',
    audit: {
      action: 'sign_out',
      type: 'ai_gateway.session',
      id: ({ token }) => token.id,
      after: ({ query }) => ({ everywhere: query.everywhere === true }),
    },
    tag,
    summary: 'Sign out; with `everywhere=true` all sessions of this token end',
    query: z.strictObject({ everywhere: booleanText.optional() }),
    result: { kind: 'one', schema: z.object({ ended: z.number() }) },
    handle: (call) => {
      const { caller, query, services, token } = call;
      const ended = query.everywhere
        ? services.access.deleteSessionsOf(token.hash)
        : endSession(caller.session?.id ?? null, call);
      return withCookie(resultResponse({ ended }), clearCookie(caller.isSecure));
    },
  }),
];

function opensPages(token: Token): boolean {
  return allows(token.permissions, 'metadata-read');
}

function endSession(id: string | null, { services }: Call<unknown, unknown>): number {
  const found = id === null ? null : findSession(id, services);
  if (found === null) return 0;
  services.access.deleteSession(found.session.hash);
  return 1;
}

function withCookie(response: Response, cookie: string): Response {
  response.headers.append('set-cookie', cookie);
  return response;
}

function show({ token, session }: Caller, nowMs: number): SessionObject {
  const end = session === null ? token.expiresAt : sessionEnd(session.row, token, nowMs);
  return {
    account: token.account,
    token: {
      id: token.id,
      name: token.name,
      role: roleOf(token.permissions),
      permissions: [...token.permissions],
    },
    csrf: session === null ? null : csrfToken(session.id),
    expires_at: end === null ? null : new Date(end).toISOString(),
  };
}

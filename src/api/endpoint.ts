import type { z } from 'zod';
import type { AuditedType } from '../config/audit-content.ts';
import type { Permission, Token } from '../core/stores/config.ts';
import type { LogFilter } from '../core/stores/logs.ts';
import type { Caller, Visitor } from './access.ts';
import type { FailedLogins } from './failed-logins.ts';
import type { ApiServices } from './services.ts';

/** One call of an endpoint, with everything about it checked: the caller's permission, its query, its body. */
export interface Call<Query, Body> {
  readonly services: ApiServices;
  readonly account: string;
  readonly token: Token;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Of endpoints that take `filters`. */
  readonly filters: readonly LogFilter[];
  readonly request: Request;
  /** Breaks the caller's connection: for an answer that cannot be finished and must not look whole. */
  readonly hangUp: (() => void) | null;
}

/** `one` and `list` stand in the v4 envelope; `raw` is the answer itself. */
type Result =
  | { readonly kind: 'one' | 'list'; readonly schema: z.ZodType }
  | { readonly kind: 'raw'; readonly description: string };

export type AnyCall = Call<Record<string, unknown>, Record<string, unknown>>;

/**
 * How a change gets into the audit log. `config`: whatever differs in the configuration afterwards. With a type: something
 * kept elsewhere; the entry is made before the work begins, so `id` and `before` also refuse what is not there.
 * `none`: nothing is changed, and why that is so.
 */
export type AuditRule =
  | { readonly config: true }
  | {
      readonly action: string;
      readonly type: AuditedType;
      id(call: AnyCall): string | null;
      before?(call: AnyCall): unknown;
      after?(call: AnyCall): unknown;
    }
  | { readonly none: string };

interface Declaration<Query extends z.ZodObject, Body extends z.ZodObject> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /client/v4, with parameters in braces; one that is named `rest` takes all that follows. */
  readonly path: string;
  /** `any` is whoever shows a valid token; for routes without an account in their path, which then is the token's. */
  readonly permission: Permission | 'any';
  readonly tag: string;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly takesFilters?: boolean;
  /** Every route that is no GET has one. */
  readonly audit?: AuditRule;
  readonly result: Result;
  /** How the caller is found where it is not by the usual credentials: the sign-in has a token in its body. */
  identify?(visitor: Visitor, body: z.infer<Body>, services: ApiServices, failedLogins: FailedLogins): Caller;
  handle(call: Call<z.infer<Query>, z.infer<Body>>): Response | Promise<Response>;
}

/** A row of the route table: it carries its permission, its schemas and its work, so that none can be forgotten. */
export type Endpoint = Declaration<z.ZodObject, z.ZodObject>;

export function endpoint<Query extends z.ZodObject, Body extends z.ZodObject>(
  declaration: Declaration<Query, Body>,
): Endpoint {
  // The schemas that check a call are the ones its types come from.
  return declaration as unknown as Endpoint;
}

export const ACCOUNT = '/accounts/{account_id}/ai-gateway';
export const GATEWAY = `${ACCOUNT}/gateways/{gateway_id}`;

/** The path as Hono takes it. */
export const routedPath = (path: string): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'rest' ? ':rest{.+}' : `:${name}`));

import type { z } from 'zod';
import type { Permission, Token } from '../core/stores/config.ts';
import type { LogFilter } from '../core/stores/logs.ts';
import type { ApiServices } from './services.ts';

/** One call of an endpoint, with everything about it checked: the caller's permission, its query, its body. */
export interface Call<Query, Body> {
  readonly services: ApiServices;
  readonly account: string;
  readonly token: Token;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Of endpoints that take `filters`. */
  readonly filters: readonly LogFilter[];
  readonly request: Request;
}

/** `one` and `list` stand in the v4 envelope; `raw` is the answer itself. */
type Result =
  | { readonly kind: 'one' | 'list'; readonly schema: z.ZodType }
  | { readonly kind: 'raw'; readonly description: string };

interface Declaration<Query extends z.ZodObject, Body extends z.ZodObject> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /client/v4, with parameters in braces. */
  readonly path: string;
  readonly permission: Permission;
  readonly tag: string;
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly takesFilters?: boolean;
  readonly result: Result;
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

import { type Context, Hono } from 'hono';
import { GatewayError } from '../core/errors.ts';
import { clientAddress, isHttps } from '../core/forwarded.ts';
import { newId } from '../core/ids.ts';
import { authenticate, authorise, type Caller, type Visitor } from './access.ts';
import { FailedSignIns, handleAudited } from './audited.ts';
import { docsResponse } from './docs-page.ts';
import { type Call, type Endpoint, routedPath } from './endpoint.ts';
import { ApiError, CODES, errorResponse } from './envelope.ts';
import { FailedLogins } from './failed-logins.ts';
import { isFilterParameter, readFilters } from './log-filters.ts';
import { describeApi } from './openapi.ts';
import { readJson } from './read-json.ts';
import { API_ROUTES } from './routes.ts';
import type { ApiServices } from './services.ts';
import { parse } from './validation.ts';

export const API_PREFIX = '/client/v4';

/** The management API, mounted at /client/v4. Give it every request whose path begins so. */
export function createApi(services: ApiServices): Hono {
  const app = new Hono();
  const guards: Guards = { failedLogins: new FailedLogins(), failedSignIns: new FailedSignIns() };
  const document = describeApi(API_ROUTES, API_PREFIX);

  app.get(`${API_PREFIX}/openapi.json`, () => Response.json(document()));
  app.get(`${API_PREFIX}/docs`, () => docsResponse(document()));

  for (const route of API_ROUTES) {
    const path = API_PREFIX + routedPath(route.path);
    app.on(route.method.toUpperCase(), path, (context) => answer(route, context, services, guards));
  }
  app.notFound((context) => noRoute(context));
  app.onError((error) => failure(error, services));
  return app;
}

/** What is remembered of those who were refused. */
interface Guards {
  readonly failedLogins: FailedLogins;
  readonly failedSignIns: FailedSignIns;
}

async function answer(
  route: Endpoint,
  context: Context,
  services: ApiServices,
  guards: Guards,
): Promise<Response> {
  const request = context.req.raw;
  const params = context.req.param();
  const visitor = visitorOf(context, services);
  const readBody = async () => (route.body ? parse(route.body, await readJson(request), 'body') : {});
  const shown = route.identify && (await readBody());
  const caller = route.identify
    ? identify(route.identify, visitor, shown!, services, guards)
    : authenticate(visitor, services, guards.failedLogins);
  const { token } = caller;
  const account = params.account_id ?? token.account;
  authorise(token, account, route.permission);
  const parameters = new URL(request.url).searchParams;
  const call: Call<Record<string, unknown>, Record<string, unknown>> = {
    services,
    account,
    token,
    caller,
    params,
    request,
    filters: route.takesFilters ? readFilters(parameters) : [],
    query: route.query ? parse(route.query, readQuery(parameters, route), 'query') : {},
    body: shown ?? (await readBody()),
    hangUp: hangUpOf(context.env),
  };
  return handleAudited(route, call);
}

function identify(
  find: NonNullable<Endpoint['identify']>,
  visitor: Visitor,
  body: Record<string, unknown>,
  services: ApiServices,
  guards: Guards,
): Caller {
  try {
    return find(visitor, body, services, guards.failedLogins);
  } catch (error) {
    guards.failedSignIns.enter(visitor, services);
    throw error;
  }
}

function readQuery(parameters: URLSearchParams, route: Endpoint): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of parameters) {
    if (route.takesFilters && isFilterParameter(name)) continue;
    if (name in query) {
      throw new ApiError(400, [
        { code: CODES.invalid, message: `${name}: is there twice`, path: ['query', name] },
      ]);
    }
    query[name] = value;
  }
  return query;
}

function noRoute(context: Context): Response {
  const { method, path } = context.req;
  const methods = API_ROUTES.filter((route) => matches(route, path)).map((route) =>
    route.method.toUpperCase(),
  );
  if (methods.length > 0) {
    const line = { code: CODES.method, message: `${method} is not a method of this path` };
    return errorResponse(new ApiError(405, [line], { allow: methods.join(', ') }));
  }
  const message = 'No such route. The routes are listed at /client/v4/docs';
  return errorResponse(new ApiError(404, [{ code: CODES.noRoute, message }]));
}

function matches(route: Endpoint, path: string): boolean {
  const pattern = (API_PREFIX + route.path)
    .replaceAll('.', '\\.')
    .replace('{rest}', '.+')
    .replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}

/** Only our own refusals are shown. Of anything else the caller gets an id, under which the log has the rest. */
function failure(error: Error, services: ApiServices): Response {
  if (error instanceof ApiError) return errorResponse(error);
  const id = newId(services.clock.now());
  const cause = error instanceof GatewayError ? error.kind : 'internal';
  services.logger.error({ id, cause, stack: error.stack }, 'the management API failed');
  const message = `Internal error; the gateway’s log has it under ${id}`;
  return errorResponse(new ApiError(500, [{ code: CODES.internal, message }]));
}

function hangUpOf(environment: unknown): (() => void) | null {
  const bindings = environment as { outgoing?: { destroy(): void } } | undefined;
  const outgoing = bindings?.outgoing;
  return outgoing === undefined ? null : () => outgoing.destroy();
}

/** @hono/node-server hands the socket on; without one the address is ''. */
function visitorOf(context: Context, { trustProxy }: ApiServices): Visitor {
  const bindings = context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const peer = bindings?.incoming?.socket?.remoteAddress ?? '';
  const request = context.req.raw;
  return {
    request,
    address: clientAddress(request.headers.get('x-forwarded-for'), peer, trustProxy),
    isSecure: isHttps(request.headers.get('x-forwarded-proto'), trustProxy),
  };
}

import { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { errorEnvelopeSchema, resultInfoSchema } from './contract.ts';
import { ACCOUNT, type Endpoint } from './endpoint.ts';

const INFO = {
  title: 'Tidegate management API',
  version: '1',
  description:
    'Gateways, logs, provider keys, custom providers, cache, tokens and the audit log, in the shapes of the Cloudflare API v4: its SDKs work with only their base URL changed.',
} as const;

const FILTERS = {
  name: 'filters',
  in: 'query',
  required: false,
  description:
    'URL-encoded JSON array of `{key, operator, value[]}`, all of which must match. Also read as repeated `filters.key=…&filters.operator=…&filters.value=…`.',
  schema: { type: 'string' },
} as const;

const ERRORS = {
  400: 'The request is not understood; `errors[].path` names the place.',
  401: 'No valid token was sent.',
  403: 'The token lacks the permission.',
  404: 'Not there, or another account’s.',
} as const;

export type ApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

/** The OpenAPI 3.1 document, made from the schemas that check the calls. Built on first use, then kept. */
export function describeApi(routes: readonly Endpoint[], prefix: string): () => ApiDocument {
  let document: ApiDocument | null = null;
  return () => {
    document ??= build(routes, prefix);
    return document;
  };
}

function build(routes: readonly Endpoint[], prefix: string): ApiDocument {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of this gateway with the permission that the route names.',
  });
  for (const route of routes) registry.registerPath(describe(route, prefix));
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: INFO });
  for (const route of routes.filter((candidate) => candidate.takesFilters)) {
    const operation = document.paths?.[prefix + route.path]?.[route.method];
    operation?.parameters?.push(FILTERS);
  }
  return document;
}

type RouteConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0];

function describe(route: Endpoint, prefix: string): RouteConfig {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return {
    method: route.method,
    path: prefix + route.path,
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description:
      route.permission === 'any'
        ? 'Needs a valid token, with any permission.'
        : `Needs the permission \`${route.permission}\`.`,
    security: [{ token: [] }],
    request: {
      params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))),
      ...(route.query && { query: route.query }),
      ...(route.body && {
        body: { required: true, content: { 'application/json': { schema: route.body } } },
      }),
    },
    responses: {
      200: success(route),
      ...Object.fromEntries(
        Object.entries(ERRORS).map(([status, description]) => [
          status,
          { description, content: { 'application/json': { schema: errorEnvelopeSchema } } },
        ]),
      ),
    },
  };
}

function success(route: Endpoint): RouteConfig['responses'][string] {
  const { result } = route;
  if (result.kind === 'raw') {
    return { description: result.description, content: { '*/*': { schema: z.string() } } };
  }
  const envelope = {
    success: z.literal(true),
    errors: z.array(z.unknown()),
    messages: z.array(z.unknown()),
  };
  const schema =
    result.kind === 'list'
      ? z.object({ ...envelope, result: z.array(result.schema), result_info: resultInfoSchema })
      : z.object({ ...envelope, result: result.schema });
  return { description: 'Done.', content: { 'application/json': { schema } } };
}

/** `get /…/gateways/{gateway_id}/logs/{log_id}` → `getGatewaysByGatewayIdLogsByLogId`: stable, and nobody's to maintain. */
function operationId(route: Endpoint): string {
  const words = route.path
    .replace(ACCOUNT, '')
    .split('/')
    .filter(Boolean)
    .map((part) => (part.startsWith('{') ? `by_${part.slice(1, -1)}` : part))
    .flatMap((part) => part.split(/[_-]/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return route.method + words.join('');
}

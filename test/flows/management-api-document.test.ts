import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { type Api, startApi } from './management-api-server.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});

test('the OpenAPI document has every route with its schemas, and is readable without a token', async () => {
  const { status, json } = await api.call('GET', '/client/v4/openapi.json', undefined, null);
  expect(status).toBe(200);
  expect(json.openapi).toBe('3.1.0');
  const documented = Object.entries(json.paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(documented.sort()).toEqual(
    API_ROUTES.map((route) => `${route.method} /client/v4${route.path}`).sort(),
  );

  const ids = new Set<string>();
  for (const route of API_ROUTES) {
    const operation = json.paths[`/client/v4${route.path}`][route.method];
    ids.add(operation.operationId);
    expect(operation.description).toContain(route.permission);
    expect(operation.security).toEqual([{ token: [] }]);
    expect(Object.keys(operation.responses)).toEqual(['200', '400', '401', '403', '404']);
    const inPath = (operation.parameters ?? []).filter(
      (parameter: { in: string }) => parameter.in === 'path',
    );
    expect(inPath).toHaveLength(route.path.split('{').length - 1);
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
  }
  expect(ids.size).toBe(API_ROUTES.length);

  const create = json.paths['/client/v4/accounts/{account_id}/ai-gateway/gateways'].post;
  const schema = create.requestBody.content['application/json'].schema;
  expect(schema.required).toEqual(['id']);
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.retry_max_attempts).toMatchObject({ minimum: 1, maximum: 5 });
  const list = json.paths['/client/v4/accounts/{account_id}/ai-gateway/gateways/{gateway_id}/logs'].get;
  const parameters = new Map(list.parameters.map((each: { name: string }) => [each.name, each]));
  expect(parameters.get('per_page')).toMatchObject({ schema: { type: 'integer', minimum: 1, maximum: 50 } });
  expect(parameters.has('filters')).toBe(true);
});

test('the page for people has every route, no script and nothing from elsewhere', async () => {
  const { status, headers, text } = await api.call('GET', '/client/v4/docs', undefined, null);
  expect(status).toBe(200);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const route of API_ROUTES) expect(text).toContain(`<code>/client/v4${route.path}</code>`);
  expect(text).not.toMatch(/<script|<link|<img|https?:\/\//);
  expect(text).toContain('Never shown again.');
});

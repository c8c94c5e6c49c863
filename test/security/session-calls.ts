import { expect } from 'vitest';
import type { Api } from '../flows/management-api-server.ts';

export const GATEWAYS = '/accounts/local/ai-gateway/gateways';
export const HOUR_MS = 3_600_000;

export interface SignIn {
  readonly cookie: string;
  readonly csrf: string;
  readonly setCookie: string;
}

/** Without any token but what the headers show. */
export function send(
  api: Api,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
) {
  return fetch(api.base + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Signs in as the administrator, or with another token. */
export async function signIn(
  api: Api,
  token = api.admin,
  headers: Record<string, string> = {},
): Promise<SignIn> {
  const response = await send(api, 'POST', '/session', headers, { token });
  expect(response.status).toBe(200);
  const setCookie = response.headers.getSetCookie().join('\n');
  const { result } = (await response.json()) as { result: { csrf: string } };
  return { cookie: setCookie.split(';')[0]!, csrf: result.csrf, setCookie };
}

/** Status of a call that shows the cookie alone. */
export const withCookie = async (
  api: Api,
  { cookie }: SignIn,
  headers: Record<string, string> = {},
): Promise<number> => (await send(api, 'GET', GATEWAYS, { cookie, ...headers })).status;

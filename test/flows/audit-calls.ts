import { expect } from 'vitest';
import type { AuditEntry } from '../../src/core/stores/audit.ts';
import { entry as cacheEntry } from '../contract/cache-fixtures.ts';
import type { Api } from './management-api-server.ts';

export const BASE = '/accounts/local/ai-gateway';
export const KEY = 'test-key-provider-0123456789-4f2a';
export const HEADER_KEY = 'test-header-secret-0123456789';

/** The last hundred, newest first. */
export const entries = async (api: Api, query = ''): Promise<AuditEntry[]> =>
  (await api.call('GET', `${BASE}/audit-logs?per_page=100${query}`)).json.result;

/** What `work` added, oldest first. */
export async function addedBy(api: Api, work: () => Promise<unknown>): Promise<AuditEntry[]> {
  const before = (await entries(api))[0]?.sequence ?? 0;
  await work();
  return (await entries(api)).filter((entry) => entry.sequence > before).reverse();
}

/** The result of a call that has to succeed. */
export const ok = async (api: Api, method: string, path: string, body?: unknown) => {
  const answer = await api.call(method, BASE + path, body);
  expect([method, path, answer.status, answer.text]).toEqual([method, path, 200, answer.text]);
  return answer.json.result;
};

/** One change after another, of everything in the gateway `kinds` and beside it that can be changed: 14 entries. */
export async function changeOfEveryKind(api: Api): Promise<void> {
  await ok(api, 'POST', '/gateways', { id: 'kinds' });
  const cached = cacheEntry(1, { gateway: 'kinds' });
  api.cached.set(cached.key, cached);
  const key = await ok(api, 'POST', '/gateways/kinds/provider_configs', {
    provider_slug: 'openai',
    secret: KEY,
  });
  await ok(api, 'PUT', `/gateways/kinds/provider_configs/${key.id}`, { secret: `${KEY}-new` });
  await ok(api, 'DELETE', `/gateways/kinds/provider_configs/${key.id}`);
  const provider = await ok(api, 'POST', '/custom-providers', {
    name: 'Mine',
    slug: 'audited',
    base_url: 'https://example.com',
    headers: JSON.stringify({ 'x-api-key': HEADER_KEY, 'x-team': 'search' }),
  });
  await ok(api, 'PATCH', `/custom-providers/${provider.id}`, { enable: true });
  await ok(api, 'DELETE', `/custom-providers/${provider.id}`);
  const token = await ok(api, 'POST', '/tokens', { name: 'app', role: 'run' });
  await ok(api, 'DELETE', `/tokens/${token.id}`);
  await ok(api, 'DELETE', `/gateways/kinds/cache/${cached.key}`);
  await ok(api, 'DELETE', '/gateways/kinds/cache');
  await ok(api, 'DELETE', '/gateways/kinds/logs?limit=5');
  const view = await ok(api, 'POST', '/gateways/kinds/views', { name: 'v', page: 'logs', query: '' });
  await ok(api, 'DELETE', `/gateways/kinds/views/${view.id}`);
}

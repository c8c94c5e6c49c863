import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES } from '../../src/api/routes.ts';
import { mintToken } from '../../src/config/tokens.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openConfigStore } from '../../src/stores/sqlite/config.ts';
import { SqliteEvidenceStore } from '../../src/stores/sqlite/evidence.ts';
import { ADMIN_TOKEN, startTestGateway, type TestGateway } from '../support/gateway.ts';

/** Two accounts on one gateway: everything exists in `theirs`, and our administrator asks for it. */
const CANARY = 'okapi-canary-4410';
const OURS = 'local';
const THEIRS = 'theirs';

let test: TestGateway;
let theirToken: string;
/** Ids of their things, by the name of the parameter. */
const theirIds: Record<string, string> = {};

const api = (): string => `${test.gateway.baseUrl}/client/v4`;

async function as(token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(api() + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, result: text.startsWith('{') ? JSON.parse(text).result : null };
}

beforeAll(async () => {
  test = await startTestGateway();
  const minted = mintToken();
  theirToken = minted.value.reveal();
  const config = openConfigStore(join(test.dataFolder, 'config.db'));
  config.putToken({
    id: 'their-token',
    account: THEIRS,
    name: `their ${CANARY}`,
    hash: minted.hash,
    preview: minted.preview,
    permissions: ['admin'],
    createdAt: 1,
    expiresAt: null,
    revokedAt: null,
  });
  config.close();
  const base = `/accounts/${THEIRS}/ai-gateway`;
  // What another process has written is taken over within a second.
  const end = performance.now() + 10_000;
  while ((await as(theirToken, 'GET', `${base}/gateways`)).status !== 200) {
    if (performance.now() > end) throw new Error('their token is never taken over');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const make = async (path: string, body: unknown): Promise<string> => {
    const { status, text, result } = await as(theirToken, 'POST', base + path, body);
    expect([path, status, text]).toEqual([path, 200, text]);
    return result.id;
  };
  await make('/gateways', { id: 'g' });
  await test.manage('POST', '/gateways', { id: 'ours' });
  theirIds.config_id = await make('/gateways/g/provider_configs', {
    provider_slug: 'openai',
    alias: CANARY,
    secret: `test-key-${CANARY}`,
  });
  theirIds.provider_id = await make('/custom-providers', {
    name: CANARY,
    slug: 'theirs',
    base_url: `https://${CANARY}.example.com`,
    enable: true,
  });
  theirIds.view_id = await make('/gateways/g/views', { name: CANARY, page: 'logs', query: '' });
  theirIds.token_id = await make('/tokens', { name: CANARY, role: 'run' });
  theirIds.dataset_id = await make('/gateways/g/datasets', { name: CANARY, enable: true, filters: [] });
  const types = await as(theirToken, 'GET', `${base}/evaluation-types`);
  const cost = types.result.find((each: { type: string; name: string }) =>
    /cost/i.test(each.type + each.name),
  );
  theirIds.evaluation_id = await make('/gateways/g/evaluations', {
    name: CANARY,
    dataset_ids: [theirIds.dataset_id],
    evaluation_type_ids: [cost.id],
  });
  const reply = await fetch(`${test.gateway.baseUrl}/v1/${THEIRS}/g/openai/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-key',
      'cf-aig-authorization': `Bearer ${theirToken}`,
      'content-type': 'application/json',
      'x-session-id': CANARY,
      'cf-aig-metadata': JSON.stringify({ team: CANARY }),
    },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: CANARY }] }),
  });
  await reply.arrayBuffer();
  theirIds.log_id = reply.headers.get('cf-aig-log-id')!;
  theirIds.session_id = CANARY;
  keepEvidence(theirIds.log_id);
  theirIds.hit_id = theirIds.log_id;
  theirIds.pair_id = PAIR;
  while ((await as(theirToken, 'GET', `${base}/gateways/g/logs/${theirIds.log_id}`)).status !== 200) {
    if (performance.now() > end) throw new Error('their record never arrives');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
afterAll(() => test.close());

const PAIR = '01890000-0000-7000-8000-000000000001';

/** A similar answer that their request got, and two questions that they told apart. */
function keepEvidence(id: string): void {
  const store = new SqliteEvidenceStore({
    path: join(test.dataFolder, 'semantic-evidence.db'),
    clock: systemClock(),
    onTrouble: () => {},
  });
  const [account, gateway, at, asked, stored] = [THEIRS, 'g', Date.now(), CANARY, CANARY];
  store.putHit({
    ...{ id, account, gateway, at, asked, stored, served: true, entryId: id, partition: 'ab'.repeat(32) },
    ...{
      similarity: 1,
      probability: 1,
      storedRecordId: id,
      model: null,
      ageMs: 0,
      savedNanos: 1,
      savedMs: 1,
    },
  });
  store.putWrongPair({ id: PAIR, account, gateway, asked, stored, at, hitId: id });
  store.close();
}

const withAccount = API_ROUTES.filter((route) => route.path.includes('{account_id}'));
const nameOf = (route: { method: string; path: string }): string =>
  `${route.method} ${route.path.replace('/accounts/{account_id}/ai-gateway', '')}`;
const fill = (path: string, account: string, gateway: string): string =>
  path
    .replace('{account_id}', account)
    .replace('{gateway_id}', gateway)
    .replace('{provider}', 'openai')
    .replace('{rest}', 'models')
    .replace('{key}', 'a'.repeat(64))
    .replace(/\{(\w+)\}/g, (_, name: string) => theirIds[name] ?? `no-${name}`);

/** A body that is right, so that nothing but the tenant can be wrong. */
const BODIES: Readonly<Record<string, unknown>> = {
  'post /gateways/{gateway_id}/views': { name: 'x', page: 'logs', query: '' },
  'post /gateways/{gateway_id}/datasets': { name: 'x', enable: true, filters: [] },
  'put /gateways/{gateway_id}/datasets/{dataset_id}': { name: 'x', enable: true, filters: [] },
  'post /gateways/{gateway_id}/provider_configs': { provider_slug: 'openai', secret: 'test-key-of-ours' },
  'post /gateways/{gateway_id}/cache/semantic/compare': { asked: 'x', stored: 'y' },
  'post /gateways/{gateway_id}/cache/semantic/hits/{hit_id}/verdict': { verdict: 'wrong' },
  'put /gateways/{gateway_id}/provider_configs/{config_id}': { secret: 'test-key-of-ours' },
  'put /gateways/{gateway_id}': {
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  },
};

async function ask(route: (typeof API_ROUTES)[number], account: string, gateway: string) {
  const name = nameOf(route);
  let body: unknown = route.body && (BODIES[name] ?? {});
  if (name.startsWith('post /gateways/{gateway_id}/evaluations')) {
    body = { name: 'x', dataset_ids: [theirIds.dataset_id], evaluation_type_ids: ['cost'] };
  }
  return as(ADMIN_TOKEN, route.method.toUpperCase(), fill(route.path, account, gateway), body);
}

describe('21. another tenant', () => {
  it.each(withAccount.map((route) => [nameOf(route), route] as const))(
    '%s: the account is not there',
    async (_, route) => {
      const { status, text } = await ask(route, THEIRS, 'g');
      expect([status, text]).toEqual([404, expect.stringContaining('account not found')]);
    },
  );

  it.each(
    withAccount
      .filter((route) => route.path.includes('{gateway_id}'))
      .map((route) => [nameOf(route), route] as const),
  )('%s: a gateway of theirs is not there under our account', async (_, route) => {
    const { status, text } = await ask(route, OURS, 'g');
    expect([status, text]).toEqual([404, text]);
    expect(text).not.toContain(CANARY);
  });

  const OF_A_THING =
    /\{(config_id|provider_id|view_id|token_id|dataset_id|evaluation_id|log_id|session_id|hit_id|pair_id)\}/;
  it.each(
    withAccount
      .filter((route) => OF_A_THING.test(route.path))
      .map((route) => [nameOf(route), route] as const),
  )('%s: a thing of theirs is not there under our gateway', async (_, route) => {
    const { status, text } = await ask(route, OURS, 'ours');
    expect([status, text]).toEqual([404, text]);
    expect(text.replaceAll(`no-${CANARY}`, '')).not.toMatch(new RegExp(`"[^"]*${CANARY}[^"]*":|test-key`));
  });

  it('is in no list, sum, search or export of ours', async () => {
    const A = `/accounts/${OURS}/ai-gateway`;
    const filters = encodeURIComponent(
      JSON.stringify([{ key: 'metadata.value', operator: 'eq', value: [CANARY] }]),
    );
    for (const path of [
      '/gateways?per_page=100',
      `/gateways/ours/logs?search=${CANARY}`,
      `/gateways/ours/logs?filters=${filters}`,
      '/gateways/ours/logs/export?format=ndjson',
      '/gateways/ours/sessions',
      '/gateways/ours/cache/entries',
      '/gateways/ours/cache/semantic',
      '/gateways/ours/cache/semantic/hits',
      '/gateways/ours/cache/semantic/wrong-pairs',
      '/gateways/ours/cache/semantic/entries',
      '/custom-providers?per_page=100',
      '/providers?per_page=100',
      '/tokens?per_page=100',
      '/audit-logs?per_page=100',
      `/audit-logs?actor=${encodeURIComponent(`their ${CANARY}`)}`,
      '/attention',
      '/analytics?from=-24h&group_by=gateway',
      '/analytics?from=-24h&gateway=g',
      '/analytics?from=-24h&group_by=metadata:team',
    ]) {
      const { status, text } = await as(ADMIN_TOKEN, 'GET', A + path);
      expect([path, [200, 400, 404].includes(status)]).toEqual([path, true]);
      expect([path, text.includes(CANARY) || text.includes('"theirs"')]).toEqual([path, false]);
    }
    const query = `query { viewer { accounts(filter: {accountTag: "${THEIRS}"}) {
      aiGatewayRequestsAdaptiveGroups(limit: 10, filter: {}) { count dimensions { gateway } } } } }`;
    const { text } = await as(ADMIN_TOKEN, 'POST', '/graphql', { query });
    expect(text).not.toMatch(/"gateway":\s*"g"/);
    expect(text).not.toMatch(/"count":\s*[1-9]/);
  });

  it('is untouched by all of that', async () => {
    const base = `/accounts/${THEIRS}/ai-gateway`;
    const { result } = await as(theirToken, 'GET', `${base}/gateways/g/logs/${theirIds.log_id}`);
    expect(result).toMatchObject({ feedback: null, metadata: { team: CANARY } });
    for (const path of [
      '/gateways/g/provider_configs',
      '/gateways/g/views',
      '/gateways/g/cache/semantic/hits',
      '/gateways/g/cache/semantic/wrong-pairs',
      '/custom-providers',
      '/tokens',
    ]) {
      expect((await as(theirToken, 'GET', base + path)).text).toContain(CANARY);
    }
  });

  it('has ids in whatever form are not ours either', async () => {
    for (const id of [
      '..%2F..%2Ftheirs%2Fai-gateway%2Fgateways%2Fg',
      'theirs%2Fg',
      '%2e%2e',
      '__proto__',
      'g%00',
      "g' OR '1'='1",
      'G',
    ]) {
      const { status } = await as(ADMIN_TOKEN, 'GET', `/accounts/${OURS}/ai-gateway/gateways/${id}/logs`);
      expect([id, status]).toEqual([id, 404]);
    }
  });
});

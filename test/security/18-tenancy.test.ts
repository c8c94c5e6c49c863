import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSources } from '../../checks/source.ts';
import { newGateway } from '../../src/config/gateway-defaults.ts';
import { hashToken } from '../../src/config/tokens.ts';
import { openConfigStore } from '../../src/stores/sqlite/config.ts';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

const OTHER_TOKEN = 'test-token-of-the-other-account';
let test: TestGateway;

beforeAll(async () => {
  test = await startTestGateway();
  for (const id of ['a', 'b']) {
    await test.manage('POST', '/gateways', gatewayBody({ id, cache_ttl: 600 }));
    for (const alias of ['one', 'two']) {
      await test.manage('POST', `/gateways/${id}/provider_configs`, {
        provider_slug: 'openai',
        alias,
        default_config: false,
        // The same secret under every name: it is whose it is that counts.
        secret: 'test-key-stored-everywhere',
      });
    }
  }
  // There is no call that makes an account: what a second one would be is written where it would stand.
  const now = Date.now();
  const config = openConfigStore(join(test.dataFolder, 'config.db'));
  config.putAccount('other');
  config.putGateway({ ...newGateway('other', 'a', now), cacheTtl: 600 });
  config.putToken({
    id: 'tok_other',
    account: 'other',
    name: 'other',
    hash: hashToken(OTHER_TOKEN),
    preview: '',
    permissions: ['admin'],
    createdAt: now,
    expiresAt: null,
    revokedAt: null,
  });
  config.close();
  // The running gateway looks for changes of others once a second.
  await sleep(1300);
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

interface Scope {
  readonly name: string;
  readonly account: string;
  readonly gateway: string;
  readonly headers: Readonly<Record<string, string>>;
}

const local = { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}` };
const SCOPES: readonly Scope[] = [
  {
    name: 'key 1',
    account: 'local',
    gateway: 'a',
    headers: { ...local, authorization: 'Bearer test-key-1' },
  },
  {
    name: 'key 2',
    account: 'local',
    gateway: 'a',
    headers: { ...local, authorization: 'Bearer test-key-2' },
  },
  {
    name: 'gateway b',
    account: 'local',
    gateway: 'b',
    headers: { ...local, authorization: 'Bearer test-key-1' },
  },
  { name: 'stored one', account: 'local', gateway: 'a', headers: { ...local, 'cf-aig-byok-alias': 'one' } },
  { name: 'stored two', account: 'local', gateway: 'a', headers: { ...local, 'cf-aig-byok-alias': 'two' } },
  {
    name: 'stored one of b',
    account: 'local',
    gateway: 'b',
    headers: { ...local, 'cf-aig-byok-alias': 'one' },
  },
  {
    name: 'the stored secret, brought by the client',
    account: 'local',
    gateway: 'a',
    headers: { ...local, authorization: 'Bearer test-key-stored-everywhere' },
  },
  {
    name: 'other account',
    account: 'other',
    gateway: 'a',
    headers: { 'cf-aig-authorization': `Bearer ${OTHER_TOKEN}`, authorization: 'Bearer test-key-1' },
  },
];

const ask = async (
  scope: Scope,
  body: Record<string, unknown>,
  more: Readonly<Record<string, string>> = {},
): Promise<{ id: string; cache: string | null }> => {
  const response = await fetch(
    `${test.gateway.baseUrl}/v1/${scope.account}/${scope.gateway}/openai/chat/completions`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...scope.headers, ...more },
      body: JSON.stringify(body),
    },
  );
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { id: /"id":"([^"]+)"/.exec(text)![1]!, cache: response.headers.get('cf-aig-cache-status') };
};

const question = (text: string, stream = false) => ({
  model: 'gpt-4o-mini',
  stream,
  messages: [{ role: 'user', content: text }],
});

describe('18. answers of one scope in another', () => {
  it.each([
    ['whole answers', false, {}],
    ['streams', true, {}],
    ['answers under a key of the caller’s own', false, { 'cf-aig-cache-key': 'shared-name' }],
    ['streams under a key of the caller’s own', true, { 'cf-aig-cache-key': 'shared-name' }],
  ] as const)('never come, with identical bodies at the same time: %s', async (name, stream, more) => {
    const body = question(`canary ${name}`, stream);
    const seen = new Map<string, Set<string>>(SCOPES.map((scope) => [scope.name, new Set()]));
    let hits = 0;
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        SCOPES.flatMap((scope) => [scope, scope, scope]).map(async (scope) => {
          const { id, cache } = await ask(scope, body, more);
          seen.get(scope.name)!.add(id);
          if (cache === 'HIT') hits++;
        }),
      );
    }
    // Every answer of the provider has an id of its own: one that two scopes saw was shared.
    const owners = new Map<string, string>();
    for (const [scope, ids] of seen) {
      for (const id of ids) {
        expect(owners.get(id) ?? scope, `${id} was seen by ${scope}`).toBe(scope);
        owners.set(id, scope);
      }
    }
    // And the cache was on, or all this would show nothing.
    expect(hits).toBeGreaterThanOrEqual(SCOPES.length * 6);
  });

  it('never come to another key in a query, whatever the caller names the entry', async () => {
    const path = 'google-ai-studio/v1beta/models/gemini-2.5-flash:generateContent';
    const get = async (key: string): Promise<string | null> => {
      const response = await fetch(`${test.base('a')}/${path}?key=${key}`, {
        method: 'POST',
        headers: { ...local, 'content-type': 'application/json', 'cf-aig-cache-key': 'of-a-query' },
        body: '{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}',
      });
      await response.arrayBuffer();
      return response.headers.get('cf-aig-cache-status');
    };
    expect(await get('test-key-1')).toBe('MISS');
    expect(await get('test-key-1')).toBe('HIT');
    expect(await get('test-key-2')).toBe('MISS');
    expect(test.provider.requests).toHaveLength(2);
  });

  it('do not come back after the stored key was replaced', async () => {
    const scope = SCOPES.find(({ name }) => name === 'stored two')!;
    const body = question('before and after');
    const first = await ask(scope, body);
    expect((await ask(scope, body)).id).toBe(first.id);
    const keys = (await test.manage('GET', '/gateways/a/provider_configs')) as {
      id: string;
      alias: string;
    }[];
    const { id } = keys.find(({ alias }) => alias === 'two')!;
    await test.manage('PUT', `/gateways/a/provider_configs/${id}`, { secret: 'test-key-of-another-payer' });
    const second = await ask(scope, body);
    expect(second.cache).toBe('MISS');
    expect(second.id).not.toBe(first.id);
  });

  it('do not reach callers that are not let in: a token of one account is none in the other', async () => {
    for (const [account, token] of [
      ['other', ADMIN_TOKEN],
      ['local', OTHER_TOKEN],
    ]) {
      const response = await fetch(`${test.gateway.baseUrl}/v1/${account}/a/openai/chat/completions`, {
        method: 'POST',
        headers: { 'cf-aig-authorization': `Bearer ${token}`, authorization: 'Bearer test-key-1' },
        body: JSON.stringify(question('canary whole answers')),
      });
      expect(response.status).toBe(401);
      await response.arrayBuffer();
    }
    expect(test.provider.requests).toHaveLength(0);
  });
});

describe('19. what a scope can learn of another’s cache', () => {
  it('is nothing: the first question of each scope goes to the provider, and its reply says so', async () => {
    const body = question('has anyone asked this');
    let calls = 0;
    for (const scope of SCOPES) {
      const { cache } = await ask(scope, body);
      expect(cache, scope.name).toBe('MISS');
      expect(test.provider.requests).toHaveLength(++calls);
    }
    for (const scope of SCOPES) expect((await ask(scope, body)).cache).toBe('HIT');
    expect(test.provider.requests).toHaveLength(calls);
  });

  it('cannot be more: nothing reads the cache but the stage that has made a scoped key, and the removal by key', () => {
    const sources = readSources(join(import.meta.dirname, '../..'), 'src').filter(
      ({ path }) => !path.endsWith('.test.ts'),
    );
    const reading = sources
      .filter(({ code }) => /\b(?:cache|services\.store|services\.cache)\s*\.\s*find\s*\(/.test(code))
      .map(({ path }) => path);
    expect(reading).toEqual(['src/api/cache.ts', 'src/pipeline/stages/answer-from-cache.ts']);
    const making = sources.filter(({ code }) => /(?<!function )\bcacheKey\s*\(/.test(code));
    expect(making.map(({ path }) => path)).toEqual(['src/composition/key-of-step.ts']);
    // No answer is read by anything but a whole key: no prefix, no search. The list is of one gateway, without answers.
    const store = sources.find(({ path }) => path === 'src/core/stores/cache.ts')!.code;
    expect([...store.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name)).toEqual([
      'find',
      'put',
      'delete',
      'purge',
      'purgeSome',
      'addHits',
      'list',
      'stats',
      'close',
    ]);
  });

  it('is nothing by the removal of an entry either: the key of another gateway’s entry is not found', async () => {
    const response = await fetch(`${test.base('a')}/openai/chat/completions`, {
      method: 'POST',
      headers: { ...SCOPES[0]!.headers, 'content-type': 'application/json' },
      body: JSON.stringify(question('remove me')),
    });
    await response.arrayBuffer();
    const key = /[0-9a-f]{64}/.exec(JSON.stringify(await test.record(response, 'a')))![0];
    for (const other of [key, '0'.repeat(64), 'x', '%2e%2e'])
      await expect(test.manage('DELETE', `/gateways/b/cache/${other}`)).rejects.toThrow(/404/);
    expect((await ask(SCOPES[0]!, question('remove me'))).cache).toBe('HIT');
    await test.manage('DELETE', `/gateways/a/cache/${key}`);
    expect((await ask(SCOPES[0]!, question('remove me'))).cache).toBe('MISS');
  });
});

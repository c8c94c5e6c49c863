import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

/** Cloudflare's own command line, of which only the base URL is changed. */
const require = createRequire(import.meta.url);
const program = join(dirname(require.resolve('cf/package.json')), 'bin/cf');
const TIMEOUT_MS = 120_000;

let test: TestGateway;
let logId: string;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', { id: 'shop' });
  const reply = await fetch(`${test.base('shop')}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-key',
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  logId = String((await test.record(reply, 'shop')).id);
});
afterAll(() => test.close());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly problem: string;
}

function cf(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, 'ai-gateway', ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: test.dataFolder,
      CF_HIDE_COMMANDS: 'false',
      CF_NO_PROMPT: '1',
      NO_COLOR: '1',
      CLOUDFLARE_BASE_URL: `${test.gateway.baseUrl}/client/v4`,
      CLOUDFLARE_API_TOKEN: ADMIN_TOKEN,
      CLOUDFLARE_ACCOUNT_ID: 'local',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let problem = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (problem += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, problem })));
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, out, problem } = await cf(...args);
  expect([args, code, problem, out]).toEqual([args, 0, expect.any(String), out]);
  return JSON.parse(out) as T;
}

type Thing = Record<string, unknown>;

it('is installed', () => {
  expect(existsSync(program)).toBe(true);
});

it(
  'lists, shows, creates and changes gateways',
  async () => {
    expect(await json<Thing[]>('list')).toMatchObject([{ id: 'shop' }]);
    expect(await json<Thing>('get', 'shop')).toMatchObject({ id: 'shop', cache_ttl: 0 });
    const body = JSON.stringify(gatewayBody({ id: 'by-cf', cache_ttl: 300 }));
    expect(await json<Thing>('create', '--body', body)).toMatchObject({ id: 'by-cf', cache_ttl: 300 });
    const changed = JSON.stringify(gatewayBody({ cache_ttl: 600 }));
    expect(await json<Thing>('update', 'by-cf', '--body', changed)).toMatchObject({ cache_ttl: 600 });
    expect(await test.manage('GET', '/gateways/by-cf')).toMatchObject({ cache_ttl: 600 });
  },
  TIMEOUT_MS,
);

it(
  'reads logs and their bodies, and says what people think of them',
  async () => {
    // It adds success=false and cached=false to every list, unless told otherwise.
    expect(await json<Thing[]>('logs', 'list', 'shop', '--success')).toMatchObject([
      { id: logId, model: expect.stringContaining('gpt-4o') },
    ]);
    expect(await json<Thing[]>('logs', 'list', 'shop')).toEqual([]);
    const filters = JSON.stringify([{ key: 'provider', operator: 'eq', value: ['anthropic'] }]);
    expect(await json<Thing[]>('logs', 'list', 'shop', '--success', '--filters', filters)).toEqual([]);
    expect(await json<Thing>('logs', 'get', logId, 'shop')).toMatchObject({ id: logId, status_code: 200 });
    expect(await json<Thing>('logs', 'request', logId, 'shop')).toMatchObject({ model: 'gpt-4o' });
    expect((await cf('logs', 'edit', logId, 'shop', '--feedback', '1')).code).toBe(0);
    expect(await test.manage('GET', `/gateways/shop/logs/${logId}`)).toMatchObject({ feedback: 1 });
  },
  TIMEOUT_MS,
);

it(
  'stores provider keys, and tells addresses',
  async () => {
    const body = JSON.stringify({
      alias: 'default',
      default_config: true,
      provider_slug: 'openai',
      secret: 'test-key-openai-4f2a',
    });
    const key = await json<Thing>('provider-configs', 'create', 'shop', '--body', body);
    expect(key).toMatchObject({ provider_slug: 'openai', secret_preview: '…4f2a' });
    const list = await cf('provider-configs', 'list', 'shop');
    expect(list.out).toContain(String(key.id));
    expect(list.out).not.toContain('test-key-openai');
    expect((await cf('urls', 'get', 'shop', 'openai')).out).toContain(`${test.base('shop')}/openai`);
  },
  TIMEOUT_MS,
);

it(
  'shows the error of a thing that is not there',
  async () => {
    const { code, out, problem } = await cf('get', 'missing');
    expect(code).not.toBe(0);
    expect(out + problem).toMatch(/gateway not found|7002/);
  },
  TIMEOUT_MS,
);

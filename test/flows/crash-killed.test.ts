import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from '../../src/demo/provider/server.ts';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { ask, chat, type RawReply, sleep, until } from './fault-client.ts';

const KILLS = 20;
const CLIENTS = 8;

let folder: string;
let provider: ScriptedProvider;
let running: TidegateProcess;
let baseUrl = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-crash-'));
  provider = await startScriptedProvider({ recordLimit: 0 });
});
afterAll(async () => {
  running.child.kill('SIGKILL');
  await running.ended;
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  running = startTidegate(folder, ['start', '--port', '0'], {
    TIDEGATE_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDEGATE_LOG_LEVEL: 'error',
    TIDEGATE_PROVIDER_OPENAI_URL: `${provider.url}/openai/v1`,
    TIDEGATE_PROVIDER_ANTHROPIC_URL: `${provider.url}/anthropic`,
  });
  const banner = await running.printed('Ctrl-C stops');
  baseUrl = /Base URL +(http:\/\/[^/\s]+)/.exec(banner)![1]!;
}

async function manage(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

interface Sent {
  readonly gateway: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

let asked = 0;
const OPENAI = 'openai/chat/completions';
/** Requests of every kind, in turn. */
function nextRequest(): Sent {
  const n = asked++;
  const one = (fields: object, fault: string, more: Partial<Sent> = {}): Sent => ({
    gateway: 'default',
    path: OPENAI,
    body: JSON.stringify(chat({ ...fields }, `Question ${n}`)),
    headers: fault === '' ? {} : { 'x-scripted-fault': fault },
    ...more,
  });
  const kinds: (() => Sent)[] = [
    () => one({}, ''),
    () => one({ stream: true }, ''),
    () => one({ stream: true }, 'tokens=30;tokenMs=4'),
    () => one({}, 'status=400'),
    () => one({}, 'cut'),
    () => one({ stream: true }, 'errorEvent=3'),
    () => one({}, '', { gateway: 'caching', body: JSON.stringify(chat({}, 'Asked again and again')) }),
    () => one({}, '', { gateway: 'counted' }),
    () =>
      one({}, '', {
        headers: {
          'x-scripted-fault': `status=503;retryAfter=0;times=1;key=${n}`,
          'cf-aig-max-attempts': '2',
          'cf-aig-retry-delay': '5',
        },
      }),
    () => one({}, '', { body: JSON.stringify(chat({}, `${n} ${'long '.repeat(40_000)}`)) }),
    () => one({}, '', { path: 'nowhere/chat' }),
  ];
  return kinds[n % kinds.length]!();
}

interface Ended {
  readonly id: string;
  readonly sent: Sent;
  readonly reply: RawReply;
}

it('killed twenty times in the middle of traffic, it loses no record whose reply had ended, and doubles none', async () => {
  const ended: Ended[] = [];
  await start();
  await manage('POST', '/gateways', { id: 'caching', cache_ttl: 3600 });
  await manage('POST', '/gateways', {
    id: 'counted',
    rate_limiting_limit: 1_000_000,
    rate_limiting_interval: 86_400,
    rate_limiting_technique: 'sliding',
  });
  // The gateway that the first request makes, made before there are many first requests.
  await ask(`${baseUrl}/v1/local/default/${OPENAI}`, { body: chat() });
  await manage('DELETE', '/gateways/default/logs');
  let toCounted = 0;

  for (let kill = 0; kill < KILLS; kill++) {
    let isUp = true;
    const client = async (): Promise<void> => {
      while (isUp) {
        const sent = nextRequest();
        if (sent.gateway === 'counted') toCounted++;
        try {
          const reply = await ask(`${baseUrl}/v1/local/${sent.gateway}/${sent.path}`, sent);
          const id = reply.headers['cf-aig-log-id'];
          if (reply.whole && typeof id === 'string') ended.push({ id, sent, reply });
        } catch {
          // The connection ended with the process: this reply had not ended.
        }
      }
    };
    const clients = Array.from({ length: CLIENTS }, client);
    // Traffic must be under way, however slow the machine is; the moment within it is chance.
    const before = ended.length;
    await until(async () => ended.length >= before + 11, 'no traffic', 20_000);
    await sleep(Math.random() * 340);
    running.child.kill('SIGKILL');
    await running.ended;
    isUp = false;
    await Promise.all(clients);
    await start();
  }
  expect(ended.length).toBeGreaterThan(KILLS * 10);

  await until(
    async () => {
      const health = (await (await fetch(`${baseUrl}/healthz`)).json()) as {
        spool: { backlogBytes: number };
      };
      return health.spool.backlogBytes === 0;
    },
    'the spool is not taken over',
    20_000,
  );
  const health = (await (await fetch(`${baseUrl}/healthz`)).json()) as object;
  expect(health).toMatchObject({ status: 'ok', counters: {} });

  const rows = new Map<string, Record<string, unknown>>();
  let listed = 0;
  for (const gateway of ['default', 'caching', 'counted']) {
    for (let page = 1; ; page++) {
      const answer = (await (
        await manage('GET', `/gateways/${gateway}/logs?per_page=50&page=${page}&order_by=created_at`)
      ).json()) as { result: Record<string, unknown>[]; result_info: { total_count: number } };
      for (const row of answer.result) {
        listed++;
        rows.set(String(row.id), { ...row, gateway });
      }
      if (page * 50 >= answer.result_info.total_count) break;
    }
  }
  // Nothing is there twice, and nothing that was never asked.
  expect(rows.size).toBe(listed);
  expect(listed).toBeLessThanOrEqual(asked);
  expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
  // Nothing is lost.
  const lost = ended.filter(({ id }) => !rows.has(id));
  expect(lost).toEqual([]);
  for (const { id, sent, reply } of ended) {
    expect(rows.get(id)).toMatchObject({
      gateway: sent.gateway,
      status_code: reply.status,
      outcome: 'complete',
      request_size: sent.path === OPENAI ? sent.body.length : 0,
      response_size: reply.body.length,
    });
  }

  // The bodies of a sample, spread over all lives of the process.
  const stride = Math.ceil(ended.length / 80);
  for (const { id, sent, reply } of ended.filter((_, i) => i % stride === 0)) {
    const body = async (side: string): Promise<Buffer> =>
      Buffer.from(await (await manage('GET', `/gateways/${sent.gateway}/logs/${id}/${side}`)).arrayBuffer());
    expect((await body('response')).equals(reply.body)).toBe(true);
    if (sent.path === OPENAI) expect((await body('request')).toString()).toBe(sent.body);
  }

  // Rate counts: none of those that ended is forgotten, none was invented.
  const last = await ask(`${baseUrl}/v1/local/counted/${OPENAI}`, { body: chat() });
  const counted = 1_000_000 - Number(last.headers['ratelimit-remaining']) - 1;
  expect(counted).toBeGreaterThanOrEqual(ended.filter(({ sent }) => sent.gateway === 'counted').length);
  expect(counted).toBeLessThanOrEqual(toCounted);

  // What had reached the disk tier of the cache is still there.
  const hit = await ask(`${baseUrl}/v1/local/caching/${OPENAI}`, { body: chat({}, 'Asked again and again') });
  expect(hit.headers['cf-aig-cache-status']).toBe('HIT');
}, 120_000);

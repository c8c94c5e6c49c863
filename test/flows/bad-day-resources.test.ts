import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedProvider, startScriptedProvider } from '../../src/demo/provider/server.ts';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { startTidegate, type TidegateProcess } from '../support/tidegate-process.ts';
import { ask, chat, type RawReply, sleep, until } from './fault-client.ts';

/** Of util-linux: sets limits of a process that runs. */
const PRLIMIT = 'prlimit';

let folder: string;
let provider: ScriptedProvider;
let running: TidegateProcess;
let baseUrl: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-resources-'));
  provider = await startScriptedProvider();
  running = startTidegate(folder, ['start', '--port', '0'], {
    TIDEGATE_ADMIN_TOKEN: ADMIN_TOKEN,
    TIDEGATE_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDEGATE_PROVIDER_OPENAI_URL: `${provider.url}/openai/v1`,
  });
  const banner = await running.printed('Ctrl-C stops');
  baseUrl = /Base URL +(http:\/\/[^/\s]+)/.exec(banner)![1]!;
  await manage('POST', '/gateways', {
    id: 'caching',
    cache_ttl: 600,
    rate_limiting_limit: 1000,
    rate_limiting_interval: 3600,
  });
  expect((await send('Before')).status).toBe(200);
});
afterEach(async () => {
  running.child.kill('SIGKILL');
  await running.ended;
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

async function manage(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${baseUrl}/client/v4/accounts/local/ai-gateway${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const send = (question: string, fields: object = {}): Promise<RawReply> =>
  ask(`${baseUrl}/v1/local/caching/openai/chat/completions`, { body: chat({ ...fields }, question) });

interface Health {
  readonly status: string;
  readonly degraded: readonly { component: string; message: string }[];
  readonly counters: Readonly<Record<string, number>>;
  readonly openRequests: number;
  readonly openUpstream: number;
}
const health = async (): Promise<Health> => (await (await fetch(`${baseUrl}/healthz`)).json()) as Health;

/** Sets a soft limit of the running gateway; the hard one stays, so that it can be taken back. */
function limit(resource: 'fsize' | 'nofile', value: number | 'unlimited'): void {
  const pid = String(running.child.pid);
  const hard = execFileSync(PRLIMIT, ['--pid', pid, `--${resource}`, '--noheadings', '-o', 'HARD'])
    .toString()
    .trim();
  execFileSync(PRLIMIT, ['--pid', pid, `--${resource}=${value === 'unlimited' ? hard : value}:${hard}`]);
}

function hasPrlimit(): boolean {
  try {
    execFileSync(PRLIMIT, ['--version']);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasPrlimit())('with limits set from outside', () => {
  it('a disk that takes no byte more costs records, said loudly, and no request; then it recovers', async () => {
    limit('fsize', 0);
    const replies: RawReply[] = [];
    for (let i = 0; i < 20; i++) replies.push(await send(`While full ${i}`, { stream: i % 2 === 0 }));
    for (const reply of replies) expect(reply).toMatchObject({ status: 200, whole: true });
    // Counted in memory, and answered from memory.
    expect(replies.at(-1)!.headers['ratelimit-remaining']).toBe('979');
    expect((await send('While full 1', { stream: false })).headers['cf-aig-cache-status']).toBe('HIT');
    const full = await health();
    expect(full.status).toBe('degraded');
    expect(full.degraded.map(({ component }) => component)).toEqual(
      expect.arrayContaining(['spool', 'counters']),
    );
    expect(full.counters.records_lost).toBeGreaterThanOrEqual(20);
    expect(full.counters.counter_writes_lost).toBeGreaterThanOrEqual(20);

    limit('fsize', 'unlimited');
    const after = await send('Room again');
    expect(after.status).toBe(200);
    let later = 0;
    await until(
      async () => {
        await send(`Later ${later++}`);
        return (await health()).status === 'ok';
      },
      'it does not recover',
      15_000,
    );
    const id = after.headers['cf-aig-log-id'];
    await until(
      async () => (await manage('GET', `/gateways/caching/logs/${id}`)).status === 200,
      'the record after the bad time is missing',
    );
    expect((await health()).counters.records_lost).toBe(full.counters.records_lost);
    running.child.kill('SIGTERM');
    const { code, problem } = await running.ended;
    expect(code).toBe(0);
    expect(problem).toMatch(/"level":"error".*could not be written to the spool/);
    expect(problem).toMatch(/the spool takes records again/);
  });

  it('file descriptors that run out cost the connections that do not fit, and nothing that comes later', async () => {
    const inUse = readdirSync(`/proc/${running.child.pid}/fd`).length;
    const port = Number(new URL(baseUrl).port);
    limit('nofile', inUse + 12);
    const clients: Socket[] = [];
    for (let i = 0; i < 60; i++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      clients.push(socket);
    }
    await sleep(300);
    // Nobody hangs for ever: a request is answered, or its connection is not taken.
    const crowded = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) =>
        ask(`${baseUrl}/v1/local/caching/openai/chat/completions`, {
          body: chat({}, `Crowded ${i}`),
          leaveAfterMs: 1000,
        }),
      ),
    );
    for (const result of crowded) {
      if (result.status === 'fulfilled') expect([200, 400]).toContain(result.value.status);
    }
    expect(running.child.exitCode).toBeNull();
    for (const socket of clients) socket.destroy();
    await until(
      async () => {
        try {
          return (await send('Afterwards')).status === 200;
        } catch {
          return false;
        }
      },
      'it does not serve again',
      10_000,
    );
    const rested = await health();
    expect(rested.openUpstream).toBe(0);
    const reply = await send('A record of it');
    await until(
      async () =>
        (await manage('GET', `/gateways/caching/logs/${reply.headers['cf-aig-log-id']}`)).status === 200,
      'records are not kept any more',
    );
  });

  it('without a descriptor left for the provider, a client that is connected is told so', async () => {
    const port = Number(new URL(baseUrl).port);
    const idle = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await sleep(50);
    limit('nofile', 3);
    const body = JSON.stringify(chat({}, 'No descriptor'));
    // Two at once: one may have the connection that is kept to the provider.
    const speak = (socket: Socket): Promise<string> =>
      new Promise((resolve) => {
        let text = '';
        socket.on('data', (chunk) => {
          text += String(chunk);
          if (text.includes('\r\n\r\n')) setTimeout(() => resolve(text), 100);
        });
        socket.once('close', () => resolve(text));
        socket.write(
          `POST /v1/local/caching/openai/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\ncf-aig-skip-cache: true\r\nauthorization: Bearer test-key-openai\r\nx-scripted-fault: delayMs=200\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      });
    const answers = await Promise.all(idle.map(speak));
    limit('nofile', 'unlimited');
    for (const socket of idle) socket.destroy();
    const refused = answers.filter((text) => text.startsWith('HTTP/1.1 400'));
    expect(answers.every((text) => /^HTTP\/1\.1 (200|400)/.test(text))).toBe(true);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const text of refused) expect(text).toContain('no free file descriptor');
    const without = await health();
    expect(without).toMatchObject({ status: 'degraded', openUpstream: 0 });
    expect(without.degraded).toContainEqual(
      expect.objectContaining({
        component: 'file-descriptors',
        message: expect.stringContaining('ulimit -n'),
      }),
    );
    let later = 0;
    await until(async () => {
      const onwards = await Promise.all(Array.from({ length: 4 }, () => send(`Onwards ${later++}`)));
      expect(onwards.map((reply) => reply.status)).toEqual([200, 200, 200, 200]);
      return (await health()).status === 'ok';
    }, 'it does not recover');
    expect(await health()).toMatchObject({ openUpstream: 0 });
  });
});

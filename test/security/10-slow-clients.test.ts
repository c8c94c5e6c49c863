import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';
import { openSocket, sendRaw } from './raw-http.ts';

const IDLE_SOCKETS = 2000;
let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway({
    env: {
      TIDEGATE_CLIENT_TIMEOUT_MS: '700',
      TIDEGATE_CLIENT_STALL_MS: '700',
      TIDEGATE_MAX_BODY_BYTES: '2000000',
      TIDEGATE_BUFFER_BYTES: '1000000',
      TIDEGATE_INFLIGHT_BYTES: '4000000',
    },
  });
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const HEAD = `POST /v1/local/g/openai/chat/completions HTTP/1.1\r\nHost: x\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\nauthorization: Bearer test-key\r\ncontent-type: application/json\r\n`;
const BODY = '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}';

const ask = async (): Promise<number> => {
  const startedAt = performance.now();
  const response = await fetch(`${test.base('g')}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      authorization: 'Bearer test-key',
      'content-type': 'application/json',
    },
    body: BODY,
  });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
  return performance.now() - startedAt;
};

const healthz = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Record<string, unknown>;

const settled = async (): Promise<void> => {
  let now: Record<string, unknown> = {};
  const end = performance.now() + 3000;
  do {
    now = await healthz();
    if (now.openRequests === 0 && now.openUpstream === 0 && now.heldRequestBytes === 0) return;
    await sleep(20);
  } while (performance.now() < end);
  expect(now).toMatchObject({ openRequests: 0, openUpstream: 0, heldRequestBytes: 0 });
};

describe('10. slow clients', () => {
  it('ends a head that drips in, with 408, within the time-out', async () => {
    const startedAt = performance.now();
    const socket = await openSocket(test.gateway.port);
    const closed = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
    });
    const drip = setInterval(() => socket.write('x'), 20);
    socket.write(`${HEAD}x-slow: `);
    const text = await closed;
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1\.1 408/);
    // The sweep runs each time-out once.
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await settled();
  });

  it('ends a body that drips in, with 408, and makes no call', async () => {
    const socket = await openSocket(test.gateway.port);
    const closed = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
    });
    socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
    const drip = setInterval(() => socket.write(' '), 20);
    expect(await closed).toMatch(/^HTTP\/1\.1 408/);
    clearInterval(drip);
    expect(test.provider.requests).toHaveLength(0);
    await settled();
  });

  it('cuts a client that reads nothing, and lets go of the provider', async () => {
    test.provider.script([{ endless: true }]);
    const socket = await openSocket(test.gateway.port);
    socket.pause();
    const body = BODY.replace('{', '{"stream":true,');
    socket.write(`${HEAD}content-length: ${body.length}\r\n\r\n${body}`);
    await eventually(() => test.provider.requests.length === 1, 'no call');
    await eventually(() => test.provider.openStreams === 0, 'the provider still sends', 8000);
    socket.destroy();
    await settled();
    expect(test.provider.requests[0]!.aborted).toBe(true);
  });

  it('serves others while thousands of sockets stay idle, and holds next to no memory for them', async () => {
    await ask();
    const before = process.memoryUsage();
    const sockets: Socket[] = [];
    // In lots: what the machine's accept queue drops is no matter of the gateway.
    while (sockets.length < IDLE_SOCKETS)
      sockets.push(...(await Promise.all(Array.from({ length: 250 }, () => openSocket(test.gateway.port)))));
    try {
      // A third says nothing, a third begins a head, a third announces a body that never comes.
      sockets.forEach((socket, index) => {
        if (index % 3 === 1) socket.write('POST /v1/local/g/openai/chat/completions HTTP/1.1\r\nHost: x\r\n');
        if (index % 3 === 2) socket.write(`${HEAD}content-length: 100\r\n\r\n{`);
      });
      const times: number[] = [];
      for (let i = 0; i < 20; i++) times.push(await ask());
      times.sort((a, b) => a - b);
      // The median: one slow answer on a busy machine says nothing.
      expect(times[10]).toBeLessThan(250);
      const grown = process.memoryUsage().rss - before.rss;
      // Both ends of each socket live in this process.
      expect(grown / IDLE_SOCKETS).toBeLessThan(100 * 1024);
      // None of them reads or closes its side: the gateway must get rid of them all the same.
      await sleep(2000);
      await settled();
      const ended = Promise.all(
        sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).resume())),
      );
      await Promise.race([ended, sleep(3000).then(() => expect.fail('the gateway keeps idle sockets'))]);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    expect(test.provider.requests.length).toBe(21);
    await settled();
  });

  it('answers 503 when all requests together hold as many bytes as they may, and recovers', async () => {
    const head = `${HEAD}content-length: 900000\r\n\r\n`;
    const chunkedHead = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
    const sockets = await Promise.all(Array.from({ length: 5 }, () => openSocket(test.gateway.port)));
    const answers = sockets.map(
      (socket) =>
        new Promise<string>((resolve) => {
          let text = '';
          socket.on('data', (chunk) => {
            text += String(chunk);
          });
          socket.on('close', () => resolve(text));
        }),
    );
    sockets.forEach((socket, index) => {
      // Without an announced length, what counts is what has come.
      if (index < 4) socket.write(`${head}${'x'.repeat(899_000)}`);
    });
    const end = performance.now() + 600;
    while (Number((await healthz()).heldRequestBytes) < 3_500_000 && performance.now() < end) await sleep(5);
    sockets[4]!.write(`${chunkedHead}${(500_000).toString(16)}\r\n${'x'.repeat(500_000)}\r\n`);
    expect(await answers[4]).toMatch(/^HTTP\/1\.1 503[\s\S]*"internalCode":9503/);
    for (const answer of answers.slice(0, 4)) expect(await answer).toMatch(/^HTTP\/1\.1 408/);
    await settled();
    await ask();
  });
});

describe('11. fixed limits', () => {
  const send = (fields: string, path = '/v1/local/g/openai/models') =>
    sendRaw(
      test.gateway.port,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nconnection: close\r\ncf-aig-authorization: Bearer ${ADMIN_TOKEN}\r\nauthorization: Bearer test-key\r\n${fields}\r\n`,
      2000,
    );

  it('answers 431 for too many header bytes or fields, on every surface, and passes what is within', async () => {
    const many = (count: number) => 'x-a: b\r\n'.repeat(count);
    expect((await send(many(200))).status).toBe(200);
    for (const path of [
      '/v1/local/g/openai/models',
      '/healthz',
      '/client/v4/accounts/local/ai-gateway/gateways',
    ]) {
      for (const count of [257, 2500, 9000]) {
        const answer = await send(many(count), path);
        expect(answer.status, `${count} at ${path}`).toBe(431);
        expect(answer.closed).toBe(true);
      }
      expect((await send(`x-big: ${'a'.repeat(70_000)}\r\n`, path)).status).toBe(431);
      expect((await send(`${'n'.repeat(70_000)}: a\r\n`, path)).status).toBe(431);
    }
    expect(test.provider.requests).toHaveLength(1);
  });

  it('answers 414 for a request line that no provider takes', async () => {
    expect((await send('', `/v1/local/g/openai/models?x=${'a'.repeat(10_000)}`)).status).toBe(200);
    for (const path of ['/v1/local/g/openai/', '/healthz?', '/client/v4/'])
      expect((await send('', path + 'a'.repeat(20_000))).status).toBe(414);
    expect((await send('', `/v1/local/g/openai/${'a'.repeat(70_000)}`)).status).toBe(431);
    expect(test.provider.requests).toHaveLength(1);
  });

  it('answers 413 for a body over the limit: announced before it comes, otherwise when it is too long', async () => {
    const announced = await sendRaw(test.gateway.port, `${HEAD}content-length: 2000001\r\n\r\n`, 2000);
    expect(announced.status).toBe(413);
    expect(announced.closed).toBe(true);
    const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
    const grown = await sendRaw(
      test.gateway.port,
      [`${HEAD}transfer-encoding: chunked\r\n\r\n`, ...Array.from({ length: 25 }, () => chunk)],
      2000,
    );
    expect(grown.status).toBe(413);
    expect(grown.closed).toBe(true);
    await settled();
    for (const request of test.provider.requests) expect(request.aborted).toBe(true);
  });

  it('has no limit that is switched off by default', async () => {
    const { loadSettings } = await import('../../src/config/settings.ts');
    const defaults = loadSettings({ flags: new Map(), file: null, providers: [], env: {} });
    expect(defaults).toMatchObject({
      maxBodyBytes: 104_857_600,
      maxHeaderBytes: 65_536,
      bufferBytes: 26_214_400,
      inflightBytes: 1_073_741_824,
      clientTimeoutMs: 300_000,
      clientStallMs: 120_000,
    });
  });
});

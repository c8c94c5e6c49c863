import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';

let test: TestGateway;
let upstreamPort: number;
/** What a provider does with a connection once a request has come: bytes are its own. */
let misbehave: (socket: Socket) => void = (socket) => socket.destroy();
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.once('data', () => misbehave(socket));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstreamPort = (server.address() as AddressInfo).port;
  test = await startTestGateway({
    env: { TIDEGATE_UPSTREAM_IDLE_MS: '1500', TIDEGATE_LOG_PAYLOAD_BYTES: '1000000' },
  });
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'h', cache_ttl: 60, provider_urls: { openai: `http://127.0.0.1:${upstreamPort}` } }),
  );
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g', cache_ttl: 60 }));
});
afterAll(async () => {
  await test.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => test.provider.reset());

let serial = 0;
const ask = (gateway: string, more: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(`${test.base(gateway)}/openai/chat/completions`, {
    method: 'POST',
    headers: {
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      authorization: 'Bearer test-key',
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: `q${++serial}` }],
      ...more,
    }),
    ...(signal ? { signal } : {}),
  });

const health = async (): Promise<Record<string, unknown>> =>
  (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Record<string, unknown>;

const nothingOpen = async (): Promise<void> => {
  const end = performance.now() + 3000;
  for (;;) {
    const now = await health();
    if (now.openRequests === 0 && now.openUpstream === 0) return;
    if (performance.now() > end) expect(now).toMatchObject({ openRequests: 0, openUpstream: 0 });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Reads to the end or the break. */
const drain = async (response: Response): Promise<{ bytes: number; broken: boolean }> => {
  let bytes = 0;
  try {
    for await (const chunk of response.body!) bytes += (chunk as Uint8Array).length;
    return { bytes, broken: false };
  } catch {
    return { bytes, broken: true };
  }
};

/** Resident memory that `work` has at its highest, beyond what there was. */
const highWater = async (work: () => Promise<void>): Promise<number> => {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 10);
  await work();
  clearInterval(timer);
  return most - before;
};

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const EVENT = 'data: {"id":"x","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';

/** Writes `piece` until it has written so many bytes, with back-pressure, then calls `then`. */
const pour = (socket: Socket, piece: string, bytes: number, then: () => void): void => {
  const block = Buffer.from(piece.repeat(Math.max(1, Math.floor(65_536 / piece.length))));
  let left = bytes;
  const go = (): void => {
    while (left > 0 && !socket.destroyed) {
      left -= block.length;
      if (!socket.write(block)) {
        socket.once('drain', go);
        return;
      }
    }
    if (!socket.destroyed) then();
  };
  go();
};

describe('15. hostile upstreams', () => {
  it('endless stream: the client may leave at any time, and the provider is let go', async () => {
    misbehave = (socket) => {
      socket.write(`${HEAD}\r\n`);
      pour(socket, EVENT, Number.POSITIVE_INFINITY, () => {});
    };
    const grown = await highWater(async () => {
      const leaving = new AbortController();
      const response = await ask('h', { stream: true }, leaving.signal);
      let bytes = 0;
      for await (const chunk of response.body!) {
        bytes += (chunk as Uint8Array).length;
        if (bytes > 100_000_000) break;
      }
      leaving.abort();
      const row = await test.record(response, 'h');
      expect(row).toMatchObject({ success: false, status_code: 200 });
    });
    expect(grown).toBeLessThan(200 * 1024 * 1024);
    await nothingOpen();
    await eventually(() => sockets.size === 0, 'the upstream connection is still open');
  });

  it('endless stream that nobody reads: the provider is held back, not stored', async () => {
    let poured = 0;
    misbehave = (socket) => {
      socket.write(`${HEAD}\r\n`);
      const timer = setInterval(() => {
        poured = socket.bytesWritten - socket.writableLength;
      }, 10);
      socket.on('close', () => clearInterval(timer));
      pour(socket, EVENT, Number.POSITIVE_INFINITY, () => {});
    };
    const leaving = new AbortController();
    const response = await ask('h', { stream: true }, leaving.signal);
    expect(response.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    // What sockets and buffers on the way take, and no more.
    expect(poured).toBeLessThan(32 * 1024 * 1024);
    leaving.abort();
    await nothingOpen();
  });

  it('a line of 64 MB without end passes in bounded memory', async () => {
    misbehave = (socket) => {
      socket.write(`${HEAD}\r\ndata: {"x":"`);
      pour(socket, 'y', 64_000_000, () => socket.end('"}\n\ndata: [DONE]\n\n'));
    };
    let row: Record<string, unknown> = {};
    const grown = await highWater(async () => {
      const response = await ask('h', { stream: true });
      const { bytes, broken } = await drain(response);
      expect(bytes).toBeGreaterThan(64_000_000);
      expect(broken).toBe(false);
      row = await test.record(response, 'h');
    });
    expect(grown).toBeLessThan(250 * 1024 * 1024);
    expect(row).toMatchObject({ status_code: 200, cached: false });
    await nothingOpen();
  });

  it('64 MB of JSON in one value pass in bounded memory, and are not cached', async () => {
    misbehave = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"x":"');
      pour(socket, 'y', 64_000_000, () =>
        socket.end('","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}'),
      );
    };
    const grown = await highWater(async () => {
      const response = await ask('h', { seed: 1 });
      expect((await drain(response)).bytes).toBeGreaterThan(64_000_000);
      expect(await test.record(response, 'h')).toMatchObject({ tokens_in: 3, tokens_out: 4 });
    });
    expect(grown).toBeLessThan(250 * 1024 * 1024);
    expect((await health()).degraded).toEqual([]);
  });

  it('an event without end is passed on, ends with the connection, and is not called a success', async () => {
    misbehave = (socket) =>
      socket.end(`${HEAD}content-length: 60\r\n\r\ndata: {"choices":[{"delta":{"content":"abc`);
    const response = await ask('h', { stream: true });
    expect((await drain(response)).broken).toBe(true);
    expect(await test.record(response, 'h')).toMatchObject({ success: false });
    await nothingOpen();
  });

  it('silence in the middle ends after the idle time-out', async () => {
    misbehave = (socket) => {
      socket.write(`${HEAD}\r\n${EVENT}data: {`);
    };
    const startedAt = performance.now();
    const response = await ask('h', { stream: true });
    expect((await drain(response)).broken).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(await test.record(response, 'h')).toMatchObject({ success: false });
    await nothingOpen();
  });

  it.each([
    ['a header of 1 MB', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1_000_000)}\r\n\r\n{}`],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(100_000)}`],
    ['not HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['HTTP/0.9', '<html></html>'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n{}'],
    ['a status of none', 'HTTP/1.1 OK\r\n\r\n{}'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
    ],
    ['a bare LF head', 'HTTP/1.1 200 OK\nx: y\n\n{}'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx: a\x00b\r\n\r\n{}'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} '],
    [
      'length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    ['nothing', ''],
  ])('%s is answered as a failure of the provider, without its bytes', async (_name, bytes) => {
    misbehave = (socket) => socket.end(Buffer.from(bytes, 'latin1'));
    const response = await ask('h');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ internalCode: 2005, name: 'AiGatewayError' });
    expect(await test.record(response, 'h')).toMatchObject({ success: false, tokens_in: null });
    await nothingOpen();
  });

  it('early hints without end do not hold a request for ever', async () => {
    misbehave = (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const startedAt = performance.now();
    const response = await fetch(`${test.base('h')}/openai/chat/completions`, {
      method: 'POST',
      headers: {
        'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
        authorization: 'Bearer test-key',
        'cf-aig-request-timeout': '700',
      },
      body: '{}',
    });
    expect(response.status).toBe(400);
    await response.arrayBuffer();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await nothingOpen();
  });

  it('a compressed bomb passes unopened to the client, and reading it for the record is bounded', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));
    misbehave = (socket) =>
      socket.end(
        Buffer.concat([
          Buffer.from(
            `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`,
          ),
          bomb,
        ]),
      );
    let logId = '';
    const grown = await highWater(async () => {
      const { request } = await import('node:http');
      const received = await new Promise<Buffer>((resolve, reject) => {
        const outgoing = request(
          `${test.base('h')}/openai/chat/completions`,
          {
            method: 'POST',
            headers: { 'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`, authorization: 'Bearer test-key' },
          },
          (answer) => {
            logId = String(answer.headers['cf-aig-log-id']);
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('end', () => resolve(Buffer.concat(chunks)));
          },
        );
        outgoing.on('error', reject);
        outgoing.end('{"model":"gpt-4o-mini"}');
      });
      expect(received.equals(bomb)).toBe(true);
    });
    expect(grown).toBeLessThan(150 * 1024 * 1024);
    const row = await test.record({ headers: new Headers({ 'cf-aig-log-id': logId }) }, 'h');
    expect(row).toMatchObject({ status_code: 200, tokens_in: null, cost: null });
    // The management API gives it out to whoever looks at the record: in pieces, and up to a limit.
    const served = await highWater(async () => {
      const shown = await fetch(
        `${test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/h/logs/${logId}/response`,
        { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
      );
      await drain(shown);
    });
    expect(served).toBeLessThan(100 * 1024 * 1024);
  });

  it('a page in place of an answer is passed on as it is, neither read as one nor cached, whatever its type says', async () => {
    for (const type of ['text/html', 'application/json', 'text/event-stream', 'image/png', 'x']) {
      const page = '<html>{"usage":{"prompt_tokens":5}}</html>';
      misbehave = (socket) =>
        socket.end(
          `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
        );
      for (let i = 0; i < 2; i++) {
        const response = await ask('h', { messages: [{ role: 'user', content: type }] });
        expect(response.headers.get('content-type')).toBe(type);
        expect(response.headers.get('cf-aig-cache-status'), type).toBe('MISS');
        expect(await response.text()).toBe(page);
        expect(await test.record(response, 'h'), type).toMatchObject({ status_code: 200, tokens_in: null });
      }
    }
  });

  it('an end before its time breaks the answer at the client too: no length, no end mark is made up', async () => {
    for (const [fault, stream] of [
      [{ cut: 2 }, true],
      [{ reset: 2 }, true],
      [{ cut: 2 }, false],
      [{ lengthError: 50 }, false],
    ] as const) {
      test.provider.script([fault]);
      const response = await ask('g', { stream });
      expect((await drain(response)).broken, JSON.stringify(fault)).toBe(true);
      expect(await test.record(response, 'g'), JSON.stringify(fault)).toMatchObject({ success: false });
    }
    await nothingOpen();
  });

  it('a 200 that is an error is passed on, called a failure, charged as unknown and not cached', async () => {
    for (let i = 0; i < 2; i++) {
      test.provider.script([{ okError: true }]);
      const response = await ask('g', { messages: [{ role: 'user', content: 'fails' }] });
      expect(response.status).toBe(200);
      expect(response.headers.get('cf-aig-cache-status')).toBe('MISS');
      expect(await response.json()).toHaveProperty('error');
      const row = await test.record(response, 'g');
      expect(row).toMatchObject({ success: false, tokens_in: null });
      expect(row.cost ?? 0).toBe(0);
    }
  });
});

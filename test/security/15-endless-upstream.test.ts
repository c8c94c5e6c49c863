import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN } from '../support/gateway.ts';
import { eventually } from '../support/scripted-provider.ts';
import { drain, EVENT, HEAD, type HostileTest, startHostileTest } from './hostile-upstream.ts';

let hostile: HostileTest;
beforeAll(async () => {
  hostile = await startHostileTest();
});
afterAll(() => hostile.close());

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

describe('15. upstreams that do not end, or send too much', () => {
  it('endless stream: the client may leave at any time, and the provider is let go', async () => {
    hostile.misbehave = (socket) => {
      socket.write(`${HEAD}\r\n`);
      pour(socket, EVENT, Number.POSITIVE_INFINITY, () => {});
    };
    const grown = await highWater(async () => {
      const leaving = new AbortController();
      const response = await hostile.ask('h', { stream: true }, leaving.signal);
      let bytes = 0;
      for await (const chunk of response.body!) {
        bytes += (chunk as Uint8Array).length;
        if (bytes > 100_000_000) break;
      }
      leaving.abort();
      const row = await hostile.test.record(response, 'h');
      expect(row).toMatchObject({ success: false, status_code: 200 });
    });
    expect(grown).toBeLessThan(200 * 1024 * 1024);
    await hostile.nothingOpen();
    await eventually(() => hostile.sockets.size === 0, 'the upstream connection is still open');
  });

  it('endless stream that nobody reads: the provider is held back, not stored', async () => {
    let poured = 0;
    hostile.misbehave = (socket) => {
      socket.write(`${HEAD}\r\n`);
      const timer = setInterval(() => {
        poured = socket.bytesWritten - socket.writableLength;
      }, 10);
      socket.on('close', () => clearInterval(timer));
      pour(socket, EVENT, Number.POSITIVE_INFINITY, () => {});
    };
    const leaving = new AbortController();
    const response = await hostile.ask('h', { stream: true }, leaving.signal);
    expect(response.status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    // What sockets and buffers on the way take, and no more.
    expect(poured).toBeLessThan(32 * 1024 * 1024);
    leaving.abort();
    await hostile.nothingOpen();
  });

  it('a line of 64 MB without end passes in bounded memory', async () => {
    hostile.misbehave = (socket) => {
      socket.write(`${HEAD}\r\ndata: {"x":"`);
      pour(socket, 'y', 64_000_000, () => socket.end('"}\n\ndata: [DONE]\n\n'));
    };
    let row: Record<string, unknown> = {};
    const grown = await highWater(async () => {
      const response = await hostile.ask('h', { stream: true });
      const { bytes, broken } = await drain(response);
      expect(bytes).toBeGreaterThan(64_000_000);
      expect(broken).toBe(false);
      row = await hostile.test.record(response, 'h');
    });
    expect(grown).toBeLessThan(250 * 1024 * 1024);
    expect(row).toMatchObject({ status_code: 200, cached: false });
    await hostile.nothingOpen();
  });

  it('64 MB of JSON in one value pass in bounded memory, and are not cached', async () => {
    hostile.misbehave = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{"x":"');
      pour(socket, 'y', 64_000_000, () =>
        socket.end('","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}'),
      );
    };
    const grown = await highWater(async () => {
      const response = await hostile.ask('h', { seed: 1 });
      expect((await drain(response)).bytes).toBeGreaterThan(64_000_000);
      expect(await hostile.test.record(response, 'h')).toMatchObject({ tokens_in: 3, tokens_out: 4 });
    });
    expect(grown).toBeLessThan(250 * 1024 * 1024);
    expect((await hostile.health()).degraded).toEqual([]);
  });

  it('silence in the middle ends after the idle time-out', async () => {
    hostile.misbehave = (socket) => {
      socket.write(`${HEAD}\r\n${EVENT}data: {`);
    };
    const startedAt = performance.now();
    const response = await hostile.ask('h', { stream: true });
    expect((await drain(response)).broken).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(await hostile.test.record(response, 'h')).toMatchObject({ success: false });
    await hostile.nothingOpen();
  });

  it('early hints without end do not hold a request for ever', async () => {
    hostile.misbehave = (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const startedAt = performance.now();
    const response = await fetch(`${hostile.test.base('h')}/openai/chat/completions`, {
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
    await hostile.nothingOpen();
  });

  it('a compressed bomb passes unopened to the client, and reading it for the record is bounded', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));
    hostile.misbehave = (socket) =>
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
          `${hostile.test.base('h')}/openai/chat/completions`,
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
    const row = await hostile.test.record({ headers: new Headers({ 'cf-aig-log-id': logId }) }, 'h');
    expect(row).toMatchObject({ status_code: 200, tokens_in: null, cost: null });
    // The management API gives it out to whoever looks at the record: in pieces, and up to a limit.
    const served = await highWater(async () => {
      const shown = await fetch(
        `${hostile.test.gateway.baseUrl}/client/v4/accounts/local/ai-gateway/gateways/h/logs/${logId}/response`,
        { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } },
      );
      await drain(shown);
    });
    expect(served).toBeLessThan(100 * 1024 * 1024);
  });
});

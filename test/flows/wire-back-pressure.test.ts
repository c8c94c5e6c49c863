import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { fieldOf, requestBytes, sendRaw, until } from './wire-raw.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

const MIB = 1024 * 1024;
// What the buffers of two loopback connections may take up; a gateway without back-pressure takes up everything.
const IN_BETWEEN = 24 * MIB;

let test: TestGateway;
let upstream: Upstream;
beforeAll(async () => {
  test = await startTestGateway({ env: { TIDEGATE_BUFFER_BYTES: String(MIB) } });
  upstream = await startUpstream();
  await test.manage(
    'POST',
    '/gateways',
    gatewayBody({ id: 'wire', authentication: false, provider_urls: { openai: upstream.url } }),
  );
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});

const PATH = '/v1/local/wire/openai/x';
const PIECE = Buffer.alloc(64 * 1024, 'data: 0123456789abcdef0123456789abcdef0123456789abcdef012345\n\n');

async function health(): Promise<Record<string, number>> {
  return (await (await fetch(`${test.gateway.baseUrl}/healthz`)).json()) as Record<string, number>;
}

/** Waits until a figure stands still, and returns it. */
async function standsStill(figure: () => number): Promise<number> {
  let last = -1;
  for (let i = 0; i < 100; i++) {
    const now = figure();
    if (now === last && now > 0) return now;
    last = now;
    await sleep(150);
  }
  throw new Error(`never stood still: ${last}`);
}

describe('a reader that is slower than the writer', () => {
  it('downloading: the upstream is paused, memory stays bounded, nothing is lost', async () => {
    const total = 96 * MIB;
    let written = 0;
    const sent = createHash('sha256');
    upstream.handle = (request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const pump = (): void => {
        while (written < total) {
          written += PIECE.length;
          sent.update(PIECE);
          if (!response.write(PIECE)) {
            response.once('drain', pump);
            return;
          }
        }
        response.end();
      };
      pump();
    };
    const socket = connect(test.gateway.port, '127.0.0.1');
    socket.pause();
    socket.write(requestBytes(test.gateway.port, { path: PATH, body: Buffer.from('{"stream":true}') }));
    const stoppedAt = await standsStill(() => written);
    expect(stoppedAt).toBeLessThan(IN_BETWEEN);
    expect(await health()).toMatchObject({ openUpstream: 1, openRequests: 1 });
    const received = createHash('sha256');
    const body = new Dechunker((bytes) => received.update(bytes));
    socket.on('data', (chunk) => body.push(chunk as Buffer));
    socket.resume();
    await once(socket, 'close');
    expect(written).toBe(total);
    expect(received.digest('hex')).toBe(sent.digest('hex'));
  });

  it('uploading more than is held: the client is paused, and the body arrives whole', async () => {
    for (const framing of ['content-length', 'chunked'] as const) {
      const total = 64 * MIB;
      const sent = createHash('sha256');
      const received = createHash('sha256');
      let request: IncomingMessage | null = null;
      let bytes = 0;
      upstream.handle = (given, response) => {
        request = given;
        given.pause();
        given.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          received.update(chunk);
        });
        given.pause();
        given.once('end', () => response.end('{"ok":true}'));
      };
      const socket = connect(test.gateway.port, '127.0.0.1');
      const field =
        framing === 'chunked' ? ['transfer-encoding', 'chunked'] : ['content-length', String(total)];
      const frame = (piece: Buffer): Buffer =>
        framing === 'chunked'
          ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
          : piece;
      socket.write(
        requestBytes(test.gateway.port, { path: PATH, headers: ['content-type', 'a/b', ...field] }),
      );
      const progress = upload(socket, total, frame, (piece) => sent.update(piece));
      const stoppedAt = await standsStill(() => progress.written - socket.writableLength);
      expect(stoppedAt).toBeLessThan(IN_BETWEEN);
      expect((await health()).heldRequestBytes).toBeLessThan(2 * MIB);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk as Buffer));
      (await until(() => request, 'the upload did not begin')).resume();
      await once(socket, 'close');
      expect(Buffer.concat(chunks).toString()).toContain('{"ok":true}');
      expect(bytes).toBe(total);
      expect(received.digest('hex')).toBe(sent.digest('hex'));
      const announced = request!.headers['content-length'];
      expect(announced).toBe(framing === 'chunked' ? undefined : String(total));
    }
  });

  it('uploading 8 MB to a provider that answers: one record, with the size and the head of the body', async () => {
    upstream.handle = (request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.once('end', () => response.end(String(size)));
    };
    const body = Buffer.concat([
      Buffer.from('{"model":"gpt-4o","pad":"'),
      Buffer.alloc(8 * MIB, 'p'),
      Buffer.from('"}'),
    ]);
    const reply = await sendRaw(test.gateway.port, {
      path: PATH,
      headers: ['content-type', 'application/json', 'cf-aig-max-attempts', '3'],
      body,
    });
    expect(reply.body.toString()).toBe(String(body.length));
    const id = fieldOf(reply.headers, 'cf-aig-log-id')!;
    const record = await test.record({ headers: new Headers({ 'cf-aig-log-id': id }) }, 'wire');
    expect(record).toMatchObject({ request_size: body.length, success: true });
    expect(record.attempts).toHaveLength(1);
  });
});

describe('a client that leaves', () => {
  async function leave(when: 'before the head' | 'in the stream' | 'in its upload'): Promise<number> {
    let gone: ((at: number) => void) | null = null;
    const left = new Promise<number>((resolve) => {
      gone = resolve;
    });
    let begun = false;
    upstream.handle = (request, response) => {
      request.resume();
      request.socket.once('close', () => gone?.(performance.now()));
      begun = true;
      if (when === 'in the stream') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"choices":[{"delta":{"content":"word"}}]}\n\n');
      }
    };
    const socket = connect(test.gateway.port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    const headers = [
      'content-type',
      'application/json',
      'cf-aig-event-id',
      `left-${when.replaceAll(' ', '-')}`,
    ];
    if (when === 'in its upload') {
      const announced = ['content-length', String(4 * MIB)];
      socket.write(requestBytes(test.gateway.port, { path: PATH, headers: [...headers, ...announced] }));
      socket.write(Buffer.alloc(2 * MIB, 'x'));
    } else {
      socket.write(
        requestBytes(test.gateway.port, { path: PATH, headers, body: Buffer.from('{"stream":true}') }),
      );
    }
    await until(() => begun || null, 'the upstream was not asked');
    if (when === 'in the stream') await until(() => heard.includes('word') || null, 'no word came');
    const leftAt = performance.now();
    socket.destroy();
    return (await left) - leftAt;
  }

  for (const when of ['before the head', 'in the stream', 'in its upload'] as const) {
    it(`${when} ends the upstream request at once, and the record says so`, async () => {
      expect(await leave(when)).toBeLessThan(1000);
      const eventId = `left-${when.replaceAll(' ', '-')}`;
      const record = await until(async () => {
        const filters = encodeURIComponent(
          JSON.stringify([{ key: 'event_id', operator: 'eq', value: [eventId] }]),
        );
        const found = (await test.manage('GET', `/gateways/wire/logs?filters=${filters}`)) as {
          id: string;
        }[];
        return found[0] ?? null;
      }, 'no record');
      expect(record).toMatchObject({ outcome: 'left', error_type: 'client-closed', success: false });
    });
  }
});

/** Writes `total` bytes as fast as the socket takes them. */
function upload(
  socket: Socket,
  total: number,
  frame: (piece: Buffer) => Buffer,
  note: (piece: Buffer) => void,
): { written: number } {
  const progress = { written: 0 };
  const pump = (): void => {
    while (progress.written < total) {
      progress.written += PIECE.length;
      note(PIECE);
      if (!socket.write(frame(PIECE))) {
        socket.once('drain', pump);
        return;
      }
    }
    if (frame(PIECE).length !== PIECE.length) socket.write('0\r\n\r\n');
  };
  pump();
  return progress;
}

/** Takes the head and the framing off a chunked reply as it comes. */
class Dechunker {
  readonly #take: (bytes: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);
  #left = 0;
  #inBody = false;

  constructor(take: (bytes: Buffer) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    if (!this.#inBody) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#rest = this.#rest.subarray(end + 4);
      this.#inBody = true;
    }
    for (;;) {
      if (this.#left > 0) {
        const part = this.#rest.subarray(0, this.#left);
        this.#take(part);
        this.#left -= part.length;
        this.#rest = this.#rest.subarray(part.length);
        if (this.#left > 0) return;
      }
      // The line end after a chunk stands before the next size.
      const from = this.#rest.indexOf('\r\n') === 0 ? 2 : 0;
      const lineEnd = this.#rest.indexOf('\r\n', from);
      if (lineEnd < 0) return;
      this.#left = Number.parseInt(this.#rest.toString('latin1', from, lineEnd), 16);
      this.#rest = this.#rest.subarray(lineEnd + 2);
      if (this.#left === 0) return;
    }
  }
}

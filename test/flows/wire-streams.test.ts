import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, constants as zlib } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { endToEnd, fieldOf, parseReplies, requestBytes, until } from './wire-raw.ts';
import { startUpstream, type Upstream } from './wire-upstream.ts';

let test: TestGateway;
let upstream: Upstream;
beforeAll(async () => {
  test = await startTestGateway();
  upstream = await startUpstream();
  const open = { authentication: false, provider_urls: { openai: upstream.url } };
  await test.manage('POST', '/gateways', gatewayBody({ id: 'wire', ...open }));
  await test.manage('POST', '/gateways', gatewayBody({ id: 'beating', ...open, heartbeat_interval: 1 }));
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});

/** A client that reads what comes and can be asked what has come. */
class Listener {
  readonly socket: Socket;
  readonly chunks: Buffer[] = [];
  readonly closed: Promise<void>;

  constructor(port: number, bytes: Buffer) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => this.chunks.push(chunk as Buffer));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
    this.socket.write(bytes);
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  async heard(text: string | Buffer): Promise<void> {
    await until(() => this.received.includes(text) || null, `the client did not receive ${String(text)}`);
  }
}

let response: ServerResponse;
let arrived: Promise<void>;
beforeEach(() => {
  arrived = new Promise((resolve) => {
    upstream.handle = (request, given) => {
      response = given;
      request.resume().once('end', () => resolve());
    };
  });
});

const BODY = Buffer.from('{"model":"gpt-4o","stream":true,"messages":[]}');

async function open(gateway = 'wire', headers: readonly string[] = []): Promise<Listener> {
  const path = `/v1/local/${gateway}/openai/v1/chat/completions`;
  const listener = new Listener(
    test.gateway.port,
    requestBytes(test.gateway.port, {
      path,
      headers: ['content-type', 'application/json', ...headers],
      body: BODY,
    }),
  );
  await arrived;
  return listener;
}

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' } as const;

describe('a stream passes as it comes', () => {
  it('the head before there is a body', async () => {
    const listener = await open();
    response.writeHead(200, { ...EVENT_STREAM, 'x-request-id': 'r-1' }).flushHeaders();
    await listener.heard('x-request-id: r-1');
    response.end('data: [DONE]\n\n');
    await listener.closed;
  });

  it('each piece reaches the client before the next is sent, cut as it was sent', async () => {
    const listener = await open();
    response.writeHead(200, EVENT_STREAM);
    const fish = Buffer.from('data: {"t":"🦑"}\n\n');
    const pieces = [
      Buffer.from('data: {"n":1}\n\n'),
      Buffer.from('data: {"n":2}\r\n\r\ndata: {"n":3}\n\n'),
      Buffer.from('da'),
      Buffer.from('ta: {"n":4}\n'),
      Buffer.from('\n'),
      // In the middle of a character.
      fish.subarray(0, 14),
      fish.subarray(14),
      Buffer.from(': a comment\n\n'),
      Buffer.from(`event: x\ndata: ${'y'.repeat(5000)}\n\n`),
      Buffer.from('data: [DONE]\n\n'),
    ];
    let sent = Buffer.alloc(0);
    for (const piece of pieces) {
      response.write(piece);
      sent = Buffer.concat([sent, piece]);
      // The next is not sent until this one is here: a gateway that gathers pieces would wait forever.
      await listener.heard(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece]));
    }
    response.end();
    await listener.closed;
    const [reply] = parseReplies(listener.received);
    expect(reply!.body.equals(sent)).toBe(true);
    expect(endToEnd(reply!.headers, ['date'])).toEqual(['content-type', 'text/event-stream; charset=utf-8']);
  });

  it('on a cached gateway and with a fallback at hand, from its first content on', async () => {
    await test.manage(
      'POST',
      '/gateways',
      gatewayBody({
        id: 'cached',
        authentication: false,
        cache_ttl: 60,
        retry_max_attempts: 3,
        provider_urls: { openai: upstream.url },
      }),
    );
    const listener = await open('cached');
    response.writeHead(200, EVENT_STREAM);
    for (let n = 1; n <= 5; n++) {
      const event = `data: {"choices":[{"index":0,"delta":{"content":"word ${n}"}}]}\n\n`;
      response.write(event);
      await listener.heard(event);
    }
    response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    await listener.closed;
  });

  it('compressed event by event, each before the next', async () => {
    const listener = await open('wire', ['accept-encoding', 'gzip']);
    response.writeHead(200, { ...EVENT_STREAM, 'content-encoding': 'gzip' });
    const gzip = createGzip();
    const sent: Buffer[] = [];
    gzip.on('data', (chunk: Buffer) => {
      sent.push(chunk);
      response.write(chunk);
    });
    for (let n = 0; n < 4; n++) {
      gzip.write(`data: {"n":${n}}\n\n`);
      await new Promise<void>((resolve) => gzip.flush(zlib.Z_SYNC_FLUSH, () => resolve()));
      await listener.heard(sent.at(-1)!);
    }
    gzip.end();
    await once(gzip, 'end');
    response.end();
    await listener.closed;
    const [reply] = parseReplies(listener.received);
    expect(reply!.body.equals(Buffer.concat(sent))).toBe(true);
    expect(fieldOf(reply!.headers, 'content-encoding')).toBe('gzip');
  });

  it('any other content type too: a growing file, an AWS event stream, JSON bit by bit', async () => {
    for (const type of ['audio/mpeg', 'application/vnd.amazon.eventstream', 'application/json']) {
      arrived = new Promise((resolve) => {
        upstream.handle = (request, given) => {
          response = given;
          request.resume().once('end', () => resolve());
        };
      });
      const listener = await open();
      response.writeHead(200, { 'content-type': type });
      for (const piece of ['first-piece', 'second-piece', 'third-piece']) {
        response.write(piece);
        await listener.heard(piece);
      }
      response.end();
      await listener.closed;
    }
  });

  it('with a known length all but its last bytes, which wait for the record', async () => {
    const listener = await open();
    response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': '9' });
    response.write('abc');
    await listener.heard('abc');
    response.write('def');
    await listener.heard('abcdef');
    response.end('ghi');
    await listener.heard('abcdefghi');
    await listener.closed;
  });
});

describe('silence', () => {
  it('stays silence, or is filled with comments between events where the gateway’s setting asks for it', async () => {
    const events = ['data: {"n":1}\n\n', 'data: {"n":2', '}\n', '\n', 'data: [DONE]\n\n'];
    const listeners: Record<string, Listener> = {};
    const responses: Record<string, ServerResponse> = {};
    for (const gateway of ['wire', 'beating']) {
      arrived = new Promise((resolve) => {
        upstream.handle = (request, given) => {
          responses[gateway] = given;
          request.resume().once('end', () => resolve());
        };
      });
      listeners[gateway] = await open(gateway);
      responses[gateway]!.writeHead(200, EVENT_STREAM);
      responses[gateway]!.write(events[0]);
      await listeners[gateway]!.heard(events[0]!);
    }
    const beats = (): number => listeners.beating!.received.toString().split(': keep-alive\n\n').length - 1;
    await until(() => beats() > 0 || null, 'no heartbeat came');
    const before = beats();
    // In the middle of an event nothing may be put in, for however long.
    for (const response of Object.values(responses)) response.write(events[1]);
    await listeners.beating!.heard(events[1]!);
    await sleep(1300);
    expect(beats()).toBe(before);
    for (const response of Object.values(responses)) response.write(events[2]);
    await listeners.beating!.heard(`${events[1]}`);
    for (const response of Object.values(responses)) response.write(events[3]);
    await until(() => beats() > before || null, 'no heartbeat after the event');
    for (const response of Object.values(responses)) response.end(events[4]);
    await Promise.all(Object.values(listeners).map(({ closed }) => closed));
    const body = (listener: Listener): string => parseReplies(listener.received)[0]!.body.toString();
    expect(body(listeners.wire!)).toBe(events.join(''));
    expect(body(listeners.beating!)).not.toBe(events.join(''));
    expect(body(listeners.beating!).replaceAll(': keep-alive\n\n', '')).toBe(events.join(''));
  }, 15_000);

  it('is never filled in what is no plain event stream', async () => {
    const kinds: Record<string, string>[] = [
      { 'content-type': 'application/json' },
      { 'content-type': 'application/vnd.amazon.eventstream' },
      { ...EVENT_STREAM, 'content-encoding': 'gzip' },
      { ...EVENT_STREAM, 'content-length': '4' },
    ];
    const open4 = kinds.map(async (kind) => {
      const path = '/v1/local/beating/openai/x';
      return new Promise<void>((resolve, reject) => {
        const listener = new Listener(
          test.gateway.port,
          requestBytes(test.gateway.port, { path, headers: ['x-kind', JSON.stringify(kind)], body: BODY }),
        );
        listener.socket.once('close', () => {
          const [reply] = parseReplies(listener.received);
          if (reply?.body.toString() === 'abcd') resolve();
          else reject(new Error(`${JSON.stringify(kind)}: ${reply?.body}`));
        });
      });
    });
    upstream.handle = (request, given) => {
      request.resume();
      given.writeHead(200, JSON.parse(String(request.headers['x-kind'])) as Record<string, string>);
      given.write('ab');
      setTimeout(() => given.end('cd'), 1300);
    };
    await Promise.all(open4);
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { fieldOf, parseReplies, type RawReply, requestBytes, sendRaw, until } from './wire-raw.ts';
import { replyBytes, startUpstream, type Upstream } from './wire-upstream.ts';

const MIB = 1024 * 1024;

let test: TestGateway;
let upstream: Upstream;
beforeAll(async () => {
  test = await startTestGateway({ env: { TIDEGATE_BUFFER_BYTES: String(MIB) } });
  upstream = await startUpstream();
  const open = { authentication: false };
  const provider_urls = { openai: upstream.url, 'google-ai-studio': upstream.url };
  await test.manage('POST', '/gateways', gatewayBody({ id: 'wire', ...open, provider_urls }));
});
afterAll(async () => {
  await nothingOpen(test);
  await test.close();
  await upstream.close();
});

const PATH = '/v1/local/wire/openai/x';
const recordOf = (reply: RawReply): Promise<Record<string, unknown>> =>
  test.record(
    { headers: new Headers({ 'cf-aig-log-id': fieldOf(reply.headers, 'cf-aig-log-id')! }) },
    'wire',
  );

describe('an upstream that answers before it has read the request', () => {
  for (const size of [0.5, 6]) {
    it(`an upload of ${size} MiB: its answer reaches the client`, async () => {
      upstream.handle = (request, response) => {
        request.pause();
        const body = '{"error":{"message":"too large"}}';
        response.writeHead(413, { 'content-type': 'application/json', 'content-length': body.length });
        response.end(body);
      };
      const reply = await sendRaw(test.gateway.port, { path: PATH, body: Buffer.alloc(size * MIB, 'x') });
      expect(reply.status).toBe(413);
      expect(reply.body.toString()).toBe('{"error":{"message":"too large"}}');
      expect(await recordOf(reply)).toMatchObject({ status_code: 413, outcome: 'complete' });
    });
  }
});

describe('interim answers', () => {
  it('a client that waits for 100-continue is told to go on, and the upstream is not asked to', async () => {
    upstream.answer(replyBytes(200, [], Buffer.from('done')));
    const socket = connect(test.gateway.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk as Buffer));
    const body = Buffer.from('{"model":"m"}');
    const headers = ['Expect', '100-continue', 'content-length', String(body.length)];
    socket.write(requestBytes(test.gateway.port, { path: PATH, headers }));
    await until(() => Buffer.concat(chunks).includes('100 Continue') || null, 'never told to go on');
    socket.write(body);
    await once(socket, 'close');
    const [interim, reply] = parseReplies(Buffer.concat(chunks));
    expect(interim!.status).toBe(100);
    expect(reply!.body.toString()).toBe('done');
    expect(upstream.arrived.at(-1)!.body.equals(body)).toBe(true);
    expect(fieldOf(upstream.arrived.at(-1)!.rawHeaders, 'expect')).toBeNull();
  });

  it('103 of the upstream is passed over; the answer is the answer', async () => {
    upstream.answer(
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 201 Created\r\nX-A: b\r\ncontent-length: 2\r\n\r\nok',
    );
    const reply = await sendRaw(test.gateway.port, { path: PATH, body: Buffer.from('{}') });
    expect(reply.status).toBe(201);
    expect(fieldOf(reply.headers, 'x-a')).toBe('b');
    expect(fieldOf(reply.headers, 'link')).toBeNull();
    expect(reply.body.toString()).toBe('ok');
  });
});

describe('a reply without a stated length', () => {
  it('that ends with the connection is whole', async () => {
    upstream.answer('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"a":1}');
    const reply = await sendRaw(test.gateway.port, { path: PATH, body: Buffer.from('{}') });
    expect(reply.body.toString()).toBe('{"a":1}');
    expect(await recordOf(reply)).toMatchObject({ outcome: 'complete', success: true });
  });

  it('that breaks off in a chunk is broken off at the client too, and recorded as failed', async () => {
    upstream.answer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n64\r\nwor');
    const socket = connect(test.gateway.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk as Buffer));
    socket.on('error', () => {});
    socket.write(requestBytes(test.gateway.port, { path: PATH, body: Buffer.from('{}') }));
    await once(socket, 'close');
    const received = Buffer.concat(chunks).toString('latin1');
    expect(received).toContain('hello');
    // The end of a chunked body would say that this was all.
    expect(received).not.toMatch(/\r\n0\r\n\r\n$/);
    const [reply] = parseReplies(Buffer.concat(chunks));
    expect(await recordOf(reply!)).toMatchObject({ outcome: 'failed', success: false });
  });
});

describe('credentials that stand twice', () => {
  it('a token beside a key under the same name does not reach the provider', async () => {
    upstream.answer(replyBytes(200, []));
    for (const pair of [
      ['authorization', 'Bearer client-key', 'Authorization', `Bearer ${ADMIN_TOKEN}`],
      ['authorization', `Bearer ${ADMIN_TOKEN}`, 'Authorization', 'Bearer client-key'],
    ]) {
      await sendRaw(test.gateway.port, {
        path: PATH,
        headers: ['cf-aig-authorization', ADMIN_TOKEN, ...pair],
        body: Buffer.from('{}'),
      });
      expect(JSON.stringify(upstream.arrived.at(-1)!.rawHeaders)).not.toContain(ADMIN_TOKEN);
    }
  });

  it('a key in the query is the client’s, goes out with it, and is on no record', async () => {
    upstream.answer(replyBytes(200, ['content-type', 'application/json'], Buffer.from('{}')));
    const path =
      '/v1/local/wire/google-ai-studio/v1beta/models/m:generateContent?key=client-key-in-query&alt=json';
    const reply = await sendRaw(test.gateway.port, { path, body: Buffer.from('{}') });
    expect(upstream.arrived.at(-1)!.url).toBe(
      '/v1beta/models/m:generateContent?key=client-key-in-query&alt=json',
    );
    expect(JSON.stringify(await recordOf(reply))).not.toContain('client-key');
  });
});

it('a connection on which nothing was ever asked does not hold up the end of the gateway', async () => {
  const other = await startTestGateway();
  const socket = connect(other.gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  // The gateway must have taken it, too: what it answers on another connection came later.
  await fetch(`${other.gateway.baseUrl}/healthz`).then((reply) => reply.arrayBuffer());
  const closed = once(socket, 'close');
  const ended = other.close().then(() => 'gateway');
  // The other end of the grace is 20 s: whoever waits for the socket alone comes after it.
  expect(await Promise.race([closed.then(() => 'socket'), ended])).toBe('socket');
  await ended;
});

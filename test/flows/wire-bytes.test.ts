import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { nothingOpen } from './sdk-comparison.ts';
import { endToEnd, fieldOf, parseReplies, type RawReply, requestBytes, sendRaw } from './wire-raw.ts';
import { replyBytes, startUpstream, type Upstream } from './wire-upstream.ts';

let test: TestGateway;
let upstream: Upstream;
beforeAll(async () => {
  test = await startTestGateway();
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

const PATH = '/v1/local/wire/openai/some/path';
const send = (more: Partial<Parameters<typeof sendRaw>[1]> = {}): Promise<RawReply> =>
  sendRaw(test.gateway.port, { path: PATH, ...more });
const recordOf = (reply: RawReply): Promise<Record<string, unknown>> =>
  test.record(
    { headers: new Headers({ 'cf-aig-log-id': fieldOf(reply.headers, 'cf-aig-log-id')! }) },
    'wire',
  );

const JSON_BYTES = Buffer.from(
  '\n{ "model" :"m", "z":1e2, "a":1.0,"caf\\u00e9": "café 🦑",\t"dup":1,"dup":2 , "big":12345678901234567890 }\r\n ',
);

describe('a request reaches the upstream as it was sent', () => {
  const bodies: readonly (readonly [string, string, Buffer])[] = [
    ['JSON with spacing, escapes, repeated keys and large numbers', 'application/json', JSON_BYTES],
    ['JSON that is broken', 'application/json', Buffer.from('{"model":"m","messages":[')],
    ['JSON in UTF-16', 'application/json; charset=utf-16le', Buffer.from('{"model":"m"}', 'utf16le')],
    ['bytes', 'application/octet-stream', randomBytes(300_000)],
    [
      'multipart',
      'multipart/form-data; boundary="--x Y"',
      Buffer.concat([
        Buffer.from('----x Y\r\nContent-Disposition: form-data; name="file"; filename="ä.bin"\r\n\r\n'),
        randomBytes(70_000),
        Buffer.from('\r\n----x Y--\r\n'),
      ]),
    ],
    ['an AWS event stream', 'application/vnd.amazon.eventstream', randomBytes(5_000)],
    ['nothing', 'application/json', Buffer.alloc(0)],
  ];
  for (const [what, contentType, body] of bodies) {
    it(`with a body of ${what}`, async () => {
      upstream.answer(replyBytes(200, []));
      const headers = ['Content-Type', contentType];
      expect((await send({ headers, body })).status).toBe(200);
      const arrived = upstream.arrived.at(-1)!;
      expect(arrived.body.equals(body)).toBe(true);
      expect(endToEnd(arrived.rawHeaders)).toEqual(headers);
      if (body.length > 0) expect(fieldOf(arrived.rawHeaders, 'content-length')).toBe(String(body.length));
    });
  }

  it('compressed, still compressed', async () => {
    upstream.answer(replyBytes(200, []));
    const body = gzipSync('{"model":"gpt-4o","messages":[]}');
    const headers = ['content-type', 'application/json', 'Content-Encoding', 'gzip'];
    await send({ headers, body });
    expect(upstream.arrived.at(-1)!.body.equals(body)).toBe(true);
    expect(endToEnd(upstream.arrived.at(-1)!.rawHeaders)).toEqual(headers);
  });

  it('in chunks of unknown total, without a length being made up', async () => {
    upstream.answer(replyBytes(200, []));
    const socket = connect(test.gateway.port, '127.0.0.1');
    const head = requestBytes(test.gateway.port, { path: PATH, headers: ['transfer-encoding', 'chunked'] });
    socket.write(Buffer.concat([head, Buffer.from('5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n')]));
    await new Promise((resolve) => socket.resume().once('close', resolve));
    expect(upstream.arrived.at(-1)!.body.toString()).toBe('hello world');
  });

  it('with names, case, order, repeats and bytes of its fields', async () => {
    upstream.answer(replyBytes(200, []));
    const headers = [
      ...['aCcEpT', 'text/event-stream, */*;q=0.1', 'X-Twice', 'one', 'authorization', 'Bearer test-key'],
      ...['X-Twice', 'two', 'x-latin', 'caf\u00e9 \u00ff', 'X-Empty', '', 'User-Agent', 'curl/8 (x; y)'],
      ...['Accept-Encoding', 'br;q=1, gzip', 'x-stainless-os', 'Linux', 'traceparent', '00-a-b-01'],
      ...['x-session-affinity', 's', 'Referer', 'https://example.invalid/', 'Origin', 'https://a.invalid'],
    ];
    await send({ headers, body: JSON_BYTES });
    expect(endToEnd(upstream.arrived.at(-1)!.rawHeaders)).toEqual(headers);
    expect(fieldOf(upstream.arrived.at(-1)!.rawHeaders, 'host')).toBe(`127.0.0.1:${upstream.port}`);
  });

  it('with its path and query byte for byte', async () => {
    for (const rest of [
      'models/gemini:generate?alt=sse&key=a%2Fb+c',
      'a%2Fb/%E2%82%AC/c?x[]=1&x[]=2&=&&q="\'',
      'model/arn%3Aaws%3Abedrock%2Fx/converse',
      'files/a,b;c=d@e!$(f)*~',
      '?only=query',
    ]) {
      upstream.answer(replyBytes(200, []));
      const slash = rest.startsWith('?') ? '' : '/';
      await send({ method: 'GET', path: `/v1/local/wire/openai${slash}${rest}` });
      expect(upstream.arrived.at(-1)!.url).toBe(`/${rest}`);
    }
  });

  for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'POST']) {
    it(`with the method ${method}, with and without a body`, async () => {
      for (const body of [undefined, Buffer.from('{"a":1}')]) {
        if (method === 'HEAD' && body) continue;
        upstream.answer(
          replyBytes(200, ['X-Answer', 'yes'], method === 'HEAD' ? undefined : Buffer.from('ok')),
        );
        const reply = await send({ method, ...(body ? { body } : {}) });
        expect(upstream.arrived.at(-1)).toMatchObject({ method, body: body ?? Buffer.alloc(0) });
        expect(reply.status).toBe(200);
        expect(fieldOf(reply.headers, 'x-answer')).toBe('yes');
        expect((await recordOf(reply)).method).toBe(method);
      }
    });
  }

  it('without what is for the gateway or of the connection', async () => {
    upstream.answer(replyBytes(200, []));
    await send({
      headers: [
        ...['cf-aig-authorization', 'Bearer x', 'CF-AIG-Event-Id', 'e', 'cf-aig-made-up', 'y', 'X-Kept', 'k'],
        ...['cookie', 'session=1', 'Connection', 'X-Named, keep-alive', 'X-Named', 'n', 'TE', 'trailers'],
        ...['Proxy-Authorization', 'Basic x', 'Keep-Alive', 'timeout=5', 'cf-access-client-secret', 's'],
        ...['x-forwarded-for', '10.0.0.1', 'Forwarded', 'for=10.0.0.1', 'cf-cache-ttl', '60', 'Via', '1.1 x'],
      ],
    });
    expect(endToEnd(upstream.arrived.at(-1)!.rawHeaders)).toEqual(['X-Kept', 'k']);
    expect(JSON.stringify(upstream.arrived.at(-1)!.rawHeaders)).not.toMatch(/cf-aig|cookie|named|secret/i);
  });
});

describe('a reply reaches the client as it was sent', () => {
  const text = Buffer.from(`{"model":"m","text":"${'tide '.repeat(2000)}"}`);
  const replies: readonly (readonly [string, number, readonly string[], Buffer])[] = [
    ['JSON', 200, ['Content-Type', 'application/json'], JSON_BYTES],
    ['JSON in gzip', 200, ['content-type', 'application/json', 'Content-Encoding', 'gzip'], gzipSync(text)],
    [
      'JSON in brotli',
      200,
      ['content-type', 'text/json', 'content-encoding', 'br'],
      brotliCompressSync(text),
    ],
    ['JSON in zstd', 200, ['content-type', 'text/json', 'content-encoding', 'zstd'], zstdCompressSync(text)],
    ['what says gzip and is not', 200, ['content-encoding', 'gzip', 'content-type', 'a/b'], randomBytes(999)],
    ['an unknown encoding', 200, ['content-encoding', 'x-mine'], randomBytes(999)],
    ['a picture', 200, ['content-type', 'image/png'], randomBytes(40_000)],
    ['audio of 3 MB', 200, ['content-type', 'audio/mpeg'], randomBytes(3_000_000)],
    ['an AWS event stream', 200, ['content-type', 'application/vnd.amazon.eventstream'], randomBytes(9_000)],
    [
      'events',
      200,
      ['Content-Type', 'text/event-stream'],
      Buffer.from(': hi\r\ndata: {"a":1}\r\n\r\ndata: x'),
    ],
    ['an empty 200', 200, ['x-a', 'b'], Buffer.alloc(0)],
    ['201 with a place', 201, ['Location', '/v1/files/1'], Buffer.from('{}')],
    ['202', 202, ['content-type', 'application/json'], Buffer.from('{"id":"p"}')],
    ['206', 206, ['Content-Range', 'bytes 0-1/4', 'accept-ranges', 'bytes'], Buffer.from('ab')],
    ['299', 299, [], Buffer.from('x')],
    ['a redirect, not followed', 302, ['Location', 'http://127.0.0.1:1/'], Buffer.from('go')],
    ['418', 418, ['content-type', 'text/html'], Buffer.from('<p>tea</p>')],
    ['451', 451, [], Buffer.from('no')],
    ['529', 529, ['Retry-After', '3', 'x-should-retry', 'true'], Buffer.from('{"type":"error"}')],
    ['599', 599, [], Buffer.from('?')],
  ];
  for (const [what, status, headers, body] of replies) {
    it(`with ${what}`, async () => {
      upstream.answer(replyBytes(status, headers, body));
      const reply = await send();
      expect(reply.status).toBe(status);
      expect(reply.body.equals(body)).toBe(true);
      expect(endToEnd(reply.headers, ['date'])).toEqual(headers);
      expect(fieldOf(reply.headers, 'content-length')).toBe(String(body.length));
      expect(await recordOf(reply)).toMatchObject({
        status_code: status,
        success: status < 400,
        outcome: 'complete',
        response_size: body.length,
        cost: null,
      });
    });
  }

  it('with 204 and 304, which have no body', async () => {
    for (const status of [204, 304]) {
      upstream.answer(`HTTP/1.1 ${status} x\r\nETag: "a"\r\n\r\n`);
      const reply = await send({ method: 'DELETE' });
      expect(reply.status).toBe(status);
      expect(endToEnd(reply.headers, ['date'])).toEqual(['ETag', '"a"']);
      expect(fieldOf(reply.headers, 'transfer-encoding')).toBeNull();
    }
  });

  it('with the length of a HEAD, and no body', async () => {
    upstream.answer('HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX-A: b\r\n\r\n');
    const reply = await send({ method: 'HEAD' });
    expect(fieldOf(reply.headers, 'content-length')).toBe('1234');
    expect(reply.body).toHaveLength(0);
    expect(await recordOf(reply)).toMatchObject({ method: 'HEAD', success: true, response_size: 0 });
  });

  it('with names, case, order and repeats of its fields, and its own date', async () => {
    const headers = [
      ...['X-Request-ID', 'r', 'VARY', 'a', 'Vary', 'b', 'x-latin', 'caf\u00e9 \u00ff', 'X-Empty', ''],
      ...['Date', 'Mon, 01 Jan 2024 00:00:00 GMT', 'cf-ray', 'abc', 'x-ratelimit-remaining', '3'],
    ];
    upstream.answer(replyBytes(200, headers, Buffer.from('x')));
    const reply = await send();
    expect(endToEnd(reply.headers)).toEqual(headers);
  });

  it('without what would speak for the gateway', async () => {
    const forged = [
      'cf-aig-log-id',
      'forged',
      'CF-AIG-Cache-Status',
      'HIT',
      'Set-Cookie',
      'a=b',
      'X-Kept',
      'k',
    ];
    const named = [
      'Connection',
      'X-Named',
      'X-Named',
      'n',
      'Access-Control-Allow-Origin',
      '*',
      'alt-svc',
      'h3',
    ];
    upstream.answer(replyBytes(200, [...forged, ...named], Buffer.from('x')));
    const reply = await send();
    expect(endToEnd(reply.headers, ['date'])).toEqual(['X-Kept', 'k']);
    const all = JSON.stringify(reply.headers);
    expect(all).not.toMatch(/forged|HIT|Set-Cookie|X-Named|\*|alt-svc/i);
  });

  it('whole on a connection that serves one request after the other', async () => {
    upstream.handle = (request, response) => {
      request.resume().once('end', () => response.end(`you asked ${request.url}`));
    };
    const socket = connect(test.gateway.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const ask = (name: string, close: boolean): Buffer =>
      requestBytes(
        test.gateway.port,
        { path: `/v1/local/wire/openai/${name}`, body: Buffer.from('{}') },
        close,
      );
    // Pipelined: all three are in the socket before the first is answered.
    socket.write(Buffer.concat([ask('a', false), ask('b', false), ask('c', true)]));
    await new Promise((resolve) => socket.once('close', resolve));
    const bodies = parseReplies(Buffer.concat(chunks)).map(({ body }) => body.toString());
    expect(bodies).toEqual(['you asked /a', 'you asked /b', 'you asked /c']);
  });
});

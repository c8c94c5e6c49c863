import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, gatewayBody, startTestGateway, type TestGateway } from '../support/gateway.ts';

let test: TestGateway;
beforeAll(async () => {
  test = await startTestGateway();
  await test.manage('POST', '/gateways', gatewayBody({ id: 'g' }));
});
afterAll(() => test.close());
beforeEach(() => test.provider.reset());

const BODY = Buffer.from('{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}');

const post = (body: Buffer, encoding: string, path = '/openai/chat/completions'): Promise<Response> =>
  fetch(`${test.base('g')}${path}`, {
    method: 'POST',
    headers: {
      'cf-aig-authorization': `Bearer ${ADMIN_TOKEN}`,
      authorization: 'Bearer test-key',
      'content-type': 'application/json',
      'content-encoding': encoding,
    },
    body: new Uint8Array(body),
  });

const fastBrotli = (bytes: Buffer): Buffer =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });

const encoders: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: fastBrotli,
  zstd: zstdCompressSync,
};

describe('12. compressed request bodies', () => {
  it('are read for their model, and forwarded as they came', async () => {
    for (const [encoding, encode] of [
      ...Object.entries(encoders),
      ['deflate', deflateRawSync] as const,
      ['gzip, br', (bytes: Buffer) => fastBrotli(gzipSync(bytes))] as const,
      ['identity, zstd', zstdCompressSync] as const,
      ['GZIP', gzipSync] as const,
    ]) {
      test.provider.reset();
      const sent = encode(BODY);
      const response = await post(sent, encoding);
      await response.arrayBuffer();
      const [request] = test.provider.requests;
      expect(request!.body.equals(sent), encoding).toBe(true);
      expect(request!.header('content-encoding')).toBe(encoding);
      expect(await test.record(response, 'g')).toMatchObject({ model_requested: 'gpt-4o-mini' });
    }
  });

  it('are held to what holds for plain ones: a model that stands twice is refused', async () => {
    const twice = Buffer.from('{"model":"gpt-4o-mini","Model":"gpt-4o","messages":[]}');
    for (const [encoding, encode] of Object.entries(encoders)) {
      const response = await post(encode(twice), encoding);
      expect(response.status, encoding).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 2019 });
    }
    const large = Buffer.from(`{"model":"a","x":"${'y'.repeat(3_000_000)}","model":"b"}`);
    const response = await post(
      zstdCompressSync(large, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
      'zstd',
    );
    expect(response.status).toBe(400);
    await response.arrayBuffer();
    expect(test.provider.requests).toHaveLength(0);
  });

  it('may hold the steps of the universal endpoint', async () => {
    const steps = JSON.stringify([
      {
        provider: 'openai',
        endpoint: 'chat/completions',
        headers: { authorization: 'Bearer test-key' },
        query: JSON.parse(BODY.toString()),
      },
    ]);
    const response = await post(gzipSync(steps), 'gzip', '');
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(test.provider.requests[0]!.body.equals(BODY)).toBe(true);
    expect(test.provider.requests[0]!.header('content-encoding')).toBeNull();
  });

  it('are refused when they are not what they say, cut short, or of an encoding nobody knows', async () => {
    const cases: readonly (readonly [string, Buffer])[] = [
      ['gzip', BODY],
      ['br', BODY],
      ['zstd', BODY],
      ['gzip', gzipSync(BODY).subarray(0, -12)],
      ['zstd', zstdCompressSync(BODY).subarray(0, -6)],
      ['gzip, gzip', gzipSync(BODY)],
      ['br, gzip', fastBrotli(gzipSync(BODY))],
      ['gzip, gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(gzipSync(BODY))))],
      ['snappy', BODY],
      ['compress', BODY],
      ['gzip;q=1', gzipSync(BODY)],
    ];
    for (const [encoding, body] of cases) {
      const response = await post(body, encoding);
      expect(response.status, encoding).toBe(400);
      expect(await response.json(), encoding).toMatchObject({ internalCode: 9415 });
    }
    expect(test.provider.requests).toHaveLength(0);
  });

  it('cannot say one encoding to the gateway and another to the provider with two fields', async () => {
    const response = await new Promise<number>((resolve, reject) => {
      void import('node:http').then(({ request }) => {
        const outgoing = request(
          `${test.base('g')}/openai/chat/completions`,
          {
            method: 'POST',
            headers: [
              'host',
              'x',
              'cf-aig-authorization',
              `Bearer ${ADMIN_TOKEN}`,
              'authorization',
              'Bearer test-key',
              'content-encoding',
              'identity',
              'Content-Encoding',
              'gzip',
              'content-length',
              String(BODY.length),
            ],
          },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          },
        );
        outgoing.on('error', reject);
        outgoing.end(BODY);
      });
    });
    expect(response).toBe(400);
    expect(test.provider.requests).toHaveLength(0);
  });

  it('cannot be bombs: each is refused, in bounded memory, while others are served', async () => {
    const zeros = Buffer.alloc(100 * 1024 * 1024, 0x20);
    const bombs: readonly (readonly [string, Buffer])[] = [
      ['gzip', gzipSync(zeros, { level: 6 })],
      ['deflate', deflateSync(zeros, { level: 6 })],
      ['br', fastBrotli(zeros)],
      ['zstd', zstdCompressSync(zeros)],
      ['gzip, gzip', gzipSync(gzipSync(zeros, { level: 6 }))],
      ['zstd, gzip', gzipSync(zstdCompressSync(zeros))],
      ['br, br, br', fastBrotli(fastBrotli(fastBrotli(zeros)))],
    ];
    (await post(gzipSync(BODY), 'gzip')).body?.cancel();
    test.provider.reset();
    global.gc?.();
    const before = process.memoryUsage().rss;
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const refused = await Promise.all(
      Array.from({ length: 6 }, () => bombs)
        .flat()
        .map(async ([encoding, body]) => {
          const response = await post(body, encoding);
          return `${response.status} ${((await response.json()) as { internalCode: number }).internalCode}`;
        }),
    );
    delay.disable();
    expect(new Set(refused)).toEqual(new Set(['400 9415']));
    expect(test.provider.requests).toHaveLength(0);
    // 42 bombs of 100 MB. What a few decoders may hold at once is 32 MiB each.
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    expect(delay.max / 1e6).toBeLessThan(400);
  });

  it('may be small and grow much: what grows too much for its size is refused, without holding others up', async () => {
    // Spaces: were they decoded, they would be no JSON, and go to the provider.
    const small = gzipSync(Buffer.alloc(3_000_000, 0x20));
    expect(small.length).toBeLessThan(16 * 1024);
    const startedAt = performance.now();
    for (let i = 0; i < 20; i++) {
      const response = await post(small, 'gzip');
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ internalCode: 9415 });
    }
    expect((performance.now() - startedAt) / 20).toBeLessThan(100);
    expect(test.provider.requests).toHaveLength(0);
  });
});

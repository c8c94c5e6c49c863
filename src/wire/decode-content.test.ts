import { randomBytes } from 'node:crypto';
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DecodedContent,
  type DecodeLimits,
  decodeContent,
  decodeContentAsync,
} from './decode-content.ts';

const LIMITS: DecodeLimits = { maxBytes: 8 * 1024 * 1024, maxRatio: 100 };
const ENCODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
  identity: (bytes) => bytes,
};
const names = Object.keys(ENCODERS);

async function both(bytes: Buffer, encoding: string, limits = LIMITS): Promise<DecodedContent | null> {
  const sync = decodeContent(bytes, encoding, limits);
  const async = await decodeContentAsync(bytes, encoding, limits);
  expect(async?.bytes.equals(sync!.bytes) ?? null).toBe(sync === null ? null : true);
  expect(async?.complete).toBe(sync?.complete);
  return sync;
}

describe('decodeContent', () => {
  it('undoes any list of up to three encodings', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.array(fc.constantFrom(...names), { maxLength: 3 }),
        (data, list) => {
          const plain = Buffer.from(data);
          const encoded = list.reduce<Buffer>((bytes, name) => ENCODERS[name]!(bytes), plain);
          const decoded = decodeContent(encoded, list.join(', ').toUpperCase(), LIMITS);
          expect(decoded).toEqual({ bytes: plain, complete: true });
        },
      ),
    );
  });

  it('takes deflate with and without the zlib header', () => {
    const plain = Buffer.from('hello hello hello');
    expect(decodeContent(deflateRawSync(plain), 'deflate', LIMITS)?.bytes).toEqual(plain);
    expect(decodeContent(deflateSync(plain), 'deflate', LIMITS)?.bytes).toEqual(plain);
  });

  it('takes bodies of several gzip members and several zstd frames', () => {
    const a = Buffer.from('one, ');
    const b = Buffer.from('two');
    expect(decodeContent(Buffer.concat([gzipSync(a), gzipSync(b)]), 'gzip', LIMITS)?.bytes.toString()).toBe(
      'one, two',
    );
    const frames = Buffer.concat([zstdCompressSync(a), zstdCompressSync(b)]);
    expect(decodeContent(frames, 'zstd', LIMITS)).toEqual({ bytes: Buffer.from('one, two'), complete: true });
    const tiny = zstdCompressSync(Buffer.from('x'));
    expect(decodeContent(Buffer.concat(Array.from({ length: 2000 }, () => tiny)), 'zstd', LIMITS)).toBeNull();
  });

  it('gives what came of a truncated body, and says so', async () => {
    const plain = Buffer.concat([randomBytes(300_000), Buffer.from('text '.repeat(60_000))]);
    for (const name of ['gzip', 'deflate', 'br', 'zstd']) {
      const encoded = ENCODERS[name]!(plain);
      for (const length of [1, 3, 10, encoded.length >> 1, encoded.length - 1]) {
        const decoded = await both(encoded.subarray(0, length), name);
        expect(decoded?.complete).toBe(false);
        expect(plain.subarray(0, decoded!.bytes.length).equals(decoded!.bytes)).toBe(true);
        if (length > 150_000) expect(decoded!.bytes.length).toBeGreaterThan(100_000);
      }
    }
  });

  it('gives nothing of a bomb, by ratio or by size, in one layer or in many', async () => {
    const zeros = Buffer.alloc(9 * 1024 * 1024);
    for (const name of ['gzip', 'deflate', 'br', 'zstd']) {
      const bomb = ENCODERS[name]!(zeros);
      expect(bomb.length).toBeLessThan(100_000);
      expect(await both(bomb, name)).toBeNull();
      expect(await both(bomb, name, { maxBytes: 1024 * 1024, maxRatio: 1e9 })).toBeNull();
      expect(await both(bomb, name, { maxBytes: 1e9, maxRatio: 10 })).toBeNull();
      expect(await both(ENCODERS.gzip!(bomb), `${name}, gzip`)).toBeNull();
      expect((await both(bomb, name, { maxBytes: 1e9, maxRatio: 1e9 }))?.bytes.length).toBe(zeros.length);
    }
  });

  it('takes short bodies of a high ratio', () => {
    const plain = Buffer.from('a'.repeat(60_000));
    expect(decodeContent(gzipSync(plain), 'gzip', { ...LIMITS, maxRatio: 10 })?.bytes.length).toBe(60_000);
  });

  it('gives null for bytes that are not in the encoding, and for encodings it does not know', () => {
    const plain = Buffer.from('{"model":"gpt-4o","messages":[]}');
    for (const name of ['gzip', 'br', 'zstd', 'deflate'])
      expect(decodeContent(plain, name, LIMITS)).toBeNull();
    expect(decodeContent(gzipSync(plain), 'br', LIMITS)).toBeNull();
    expect(decodeContent(plain, 'compress', LIMITS)).toBeNull();
    expect(decodeContent(plain, 'gzip, gzip, gzip, gzip', LIMITS)).toBeNull();
  });

  it('takes an empty body for whole', () => {
    expect(decodeContent(Buffer.alloc(0), 'gzip', LIMITS)).toEqual({
      bytes: Buffer.alloc(0),
      complete: true,
    });
    expect(decodeContent(Buffer.from('x'), '', LIMITS)?.bytes.toString()).toBe('x');
  });

  it('never throws on damaged bytes', () => {
    const plain = Buffer.from('some text that repeats, some text that repeats '.repeat(20));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.nat(255), (name, place, byte) => {
        const encoded = Buffer.from(ENCODERS[name]!(plain));
        encoded[place % encoded.length] = byte;
        decodeContent(encoded, name, LIMITS);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Capture } from './capture.ts';

const TAIL_BYTES = 64 * 1024;

function captureOf(limitBytes: number, lengths: readonly number[]): { capture: Capture; all: Buffer } {
  const capture = new Capture(limitBytes);
  const all = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0)).map((_, index) => index % 251);
  let at = 0;
  for (const length of lengths) {
    capture.push(Buffer.from(all.subarray(at, at + length)));
    at += length;
  }
  return { capture, all: Buffer.from(all) };
}

test('keeps all up to its limit: in pieces as they came, and as one once it was asked for', () => {
  const small = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 });
  fc.assert(
    fc.property(small, (lengths) => {
      const { capture, all } = captureOf(2000, lengths);
      expect(capture.chunks.map((chunk) => chunk.length)).toEqual(lengths);
      const whole = capture.bytes();
      expect(whole.equals(all)).toBe(true);
      expect(capture.bytes()).toBe(whole);
      expect(capture.chunks).toEqual([whole]);
      capture.push(Buffer.from('more'));
      expect(capture.bytes().toString()).toBe(`${all}more`);
      expect([capture.isWhole, capture.gapAt, capture.totalBytes]).toEqual([true, null, all.length + 4]);
    }),
  );
});

test('keeps the head and the end of what is larger than its limit', () => {
  const large = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(large, fc.integer({ min: 0, max: 100_000 }), (lengths, limit) => {
      const { capture, all } = captureOf(limit, lengths);
      expect(Buffer.concat(capture.chunks).equals(all.subarray(0, limit))).toBe(true);
      expect(capture.isWhole).toBe(all.length <= limit);
      const kept = capture.bytes();
      const end = kept.subarray(Math.min(limit, all.length));
      expect(end.length).toBeGreaterThanOrEqual(Math.min(TAIL_BYTES, Math.max(0, all.length - limit)));
      expect(end.equals(all.subarray(all.length - end.length))).toBe(true);
      expect(capture.gapAt).toBe(kept.length === all.length ? null : limit);
    }),
    { numRuns: 60 },
  );
});

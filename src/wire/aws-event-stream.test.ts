import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, decodeFrames, findFrames, findNextFrame } from './aws-event-stream.ts';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => new Uint8Array(Buffer.from(text)),
);

const name = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 })
  .filter((text) => text !== '__proto__');
const header = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => ({ type: 'string' as const, value })),
  fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: 'byte' as const, value })),
  fc.integer({ min: -32768, max: 32767 }).map((value) => ({ type: 'short' as const, value })),
  fc.integer().map((value) => ({ type: 'integer' as const, value })),
  fc.date({ noInvalidDate: true }).map((value) => ({ type: 'timestamp' as const, value })),
  fc.uuid().map((value) => ({ type: 'uuid' as const, value })),
  fc
    .uint8Array({ maxLength: 30 })
    .map((value) => ({ type: 'binary' as const, value: new Uint8Array(value) })),
);
const message = fc.record({
  headers: fc.dictionary(name, header, { maxKeys: 6, noNullPrototype: true }),
  body: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
});
const encode = (value: Parameters<EventStreamCodec['encode']>[0]): Buffer => Buffer.from(codec.encode(value));

describe('AWS event stream frames', () => {
  it('are decoded as the reference codec encodes them', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), (messages) => {
        const bytes = Buffer.concat(messages.map(encode));
        const frames = [...decodeFrames(bytes)];
        expect(frames.map((frame) => [...frame.payload])).toEqual(messages.map((one) => [...one.body]));
        for (const [index, frame] of frames.entries()) {
          const texts: Record<string, string> = {};
          for (const [key, value] of Object.entries(messages[index]!.headers)) {
            if (value.type === 'string') texts[key] = value.value;
          }
          expect({ ...frame.headers }).toEqual(texts);
        }
        expect(findFrames(bytes)).toEqual(frames.map((frame) => [frame.start, frame.end]));
      }),
    );
  });

  it('end at a truncated last frame', () => {
    const one = encode({ headers: { a: { type: 'string', value: 'b' } }, body: new Uint8Array([1, 2, 3]) });
    const bytes = Buffer.concat([one, one]);
    for (let length = 0; length < bytes.length; length++) {
      const whole = length < one.length ? 0 : 1;
      expect([...decodeFrames(bytes.subarray(0, length))].length).toBe(whole);
      expect(findFrames(bytes.subarray(0, length)).length).toBe(whole);
    }
  });

  it('end at a damaged frame, wherever the damage is', () => {
    const one = encode({ headers: { a: { type: 'string', value: 'b' } }, body: new Uint8Array([1, 2, 3]) });
    for (let at = 0; at < one.length; at++) {
      const damaged = Buffer.from(one);
      damaged[at] = damaged[at]! ^ 0x40;
      expect(decodeFrame(damaged, 0)).toBeNull();
    }
  });

  it('are found again behind missing bytes', () => {
    const one = encode({ headers: { a: { type: 'string', value: 'b' } }, body: new Uint8Array(100) });
    const bytes = Buffer.concat([one.subarray(0, 50), one.subarray(80), one, one]);
    expect(findNextFrame(bytes, 50)).toBe(one.length - 30);
    expect(findNextFrame(bytes, bytes.length - 20)).toBe(-1);
  });

  it('never throw on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(210), (noise, at) => {
        const bytes = Buffer.from(noise);
        expect([...decodeFrames(bytes)].length).toBeLessThanOrEqual(findFrames(bytes).length);
        decodeFrame(bytes, at);
        findNextFrame(bytes, at);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aRecord } from '../../test/contract/logs-fixtures.ts';
import { flattenRecord } from '../core/stores/log-columns.ts';
import type { LogRecord, RecordBodies } from '../core/stores/logs.ts';
import { decodeEntry, decodeLengths, FRAME_HEADER_BYTES, FrameEncoder, isIntact } from './frame.ts';

const SEGMENT = 1_795_414_485_308;

/** Quotes, control characters, halves of surrogate pairs, all of Unicode. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u007f', '\ud800', '\udc00', 'é', '✓', 'a'),
  }),
);
const textOrNull = fc.option(text);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, 0.001, 1.561, 1_795_414_485_308),
  fc.maxSafeInteger(),
);
const metadata = fc.option(fc.dictionary(text, fc.oneof(text, number, fc.boolean()), { maxKeys: 5 }));

const records: fc.Arbitrary<LogRecord> = fc
  .record({
    eventId: text,
    model: textOrNull,
    path: text,
    durationMs: number,
    overheadMs: fc.option(number),
    costNanos: fc.option(number),
    metadata,
    userAgent: textOrNull,
    errorMessage: fc.oneof(textOrNull, fc.constant('✓'.repeat(300_000))),
    decisions: fc.array(
      fc.record({ stage: fc.constant('price'), outcome: text, rule: textOrNull, detail: text }),
    ),
  })
  .map((change) => aRecord(change as Partial<LogRecord>));

const chunks = fc.option(fc.array(fc.uint8Array({ maxLength: 40_000 }).map((bytes) => Buffer.from(bytes))));
const allBodies: fc.Arbitrary<RecordBodies | null> = fc.option(
  fc.record({
    request: chunks,
    response: chunks,
    requestTruncated: fc.boolean(),
    responseTruncated: fc.boolean(),
    requestEncoding: fc.oneof(fc.constantFrom('', 'gzip'), text),
    responseEncoding: fc.oneof(fc.constantFrom('', 'br'), text),
  }),
);

const bytesOf = (body: readonly Buffer[] | null): Buffer => Buffer.concat(body ?? []);

test('frames hold records and bodies as they are, and can be told one from the next', () => {
  const encoder = new FrameEncoder();
  fc.assert(
    fc.property(fc.array(fc.tuple(records, allBodies), { maxLength: 4 }), (entries) => {
      const lengths = entries.map(([record, bodies]) => encoder.add(SEGMENT, record, bodies));
      const written = Buffer.concat(encoder.take());
      expect(written.length).toBe(lengths.reduce((sum, length) => sum + length, 0));
      let at = 0;
      for (const [index, [record, bodies]] of entries.entries()) {
        const frame = decodeLengths(written, at)!;
        expect(frame.total).toBe(lengths[index]);
        expect(isIntact(SEGMENT, written, at, frame)).toBe(true);
        expect(isIntact(SEGMENT + 1, written, at, frame)).toBe(false);

        const { columns, rest } = flattenRecord(record);
        const requestEncoding = bodies?.requestEncoding ?? '';
        const responseEncoding = bodies?.responseEncoding ?? '';
        const head = written.toString('utf8', at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + frame.head);
        // The very bytes that earlier versions wrote.
        expect(head).toBe(JSON.stringify([...columns, requestEncoding, responseEncoding]));

        const entry = decodeEntry(written, at, frame, SEGMENT, at);
        expect(entry.columns).toEqual(JSON.parse(JSON.stringify(columns)));
        expect(entry.rest).toBe(rest);
        const isKept = bodies !== null && (bodies.request !== null || bodies.response !== null);
        expect(entry.bodies !== null).toBe(isKept);
        if (bodies !== null && entry.bodies !== null) {
          const { requestTruncated, responseTruncated } = bodies;
          expect(entry.bodies).toMatchObject({
            requestTruncated,
            responseTruncated,
            requestEncoding,
            responseEncoding,
            requestLength: bodies.request && bytesOf(bodies.request).length,
            responseLength: bodies.response && bytesOf(bodies.response).length,
          });
          const both = Buffer.concat([bytesOf(bodies.request), bytesOf(bodies.response)]);
          expect(written.subarray(entry.bodies.at, at + frame.total).equals(both)).toBe(true);
        }
        at += frame.total;
      }
    }),
  );
});

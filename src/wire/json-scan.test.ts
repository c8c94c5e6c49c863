import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanRequest } from './json-scan.ts';

const scan = (text: string) => scanRequest(Buffer.from(text));
const NOTHING = { model: null, stream: null, ambiguousKey: null };

describe('scanRequest', () => {
  it('agrees with JSON.parse on any JSON object', () => {
    const key = fc.oneof(
      fc.constantFrom('model', 'stream', 'messages', 'a"b', 'mo\\del', 'ключ'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    );
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.jsonValue(),
      fc.string({ unit: fc.constantFrom('\\', '"', 'x', '{', ']', '\n', 'é'), maxLength: 200 }),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.constantFrom(0, 1, '\t', '\n '), (object, indent) => {
        const facts = scan(JSON.stringify(object, null, indent as number));
        const parsed = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
        // Bytes cannot carry a lone surrogate: it arrives as an escape or as U+FFFD.
        const model = typeof parsed.model === 'string' ? parsed.model : null;
        expect(facts.model).toBe(model);
        expect(facts.stream).toBe(typeof parsed.stream === 'boolean' ? parsed.stream : null);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and gives no ambiguous key for mutated bodies that do not close', () => {
    const text = '{"model":"gpt-4o","Model":1,"messages":[{"content":"a\\"b"}],"stream":true}';
    fc.assert(
      fc.property(fc.nat(text.length - 1), (length) => {
        expect(scan(text.slice(0, length))).toEqual(NOTHING);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        scanRequest(Buffer.from(bytes));
        scanRequest(Buffer.concat([Buffer.from('{"model":'), bytes]));
      }),
    );
  });

  it('reads only the top level', () => {
    expect(scan('{"a":{"model":"x","stream":true},"b":[{"model":"y"}]}')).toEqual(NOTHING);
    expect(scan('{"a":"\\"model\\":\\"x\\"","model":"y"}').model).toBe('y');
  });

  it('decodes escapes and UTF-8 in the model', () => {
    expect(scan('{"model":"\\u0067pt\\/é"}').model).toBe('gpt/é');
    expect(scan('{"model":"\\ud800"}').model).toBe('\ud800');
    expect(scan('{"\\u006dodel":"x"}')).toEqual({ model: 'x', stream: null, ambiguousKey: null });
  });

  it('names a policy key that two readers could read differently', () => {
    expect(scan('{"model":"a","model":"b"}')).toEqual({ model: 'b', stream: null, ambiguousKey: 'model' });
    expect(scan('{"model":"a","Model":"b"}').ambiguousKey).toBe('Model');
    expect(scan('{"MODEL":"b"}').ambiguousKey).toBe('MODEL');
    expect(scan('{"stream":true,"strea\\u006D":false}').ambiguousKey).toBe('stream');
    expect(scan('{"\\u0053tream":true}').ambiguousKey).toBe('Stream');
    expect(scan('{"ſtream":true}').ambiguousKey).toBe('ſtream');
    expect(scan('{"models":1,"streams":2,"steam":3,"modes":4}').ambiguousKey).toBeNull();
  });

  it('takes other types of a policy key as not stated', () => {
    expect(scan('{"model":7,"stream":"true"}')).toEqual(NOTHING);
    expect(scan('{"model":"a","model":null}')).toEqual({ model: null, stream: null, ambiguousKey: 'model' });
  });

  it('passes over a byte order mark, NaN and what it need not understand', () => {
    expect(scan('\ufeff {"t":NaN,"model":"m"}').model).toBe('m');
    expect(scan('{"t":-Infinity,"model":"m"}\n').model).toBe('m');
  });

  it.each([
    '',
    ' ',
    'null',
    '[]',
    '[{"model":"x"}]',
    '"model"',
    '{',
    '{}',
    '{"model":"x"',
    '{"model":"x"}}',
    '{"model":"x"}{"model":"y"}',
    '{"model":"x",}',
    "{'model':'x'}",
    '{"model" "x"}',
    '{"model":"x" "stream":true}',
    '{"Model":"x","model":}',
    '{"model":"\\x"}',
  ])('says nothing about %j', (text) => {
    expect(scan(text)).toEqual(NOTHING);
  });

  it('takes depth, many keys and long runs of escapes without trouble', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"model":"m"}`;
    expect(scan(deep).model).toBe('m');
    expect(scan(`{"a":${'{"a":'.repeat(100_000)}`)).toEqual(NOTHING);
    const keys = `{${Array.from({ length: 1_000_000 }, (_, i) => `"k${i}":${i}`).join(',')},"model":"m"}`;
    expect(scan(keys).model).toBe('m');
    expect(scan(`{"a":"${'\\\\'.repeat(500_000)}","model":"m"}`).model).toBe('m');
    expect(scan(`{"a":"${'\\"'.repeat(500_000)}","model":"m"}`).model).toBe('m');
    const numbers = JSON.stringify({ v: Array.from({ length: 50_000 }, (_, i) => [i / 3]), model: 'm' });
    expect(scan(numbers).model).toBe('m');
  });

  it('scans a megabyte of long strings well within a millisecond', () => {
    const body = Buffer.from(
      JSON.stringify({ messages: [{ content: 'tides turn. '.repeat(90_000) }], model: 'm' }),
    );
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 50; i++) {
      const start = performance.now();
      scanRequest(body);
      best = Math.min(best, performance.now() - start);
    }
    expect(best).toBeLessThan(1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickJson, pickJsonTail } from './json-pick.ts';

const pick = (text: string, wanted: Parameters<typeof pickJson>[1]) => pickJson(Buffer.from(text), wanted);

describe('pickJson', () => {
  it('gives of any object the wanted members as JSON.parse does', () => {
    const object = fc.dictionary(fc.constantFrom('usage', 'model', 'x', 'y', 'deep'), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), (value, indent) => {
        const { deep: _, ...rest } = value;
        const picked = pick(JSON.stringify({ ...rest }, null, indent), { usage: true, model: true });
        const parsed = JSON.parse(JSON.stringify(rest)) as Record<string, unknown>;
        const expected: Record<string, unknown> = {};
        for (const key of ['usage', 'model']) if (key in parsed) expected[key] = parsed[key];
        expect(picked.value).toEqual(expected);
        expect(picked.whole).toBe(true);
      }),
    );
  });

  it('goes into objects and arrays for the members wanted there', () => {
    const text = '{"choices":[{"m":{"c":"x","r":1},"f":"stop"},{"f":"length"}],"b":[1,2],"e":{}}';
    expect(pick(text, { choices: { f: true, m: { r: true } }, e: { z: true } })).toEqual({
      value: { choices: [{ m: { r: 1 }, f: 'stop' }, { f: 'length' }], e: {} },
      whole: true,
      end: text.length,
    });
  });

  it('gives what stands before the break in truncated JSON', () => {
    const text = '{"model":"m","choices":[{"f":"stop","text":"long';
    expect(pick(text, { model: true, choices: { f: true }, usage: true })).toMatchObject({
      value: { model: 'm', choices: [{ f: 'stop' }] },
      whole: false,
    });
  });

  it('never throws on any bytes', () => {
    const wanted = { a: true, b: { a: true } } as const;
    const noise = fc.array(fc.constantFrom('{', '}', '[', ']', '"', '\\', 'a', 'b', ':', ',', '1', ' '));
    fc.assert(
      fc.property(noise, (parts) => {
        const bytes = Buffer.from(parts.join(''));
        pickJson(bytes, wanted);
        pickJsonTail(bytes, wanted, 0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('pickJsonTail', () => {
  const tail = (text: string) => pickJsonTail(Buffer.from(text), { usage: true }, 0);

  it('finds a member of the outer object', () => {
    expect(tail('aaa"}],"usage":{"n":1},"model":"m"}\n')).toEqual({ usage: { n: 1 } });
  });

  it('does not take a deeper or a quoted key for it', () => {
    expect(tail('aaa","input":{"usage":{"n":9}}}')).toEqual({});
    expect(tail('aaa \\"usage\\":{\\"n\\":9}"}')).toEqual({});
    expect(tail('x","usage":{"n":1},"z":{"usage":{"n":9}}}')).toEqual({ usage: { n: 1 } });
  });

  it('finds a member of an object that ends in the outer one', () => {
    const text = 'aaa"}],"usage":{"n":1},"user":null},"sequence_number":7}\n\n';
    expect(pickJsonTail(Buffer.from(text), { usage: true }, 0, 2)).toEqual({ usage: { n: 1 } });
    expect(pickJsonTail(Buffer.from(text), { usage: true }, 0, 1)).toEqual({});
  });

  it('says nothing when the end is missing', () => {
    expect(tail('aaa","usage":{"n":1},"z":')).toEqual({});
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePartialJson } from './json-partial.ts';

describe('JSON that was cut off', () => {
  it('is read whole when it is whole', () => {
    expect(parsePartialJson('{"a":[1,2,{"b":null}]}')).toEqual({
      value: { a: [1, 2, { b: null }] },
      whole: true,
    });
  });

  it('gives the members that are whole, and a text as far as it goes', () => {
    const text = '{"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two and a ha';
    expect(parsePartialJson(text)).toEqual({
      value: {
        messages: [
          { role: 'user', content: 'one' },
          { role: 'assistant', content: 'two and a ha' },
        ],
      },
      whole: false,
    });
  });

  it.each([
    ['{"a":1,"b', { a: 1 }],
    ['{"a":1,"b":', { a: 1 }],
    ['{"a":1,"b":12', { a: 1 }],
    ['{"a":1,"b":tr', { a: 1 }],
    ['{"a":"x\\', { a: 'x' }],
    ['{"a":"x\\\\', { a: 'x\\' }],
    ['{"a":"x\\u00', { a: 'x' }],
    ['{"a":"x\\ud83d', { a: 'x' }],
    ['{"a":"x\\"y', { a: 'x"y' }],
    ['[1,[2,[3', [1, [2, []]]],
    ['[1,2] rubbish', [1, 2]],
    ['{"a":[1}', { a: [1] }],
    ['{', {}],
  ])('reads %s', (text, value) => {
    expect(parsePartialJson(text)).toEqual({ value, whole: false });
  });

  it.each(['', '   ', 'hello', '"', ']', '\u0000'])('says of %j that there is nothing', (text) => {
    const { value, whole } = parsePartialJson(text);
    expect(whole).toBe(false);
    expect(value === undefined || value === '').toBe(true);
  });

  it('never throws and never claims more than was there, wherever JSON is cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, place) => {
        const cut = text.slice(0, place % (text.length + 1));
        const { value } = parsePartialJson(cut);
        if (value !== undefined) expect(JSON.stringify(value).length).toBeLessThanOrEqual(text.length + 2);
      }),
    );
  });

  it('stops at a depth that no reader needs', () => {
    expect(parsePartialJson('['.repeat(1_000_000)).whole).toBe(false);
  });

  it('reads many quotes after backslashes in linear time', () => {
    const text = `{"a":"${'\\\\'.repeat(500_000)}`;
    expect((parsePartialJson(text).value as { a: string }).a.length).toBe(500_000);
  });
});

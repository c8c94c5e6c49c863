import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from './pretty-json.ts';

describe('indented JSON', () => {
  it('looks as a person would write it', () => {
    expect(prettyJson('{"a":[1,{}, []],"b":{"c":"x, {y"}}')).toBe(
      '{\n  "a": [\n    1,\n    {},\n    []\n  ],\n  "b": {\n    "c": "x, {y"\n  }\n}',
    );
  });

  it('says the same as before, for every JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps the digits of numbers and keys that stand twice', () => {
    expect(prettyJson('{"a":12345678901234567890.10,"a":1e400}')).toBe(
      '{\n  "a": 12345678901234567890.10,\n  "a": 1e400\n}',
    );
  });

  it('shows what broke off as far as it came', () => {
    expect(prettyJson('{"a":[1,"unfin')).toBe('{\n  "a": [\n    1,\n    "unfin');
    expect(prettyJson('{"a":"x\\')).toBe('{\n  "a": "x\\');
    expect(prettyJson('[tru')).toBe('[\n  tru');
  });

  it('takes texts of several lines of JSON', () => {
    expect(prettyJson('{"a":1}\n{"b":2}\n')).toBe('{\n  "a": 1\n}\n{\n  "b": 2\n}');
  });

  it('is not for what is no JSON', () => {
    for (const text of ['', '  ', 'data: {"a":1}', '"text"', '<html>', '{a:1}', '[1]]', '{hello there}'])
      expect(prettyJson(text)).toBeNull();
  });

  it('takes its time neither for depth nor for length', () => {
    expect(prettyJson('['.repeat(100_000))?.length).toBeLessThan(10_000_000);
    const large = JSON.stringify({
      list: Array.from({ length: 50_000 }, (_, id) => ({ id, text: 'x'.repeat(30) })),
    });
    expect(prettyJson(large)).toBe(JSON.stringify(JSON.parse(large), null, 2));
  });
});

import { expect, test } from 'vitest';
import { findJson, replaceJson } from './json-find.ts';

const at = (json: string, ...path: (string | number)[]): string | null => {
  const bytes = Buffer.from(json);
  const place = findJson(bytes, path);
  return place === null ? null : bytes.toString('utf8', place.from, place.to);
};

test('finds values by key and index, as they are written', () => {
  const json = ' { "a" : [ 1, {"b":[10, 1e400 ]} , "x" ], "m\\u006fdel": "one", "model":{} } ';
  expect(at(json, 'a', 0)).toBe('1');
  expect(at(json, 'a', 1, 'b', 1)).toBe('1e400');
  expect(at(json, 'a', 2)).toBe('"x"');
  expect(at(json, 'model')).toBe('"one"');
  expect(at(json)).toBe(json.trim());
  expect(at(`\ufeff${json}`, 'a', 0)).toBe('1');
});

test('finds nothing where there is nothing, or no JSON', () => {
  for (const json of ['', '[]', '{}', '{"b":1}', '"a"', '{"a"', '{"a":', '{"b":[1,"a":1}', '[{"a":1}]'])
    expect([json, at(json, 'a')]).toEqual([json, null]);
  expect(at('[1,2]', 2)).toBeNull();
  expect(at('[]', 0)).toBeNull();
  expect(at('{"0":1}', 0)).toBeNull();
});

test('replaces one value and leaves every other byte', () => {
  const bytes = Buffer.from('{"x":12345678901234567890 ,"model" :"old","y":"\\u00e9 \\"model\\""}');
  const place = findJson(bytes, ['model'])!;
  expect(replaceJson(bytes, place, 'n"ew').toString()).toBe(
    '{"x":12345678901234567890 ,"model" :"n\\"ew","y":"\\u00e9 \\"model\\""}',
  );
});

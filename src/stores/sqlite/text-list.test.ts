import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeIds, packTexts, sortTexts } from './block-encode.ts';
import { IdList } from './id-list.ts';
import { foldCase, Needle, TextList } from './text-list.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', 'é', 'É', '\u{1F600}', '\u0130', '"'),
  maxLength: 4,
});

test('texts are found by their parts, whatever the case of ASCII letters, and never across two of them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 12 }), text, (texts, part) => {
      const sorted = sortTexts([...texts]);
      const list = new TextList(packTexts(sorted), sorted.length);
      const expected = sorted.filter((one) => foldCase(one).includes(foldCase(part)));
      expect(list.containing(new Needle(part)).map((code) => list.text(code))).toEqual(expected);
      expect(sorted.map((one) => list.find(Buffer.from(one)))).toEqual(sorted.map((_, index) => index + 1));
    }),
    { numRuns: 500 },
  );
});

const hex = fc.string({ unit: fc.constantFrom('0', '1', 'f', '-', 'F'), minLength: 1, maxLength: 6 });
const id = fc.uuid().map((one) => one.replace(/[2-9a-e]/g, '1'));

test('ids are found by their parts, hyphens included', () => {
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 6 }), hex, (ids, part) => {
      const list = new IdList(encodeIds(ids, ids).codes, null, null);
      const marks = new Uint8Array(ids.length);
      const asked = new Uint8Array(ids.length).fill(1);
      list.markContaining(new Needle(part), marks, 0, ids.length, asked);
      expect([...marks]).toEqual(ids.map((one) => (one.includes(part.toLowerCase()) ? 1 : 0)));
      expect(ids.map((_, position) => list.text(position))).toEqual(ids);
    }),
    { numRuns: 500 },
  );
});

test('ids stand before and after any text as their texts do', () => {
  const wanted = fc.oneof(
    id,
    hex,
    fc
      .tuple(id, fc.nat(36), fc.constantFrom('', '-', ' ', 'g', 'F', '/', ':', '0', '\u00e9'))
      .map(([one, length, end]) => one.slice(0, length) + end),
  );
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 6 }), wanted, (ids, text) => {
      const compare = new IdList(encodeIds(ids, ids).codes, null, null).comparer(text);
      const expected = ids.map((one) => (one < text ? -1 : one > text ? 1 : 0));
      expect(ids.map((_, position) => Math.sign(compare(position)))).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('in a list without capitals nothing is missed, and no second look is needed', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 12 }), text, (texts, part) => {
      const sorted = sortTexts([...texts]);
      let none: boolean | null = null;
      const told = {
        get none() {
          return none;
        },
        tell: (value: boolean) => {
          none = value;
        },
      };
      const find = (): string[] => {
        const list = new TextList(packTexts(sorted), sorted.length, told);
        return list.containing(new Needle(part)).map((code) => list.text(code));
      };
      const expected = sorted.filter((one) => foldCase(one).includes(foldCase(part)));
      expect(find()).toEqual(expected);
      expect(find()).toEqual(expected);
      if (none !== null) expect(none).toBe(!sorted.some((one) => /[A-Z]/.test(one)));
    }),
    { numRuns: 500 },
  );
});

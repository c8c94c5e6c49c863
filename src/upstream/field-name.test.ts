import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fieldName } from './field-name.ts';

it('is the text of the bytes, whatever was asked before', () => {
  // Few letters, so that many names have the same place.
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-', '\u00e9'), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(name, { minLength: 2, maxLength: 40 }), (names) => {
      for (const text of names) expect(fieldName(Buffer.from(text, 'latin1'))).toBe(text);
    }),
  );
});

it('tells names apart that differ in one place only', () => {
  for (const text of ['x-a-y', 'x-b-y', 'x-a-y', 'X-a-y', 'x-a-Y', 'x-a-y'])
    expect(fieldName(Buffer.from(text))).toBe(text);
});

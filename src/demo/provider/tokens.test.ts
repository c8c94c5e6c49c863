import fc from 'fast-check';
import { assert, describe, expect, it } from 'vitest';
import { countTokens, splitTokens } from './tokens.ts';

describe('the tokenizer', () => {
  it('cuts any text into pieces that are the text again, and counts them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const pieces = splitTokens(text);
        assert.equal(pieces.join(''), text);
        assert.equal(countTokens(text), pieces.length);
      }),
    );
  });

  it('counts what its documentation says', () => {
    expect(splitTokens('Hello there, harbour!')).toEqual(['Hello', ' there', ',', ' harbou', 'r', '!']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMatches, jsonSpans, textRows } from './text-rows.ts';

/** Characters that such code stumbles over. */
const PIECE = fc.constantFrom(
  'a',
  ' ',
  '"',
  '\\',
  ':',
  '1',
  '\n',
  '\r',
  '\t',
  'é',
  '日',
  '😀',
  '\ud83d',
  '\ude00',
  '\u202e',
);

const shown = (text: string, columns: number) =>
  textRows(text, columns).map(({ from, to }) => text.slice(from, to));

describe('rows of a text', () => {
  it('are its lines where they fit, and pieces of them where they do not', () => {
    const text = `short\n${'x'.repeat(25)}\n\nend`;
    expect(shown(text, 10)).toEqual(['short', 'x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5), '', 'end']);
    expect(textRows(text, 10).map(({ line }) => line)).toEqual([1, 2, null, null, 3, 4]);
  });

  it('do not count the line end of the last line as a line, and take line ends of two characters', () => {
    expect(shown('a\r\nb\n', 80)).toEqual(['a', 'b']);
    expect(shown('', 80)).toEqual(['']);
  });

  it('cut no character in two, and give wide ones their room', () => {
    expect(shown('日'.repeat(7), 10)).toEqual(['日'.repeat(5), '日'.repeat(2)]);
    expect(shown('😀'.repeat(6), 10)).toEqual(['😀'.repeat(5), '😀']);
  });

  it('lose nothing but line ends', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: PIECE, maxLength: 120 }),
        fc.integer({ min: 8, max: 40 }),
        (text, columns) => {
          const rows = textRows(text, columns);
          const lines: string[] = [];
          for (const { from, to, line } of rows) {
            if (line !== null) lines.push('');
            lines[lines.length - 1] += text.slice(from, to);
          }
          expect(lines).toEqual(text.replace(/\r?\n$/, '').split(/\r?\n/));
        },
      ),
    );
  });

  it('bear a line of two million characters', () => {
    const text = `{"data":"${'A'.repeat(2_000_000)}"}`;
    const rows = textRows(text, 120);
    expect(rows.length).toBe(Math.ceil(text.length / 120));
    expect(rows[5_000]?.inString).toBe(true);
  });
});

describe('searching rows', () => {
  it('finds the row of each match, whatever the case', () => {
    const text = `one\nTwo ${'x'.repeat(20)} two\ntwo`;
    const rows = textRows(text, 10);
    expect(findMatches(text, rows, 'TWO').map(({ row }) => row)).toEqual([1, 3, 4]);
    expect(findMatches(text, rows, '')).toEqual([]);
  });

  it('keeps its places when letters change their length with their case', () => {
    const text = 'İİİ needle';
    expect(findMatches(text, textRows(text, 80), 'needle')[0]?.at).toBe(4);
  });
});

describe('colours of a row', () => {
  it('tell keys, texts and other values apart, also in the middle of a text', () => {
    expect(jsonSpans('"a": "b \\" c", 12', false).map(({ text, kind }) => [text, kind])).toEqual([
      ['"a"', 'key'],
      [': ', 'plain'],
      ['"b \\" c"', 'string'],
      [', 12', 'literal'],
    ]);
    expect(jsonSpans('rest of it", "k": 1', true).map(({ kind }) => kind)).toEqual([
      'string',
      'plain',
      'key',
      'literal',
    ]);
  });

  it('lose nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: PIECE }), fc.boolean(), (text, inString) => {
        expect(
          jsonSpans(text, inString)
            .map((span) => span.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

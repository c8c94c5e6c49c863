import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvCell, csvLine } from './csv.ts';

it.each([
  ['=1+1', "'=1+1"],
  ['+49 30', "'+49 30"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['  =1', `'  =1`],
  ['＝1', "'＝1"],
  ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  [' spaces ', '" spaces "'],
  [null, ''],
  [-1, '-1'],
  [0.5, '0.5'],
  [true, 'true'],
  [{ a: '=1' }, '"{""a"":""=1""}"'],
])('writes %j as a cell that no spreadsheet carries out', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

/** Reads one line back, as RFC 4180 has it. */
function parseLine(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  do {
    let cell = '';
    if (line[at] === '"') {
      for (at++; line[at] !== '"' || line[at + 1] === '"'; at++) {
        if (line[at] === '"') at++;
        cell += line[at];
      }
      at++;
    } else {
      while (line[at] !== ',' && line[at] !== '\r') cell += line[at++];
    }
    cells.push(cell);
  } while (line[at++] === ',');
  return cells;
}

it('gives every text back as it was but for the apostrophe', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 6 }), (texts) => {
      const cells = parseLine(csvLine(texts));
      expect(cells).toHaveLength(texts.length);
      for (const [index, cell] of cells.entries()) {
        const text = texts[index]!;
        expect(cell === text || cell === `'${text}`).toBe(true);
        expect(/^[=+\-@\t\r]/.test(cell)).toBe(false);
      }
    }),
  );
});

import type { Block } from './block.ts';
import { widened } from './block-format.ts';
import { type BlockTest, type Mark, markTable, never, whereFound } from './block-marks.ts';
import { DigitSearch } from './digit-search.ts';
import type { FilterValue } from './filter-values.ts';
import type { NumberList } from './number-list.ts';
import { type NumberText, PLAIN, REAL } from './number-text.ts';
import type { NumberColumn } from './scan-columns.ts';
import { foldCase } from './text-list.ts';

/** With so few values each is looked at once, with more of them each row. */
const FEW_VALUES = 2048;

/** Numbers whose text has one of the wanted ones within it. `derive` makes the number out of the column's. */
export function digitsTest(
  column: NumberColumn,
  values: readonly FilterValue[],
  derive: ((value: number) => number) | undefined,
  texts: NumberText,
): BlockTest {
  const texted = values.filter((value) => value !== null).map((value) => foldCase(String(value)));
  // No stored text has a NUL.
  const wanted = [...new Set(texted)].filter((text) => !text.includes('\u0000'));
  if (wanted.length === 0) return never;
  const searches = wanted.map((text) => new DigitSearch(text));
  const point = REAL.has(column);
  const holds = (scaled: number, scale: number): boolean => {
    const whole = scale === 1 ? scaled : Math.floor(scaled / scale);
    const rest = scaled - whole * scale;
    for (const search of searches) if (search.holds(whole, rest, point)) return true;
    return false;
  };
  const holdsText = (value: number): boolean => {
    const text = texts.ofColumn(column, value);
    return wanted.some((one) => text.includes(one));
  };
  return (block) => {
    const list = block.numbers(column);
    if (list.count === 0) return false;
    const scale = plainScale(list, point);
    if (list.count <= FEW_VALUES || derive !== undefined) {
      const table = new Uint8Array(list.count + 1);
      for (let code = 1; code <= list.count; code++) {
        const value = derive === undefined ? list.value(code) : derive(list.value(code));
        const found = scale === null ? holdsText(value) : holds(Math.round(value * scale), scale);
        table[code] = found ? 1 : 0;
      }
      return markTable(block, column, table);
    }
    if (scale === null) return markValues(block, column, list, holdsText);
    const { base, step } = list.spaced!;
    const most = base + (list.count - 1) * step;
    return whereFound((found, start, end, marks) => {
      const codes = widened(block.codes(column)!, start, end);
      const numbers = { codes, base, step, scale, most, start, end };
      for (const search of searches) search.mark(found, marks, numbers, point);
    });
  };
}

/** Over what the numbers are whole when all are printed as they stand, without sign or exponent; else null. */
function plainScale(list: NumberList, point: boolean): number | null {
  if (list.spaced === null || list.spaced.base < 0) return null;
  const { scale } = list.spaced;
  return scale === 1 && !point ? scale : list.value(list.count) < PLAIN ? scale : null;
}

function markValues(
  block: Block,
  column: NumberColumn,
  list: NumberList,
  holds: (value: number) => boolean,
): Mark {
  return (marks, start, end) => {
    const codes = block.codes(column)!;
    for (let position = start; position < end; position++) {
      if (marks[position] === 0) continue;
      const code = codes[position]!;
      marks[position] = code !== 0 && holds(list.value(code)) ? 1 : 0;
    }
  };
}

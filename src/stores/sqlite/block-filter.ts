import type { LogFilter } from '../../core/stores/logs.ts';
import { digitsTest } from './block-digits.ts';
import { type BlockTest, markRanges, markTable, never, not, whereFound } from './block-marks.ts';
import { metadataTest } from './block-metadata.ts';
import {
  type FilterValue,
  findFilter,
  type Kind,
  METADATA_KEY,
  METADATA_VALUE,
  PAIRED_KEY,
  type Positive,
  readNumber,
} from './filter-values.ts';
import { uuidBound } from './id-list.ts';
import type { NumberText } from './number-text.ts';
import {
  kindOf,
  type NumberColumn,
  recordColumn,
  SCAN_COLUMNS,
  type ScanColumn,
  type TextColumn,
} from './scan-columns.ts';
import { Needle } from './text-list.ts';

const COLUMNS = new Map<string, ScanColumn>(SCAN_COLUMNS.map((column) => [recordColumn(column), column]));
const CLASS = '(status_code / 100)';

/** A filter as a test of blocks: the same rows as logs-filter.ts finds in the table. */
export function blockFilter(filter: LogFilter, texts: NumberText): BlockTest {
  const { key, operator } = filter;
  const value = [...new Set(filter.value)];
  if (operator === 'neq') return not(blockFilter({ key, operator: 'eq', value }, texts));
  if (value.length === 0) return never;
  if (key === METADATA_KEY || key === METADATA_VALUE || key.startsWith(PAIRED_KEY)) {
    return metadataTest(key, operator, value, texts);
  }
  const [name, kind] = findFilter(key);
  if (name === 'NULL') return () => operator === 'eq' && value.includes(null);
  if (name === '0') return () => value.some((one) => constantHolds(operator, one));
  if (name === CLASS)
    return numberTest('statusCode', kind, operator, value, (status) => Math.trunc(status / 100), texts);
  const column = COLUMNS.get(name)!;
  switch (kindOf(column)) {
    case 'number':
      return numberTest(column as NumberColumn, kind, operator, value, undefined, texts);
    case 'id':
      return idTest(column as 'id' | 'eventId', operator, value);
    default:
      return textTest(column as TextColumn, operator, value);
  }
}

function constantHolds(operator: Positive, value: FilterValue): boolean {
  if (value === null) return false;
  if (operator === 'contains') return '0'.includes(String(value));
  const number = readNumber('boolean', value);
  if (number === null) return false;
  return operator === 'eq' ? number === 0 : operator === 'lt' ? number > 0 : number < 0;
}

function textTest(column: TextColumn, operator: Positive, values: readonly FilterValue[]): BlockTest {
  const nullWanted = operator === 'eq' && values.includes(null);
  const texts = values.filter((value) => value !== null).map(String);
  if (operator === 'contains') return containsTest(column, texts);
  const wanted = texts.map((text) => Buffer.from(text));
  return (block) => {
    const list = block.texts(column);
    const ranges = wanted.map((text): [number, number] => {
      if (operator === 'lt') return [1, list.firstCode(text, false) - 1];
      if (operator === 'gt') return [list.firstCode(text, true), list.count];
      const code = list.find(text);
      return code === 0 ? [1, 0] : [code, code];
    });
    return markRanges(block, column, ranges, nullWanted);
  };
}

export function containsTest(column: TextColumn, texts: readonly string[]): BlockTest {
  const needles = toNeedles(texts);
  if (needles.length === 0) return never;
  return (block) => {
    const list = block.texts(column);
    if (list.count === 0) return false;
    const table = new Uint8Array(list.count + 1);
    for (const needle of needles) for (const code of list.containing(needle)) table[code] = 1;
    return markTable(block, column, table);
  };
}

/** No stored text has a NUL. */
function toNeedles(texts: readonly string[]): Needle[] {
  return texts.filter((text) => !text.includes('\u0000')).map((text) => new Needle(text));
}

function idTest(column: 'id' | 'eventId', operator: Positive, values: readonly FilterValue[]): BlockTest {
  // Ids are never null.
  const texts = values.filter((value) => value !== null).map(String);
  if (operator === 'contains') {
    const needles = toNeedles(texts);
    return (block) =>
      whereFound((found, start, end, marks) => {
        for (const needle of needles) block.ids(column).markContaining(needle, found, start, end, marks);
      });
  }
  const wanted = texts.map((text) => ({ text, bound: uuidBound(text) }));
  const holds = (order: number): boolean =>
    operator === 'eq' ? order === 0 : operator === 'lt' ? order < 0 : order > 0;
  return (block) => {
    const near: string[] = [];
    for (const { text, bound } of wanted) {
      const beside = block.idsBeside(column, bound);
      if (beside === null) near.push(text);
      else if (holds(beside)) return true;
    }
    if (near.length === 0) return false;
    return whereFound((found, start, end, marks) => {
      const ids = block.ids(column);
      for (const text of near) {
        const compare = ids.comparer(text);
        for (let position = start; position < end; position++) {
          if (marks[position] === 1 && holds(compare(position))) found[position] = 1;
        }
      }
    });
  };
}

function numberTest(
  column: NumberColumn,
  kind: Kind,
  operator: Positive,
  values: readonly FilterValue[],
  derive: ((value: number) => number) | undefined,
  texts: NumberText,
): BlockTest {
  if (operator === 'contains') return digitsTest(column, values, derive, texts);
  const nullWanted = operator === 'eq' && values.includes(null);
  const numbers = values
    .map((value) => (value === null ? null : readNumber(kind, value)))
    .filter((number) => number !== null);
  return (block) => {
    const list = block.numbers(column);
    const ranges = numbers.map((number): [number, number] => {
      if (operator === 'lt') return [1, list.firstCode(number, false, derive) - 1];
      if (operator === 'gt') return [list.firstCode(number, true, derive), list.count];
      return [list.firstCode(number, false, derive), list.firstCode(number, true, derive) - 1];
    });
    return markRanges(block, column, ranges, nullWanted);
  };
}

import { describe, expect, test } from 'vitest';
import { decodeSort, encodeSort, sortRows } from './sort-rows.ts';

describe('rows are sorted', () => {
  test('numbers by size, with what is unknown last in either direction', () => {
    const rows = [{ cost: 10 }, { cost: null }, { cost: 9 }, { cost: 0 }];
    expect(sortRows(rows, ({ cost }) => cost, 'asc').map(({ cost }) => cost)).toEqual([0, 9, 10, null]);
    expect(sortRows(rows, ({ cost }) => cost, 'desc').map(({ cost }) => cost)).toEqual([10, 9, 0, null]);
  });

  test('text as people read it, and equal rows stay as they were', () => {
    const rows = [{ name: 'b10' }, { name: 'B2' }, { name: 'a' }];
    expect(sortRows(rows, ({ name }) => name, 'asc').map(({ name }) => name)).toEqual(['a', 'B2', 'b10']);
  });
});

test('the order in the address is one of a column that there is', () => {
  expect(decodeSort(encodeSort({ column: 'cost', direction: 'desc' }), ['cost'])).toEqual({
    column: 'cost',
    direction: 'desc',
  });
  expect(decodeSort('cost.sideways', ['cost'])).toBeNull();
  expect(decodeSort('other.asc', ['cost'])).toBeNull();
  expect(decodeSort(undefined, ['cost'])).toBeNull();
});

import { expect, test } from 'vitest';
import type { DatasetObject } from '../../../../src/api/contract/evaluations.ts';
import { conditionsOf, filtersOf, logFilters, selectionText } from './prepare.ts';

const dataset = (filters: DatasetObject['filters']): DatasetObject => ({
  id: '1',
  gateway_id: 'main',
  name: 'one',
  enable: true,
  filters,
  created_at: '2026-01-01T00:00:00.000Z',
  modified_at: '2026-01-01T00:00:00.000Z',
});

test('values are sent as what their field is', () => {
  expect(
    filtersOf([
      { key: 'model', operator: 'eq', text: 'gpt-4o, gpt-4o-mini' },
      { key: 'success', operator: 'eq', text: 'true' },
      { key: 'cost', operator: 'gt', text: '0.5' },
      { key: 'provider', operator: 'eq', text: ' , ' },
    ]),
  ).toEqual([
    { key: 'model', operator: 'eq', value: ['gpt-4o', 'gpt-4o-mini'] },
    { key: 'success', operator: 'eq', value: [true] },
    { key: 'cost', operator: 'gt', value: [0.5] },
  ]);
});

test('conditions come back as they were written', () => {
  const conditions = conditionsOf(
    dataset([{ key: 'model', operator: 'contains', value: ['gpt', 'claude'] }]),
  );
  expect(conditions).toEqual([{ key: 'model', operator: 'contains', text: 'gpt, claude' }]);
  expect(filtersOf(conditions)).toEqual([{ key: 'model', operator: 'contains', value: ['gpt', 'claude'] }]);
});

test('a selection is told in a sentence, and chosen requests by their number', () => {
  expect(selectionText(dataset([]))).toBe('Every request');
  expect(selectionText(dataset([{ key: 'id', operator: 'eq', value: ['a', 'b'] }]))).toBe(
    '2 chosen requests',
  );
  expect(
    selectionText(
      dataset([
        { key: 'model', operator: 'eq', value: ['a', 'b'] },
        { key: 'cost', operator: 'gt', value: [1] },
      ]),
    ),
  ).toBe('Model is a or b, Cost in USD is more than 1');
});

test('the list of logs takes the same selection', () => {
  expect(logFilters(dataset([{ key: 'success', operator: 'eq', value: [false] }]))).toEqual([
    { key: 'success', operator: 'eq', values: ['false'] },
  ]);
});

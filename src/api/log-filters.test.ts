import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilters } from './log-filters.ts';

const read = (query: string) => readFilters(new URLSearchParams(query));

test('the SDKs’ form: a new key begins a new filter', () => {
  const query =
    'filters.key=provider&filters.operator=eq&filters.value=openai&filters.value=anthropic' +
    '&filters.key=cost&filters.operator=gt&filters.value=0.1&page=2';
  expect(read(query)).toEqual([
    { key: 'provider', operator: 'eq', value: ['openai', 'anthropic'] },
    { key: 'cost', operator: 'gt', value: [0.1] },
  ]);
});

test('values get the type of their key', () => {
  const value = (key: string, text: string) =>
    read(`filters.key=${key}&filters.operator=eq&filters.value=${text}`)[0]!.value[0];
  expect(value('success', 'true')).toBe(true);
  expect(value('cached', '0')).toBe(false);
  expect(value('tokens', '12')).toBe(12);
  expect(value('feedback', '')).toBeNull();
  expect(value('feedback', 'null')).toBeNull();
  expect(value('created_at', '2026-01-31T12:00:00Z')).toBe(Date.UTC(2026, 0, 31, 12));
  expect(value('created_at', '1769860800000')).toBe(1_769_860_800_000);
  expect(value('model', '')).toBe('');
  expect(value('metadata.value', 'true')).toBe('true');
});

const part = fc.record({
  key: fc.constantFrom('provider', 'model', 'user_agent', 'metadata.key'),
  operator: fc.constantFrom('eq', 'neq', 'contains', 'lt', 'gt'),
  value: fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 4 }),
});
const order = fc.constantFrom(
  ['key', 'operator', 'value'],
  ['operator', 'value', 'key'],
  ['value', 'key', 'operator'],
  ['key', 'value', 'operator'],
  ['operator', 'key', 'value'],
  ['value', 'operator', 'key'],
);

test('both encodings say the same, in whatever order a client writes the parts', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), order, (filters, parts) => {
      const dotted = new URLSearchParams();
      for (const filter of filters) {
        for (const name of parts) {
          const value = filter[name as keyof typeof filter];
          for (const text of Array.isArray(value) ? value : [value]) dotted.append(`filters.${name}`, text);
        }
      }
      const json = new URLSearchParams({ filters: JSON.stringify(filters) });
      expect(readFilters(json)).toEqual(filters);
      expect(readFilters(dotted)).toEqual(filters);
    }),
  );
});

test('whatever stands in the query, the answer is filters or a refusal with its place', () => {
  const name = fc.constantFrom('filters', 'filters.key', 'filters.operator', 'filters.value', 'filters.x');
  const text = fc.oneof(fc.string(), fc.json(), fc.constantFrom('provider', 'eq', '[]', '[null]', '[{}]'));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, text), { maxLength: 8 }), (pairs) => {
      try {
        for (const filter of readFilters(new URLSearchParams(pairs)))
          expect(filter.value.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ApiError', status: 400 });
      }
    }),
  );
});

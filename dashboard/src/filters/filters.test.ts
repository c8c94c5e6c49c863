import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeFilter } from './fields.ts';
import { decodeFilter, type Filter, filtersParameter, OPERATORS, withFilter } from './filter.ts';
import { suggestionsOf } from './suggestions.ts';
import { instantOf, intervalFor, rangeBefore, readRange } from './time-range.ts';
import { parseSearch, stringifySearch } from './use-address.ts';
import { decodeView, encodeView, type View } from './view.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

const anyFilter: fc.Arbitrary<Filter> = fc.record({
  key: fc.oneof(
    fc.constantFrom('model', 'status_code', 'metadata.key'),
    fc.string({ minLength: 1 }).map((key) => `metadata:${key}`),
  ),
  operator: fc.constantFrom(...OPERATORS),
  values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }),
});

describe('a view in the address', () => {
  test('comes back as it was, whatever stands in its filters', () => {
    const anyView: fc.Arbitrary<View> = fc.record({
      range: fc.constantFrom(
        { from: '-24h', to: 'now' },
        { from: '-15m', to: 'now' },
        { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' },
      ),
      filters: fc.array(anyFilter, { maxLength: 3 }),
      text: fc.string({ unit: 'grapheme' }),
    });
    fc.assert(
      fc.property(anyView, (view) => {
        expect(decodeView(parseSearch(stringifySearch(encodeView(view))))).toEqual(view);
      }),
    );
  });

  test('is not written where it is the usual one', () => {
    expect(stringifySearch(encodeView({ range: { from: '-24h', to: 'now' }, filters: [], text: '' }))).toBe(
      '',
    );
  });

  test('can be read by people', () => {
    const filters: Filter[] = [{ key: 'model', operator: 'eq', values: ['gpt-4o', 'claude-sonnet-4-5'] }];
    expect(stringifySearch(encodeView({ range: { from: '-1h', to: 'now' }, filters }))).toBe(
      '?from=-1h&filter=model:eq:gpt-4o|claude-sonnet-4-5',
    );
  });

  test.each(['model', 'model:like:x', ':eq:x', ''])('leaves out the filter %j, which is none', (text) => {
    expect(decodeFilter(text)).toBeNull();
  });

  test('is the usual one where the range is none, ends before it begins, or is missing', () => {
    const usual = { from: '-24h', to: 'now' };
    expect(readRange(undefined, undefined)).toEqual(usual);
    expect(readRange('yesterday', undefined)).toEqual(usual);
    expect(readRange('now', '-1h')).toEqual(usual);
  });
});

test('conditions go to the API as JSON, and not at all when there are none', () => {
  expect(filtersParameter([])).toBeUndefined();
  expect(JSON.parse(filtersParameter([{ key: 'cost', operator: 'gt', values: ['0.1'] }]) ?? '')).toEqual([
    { key: 'cost', operator: 'gt', value: ['0.1'] },
  ]);
});

describe('adding a condition', () => {
  const gpt: Filter = { key: 'model', operator: 'eq', values: ['gpt-4o'] };

  test('joins values of the same key', () => {
    expect(withFilter([gpt], { ...gpt, values: ['o3'] })).toEqual([{ ...gpt, values: ['gpt-4o', 'o3'] }]);
  });

  test('replaces a bound', () => {
    const slow: Filter = { key: 'duration', operator: 'gt', values: ['100'] };
    expect(withFilter([slow], { ...slow, values: ['500'] })).toEqual([{ ...slow, values: ['500'] }]);
  });
});

test('a filter is said in words', () => {
  expect(describeFilter({ key: 'model', operator: 'neq', values: ['a', ''] })).toBe(
    'Model is not a or unknown or none',
  );
  const reason = { key: 'cache_reason', values: ['gate-numbers'] } as const;
  expect(describeFilter({ ...reason, operator: 'eq' })).toBe('Why no similar answer is Numbers differ');
  expect(describeFilter({ ...reason, operator: 'contains' })).toBe(
    'Why no similar answer contains gate-numbers',
  );
  expect(describeFilter({ key: 'metadata:user', operator: 'eq', values: ['7'] })).toBe('Metadata: user is 7');
});

describe('times', () => {
  test.each([
    ['now', NOW],
    ['-15m', NOW - 900_000],
    ['-30d', NOW - 30 * 86_400_000],
    ['2026-11-22T11:00:00Z', NOW - 3_600_000],
  ])('%s', (text, instant) => expect(instantOf(text, NOW)).toBe(instant));

  test.each(['', 'tomorrow', '-5', '5m', '2026', '-99999999d'])('%j is none', (text) => {
    expect(instantOf(text, NOW)).toBeNull();
  });

  test('the period before a relative range moves along with it', () => {
    expect(rangeBefore({ from: '-24h', to: 'now' }, NOW)).toEqual({ from: '-48h', to: '-24h' });
  });

  test('the period before a fixed range has its length and ends where it begins', () => {
    const range = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:30:00.000Z' };
    expect(rangeBefore(range, NOW)).toEqual({
      from: '2026-11-22T08:30:00.000Z',
      to: '2026-11-22T10:00:00.000Z',
    });
  });

  test.each([
    [900_000, 'minute'],
    [6 * 3_600_000, 'five_minutes'],
    [24 * 3_600_000, 'fifteen_minutes'],
    [7 * 86_400_000, 'hour'],
    [90 * 86_400_000, 'day'],
    [3650 * 86_400_000, 'day'],
  ] as const)('%d ms are cut by the %s', (length, interval) => expect(intervalFor(length)).toBe(interval));
});

describe('completion', () => {
  const none = { text: '', values: [], metadataKeys: [], canSearch: false };
  const model = { key: 'model', label: 'Model', kind: 'text', dimension: 'model' } as const;

  test('offers fields by their label, and metadata keys of the range', () => {
    const labels = suggestionsOf({
      ...none,
      draft: { field: null, operator: null },
      text: 'te',
      metadataKeys: ['team'],
    }).map(({ label }) => label);
    expect(labels).toContain('Rate limited');
    expect(labels).toContain('Metadata: team');
    expect(labels).not.toContain('Model');
  });

  test('searches for the text first, where text can be searched', () => {
    const first = suggestionsOf({
      ...none,
      draft: { field: null, operator: null },
      text: ' invoice ',
      canSearch: true,
    })[0];
    expect(first?.does).toEqual({ kind: 'search', text: 'invoice' });
  });

  test('asks for the condition, then offers values with their counts', () => {
    const conditions = suggestionsOf({ ...none, draft: { field: model, operator: null } });
    expect(conditions.map(({ id }) => id)).toEqual(['eq', 'neq', 'contains']);
    const [value] = suggestionsOf({
      ...none,
      draft: { field: model, operator: 'eq' },
      values: [{ value: 'gpt-4o', count: 7 }],
    });
    expect(value).toMatchObject({ label: 'gpt-4o', count: 7 });
    expect(value?.does).toEqual({
      kind: 'filter',
      filter: { key: 'model', operator: 'eq', values: ['gpt-4o'] },
    });
  });

  test('takes a value of one’s own, for numbers only a number', () => {
    const own = suggestionsOf({ ...none, draft: { field: model, operator: 'eq' }, text: 'my-model' });
    expect(own.at(-1)?.label).toBe('“my-model”');
    const cost = { key: 'cost', label: 'Cost', kind: 'number' } as const;
    expect(suggestionsOf({ ...none, draft: { field: cost, operator: 'gt' }, text: 'much' })).toEqual([]);
  });
});

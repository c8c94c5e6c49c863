import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../filters/use-address.ts';
import {
  addressOfView,
  DEFAULT_COLUMNS,
  nextSort,
  readListState,
  viewOfAddress,
  writeListState,
} from './list-state.ts';

const read = (text: string) => readListState(parseSearch(text));

describe('the list in the address', () => {
  it('is the newest first, with the usual columns, when the address says nothing', () => {
    expect(read('')).toEqual({
      sort: { column: 'created_at', direction: 'desc' },
      columns: DEFAULT_COLUMNS,
      isLive: false,
      record: null,
      compare: null,
    });
  });

  it('comes back as it was written', () => {
    const state = {
      sort: { column: 'cost', direction: 'desc' } as const,
      columns: ['time', 'user', 'path'] as const,
      isLive: false,
      record: 'a',
      compare: ['a', 'b'] as const,
    };
    expect(readListState(writeListState(state))).toEqual(state);
  });

  it('says nothing for what is usual', () => {
    expect(Object.values(writeListState(read(''))).every((value) => value === undefined)).toBe(true);
  });

  it('takes what was typed wrongly for nothing', () => {
    const { sort, columns, compare } = read('sort=password.desc&columns=__proto__,x&compare=a');
    expect(sort.column).toBe('created_at');
    expect(columns).toEqual(DEFAULT_COLUMNS);
    expect(compare).toBeNull();
    expect(read('columns=x,cost,time').columns).toEqual(['time', 'cost']);
    expect(read('compare=a,b,c').compare).toBeNull();
  });

  it('is live only where the newest stand on top', () => {
    expect(read('live=1').isLive).toBe(true);
    expect(read('live=1&sort=cost.desc').isLive).toBe(false);
  });
});

describe('sorting by a head', () => {
  it('turns round at the second click, and begins as people expect', () => {
    const byTime = { column: 'created_at', direction: 'desc' } as const;
    expect(nextSort(byTime, 'created_at').direction).toBe('asc');
    expect(nextSort(byTime, 'cost')).toEqual({ column: 'cost', direction: 'desc' });
    expect(nextSort(byTime, 'model')).toEqual({ column: 'model', direction: 'asc' });
  });
});

describe('a saved view', () => {
  it('holds conditions, order and columns, and not what is open', () => {
    const search = parseSearch('from=-7d&filter=a:eq:1&filter=b:eq:2&sort=cost.desc&record=x&live=1&tab=raw');
    expect(viewOfAddress(search)).toEqual({ from: '-7d', filter: ['a:eq:1', 'b:eq:2'], sort: 'cost.desc' });
  });

  it('takes away what it does not have', () => {
    expect(addressOfView({ from: '-7d' })).toMatchObject({
      from: '-7d',
      filter: undefined,
      search: undefined,
    });
  });
});

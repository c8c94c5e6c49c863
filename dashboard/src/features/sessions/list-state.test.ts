import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../filters/use-address.ts';
import { readSessionList, sessionListQuestion } from './list-state.ts';

describe('the list of sessions in the address', () => {
  it('is the last that went on first, when the address says nothing', () => {
    expect(sessionListQuestion({})).toEqual({
      from: '-24h',
      to: 'now',
      search: '',
      order_by: 'last_at',
      order_by_direction: 'desc',
      page: 1,
    });
  });

  it('asks for what the address says', () => {
    expect(sessionListQuestion(parseSearch('from=-7d&search=abc&sort=cost.asc&page=3'))).toMatchObject({
      from: '-7d',
      search: 'abc',
      order_by: 'cost',
      order_by_direction: 'asc',
      page: 3,
    });
  });

  it('takes what was typed wrongly for nothing', () => {
    for (const page of ['0', '-1', '1.5', 'x', '1e99']) {
      expect(readSessionList(parseSearch(`page=${page}&sort=constructor.asc`))).toEqual({
        sort: { column: 'last', direction: 'desc' },
        page: 1,
      });
    }
  });
});

import { describe, expect, it } from 'vitest';
import { neighbourAfter, neighbourQuery } from './neighbours.ts';

describe('the neighbours of a record', () => {
  it('are looked for on both sides of its instant, which both include', () => {
    const at = '2026-11-22T10:00:00.005Z';
    expect(neighbourQuery(at, 'newer')).toMatchObject({ from: at, order_by_direction: 'asc' });
    expect(neighbourQuery(at, 'older')).toMatchObject({
      to: '2026-11-22T10:00:00.006Z',
      order_by_direction: 'desc',
    });
  });

  it('are told apart when several came in the same millisecond', () => {
    const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(neighbourAfter(rows, 'b')).toBe('c');
    expect(neighbourAfter(rows, 'c')).toBeNull();
    expect(neighbourAfter(rows, 'gone')).toBeNull();
  });
});

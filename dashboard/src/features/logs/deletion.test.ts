import { describe, expect, it } from 'vitest';
import { deletionOf } from './deletion.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('what deleting a view deletes', () => {
  it('is what it shows, by instants', () => {
    const filter = { key: 'model', operator: 'eq', values: ['a'] } as const;
    expect(deletionOf({ range: { from: '-1h', to: 'now' }, filters: [filter], text: '' }, now)).toEqual([
      filter,
      { key: 'created_at', operator: 'gt', values: [String(now - 3_600_001)] },
      { key: 'created_at', operator: 'lt', values: [String(now)] },
    ]);
  });

  it('is nothing where the view searches for text: it would be more than what is shown', () => {
    expect(deletionOf({ range: { from: '-1h', to: 'now' }, filters: [], text: 'x' }, now)).toBeNull();
  });
});

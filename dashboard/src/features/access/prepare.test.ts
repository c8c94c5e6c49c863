import { expect, test } from 'vitest';
import type { Token } from '../../api/tokens.ts';
import { expiryInstant, roleLabel, shownTokens } from './prepare.ts';

const token = (fields: Partial<Token>): Token => ({
  id: '1',
  name: 'one',
  preview: 'tg_ab',
  role: 'viewer',
  permissions: ['read'],
  status: 'active',
  created_at: '2026-01-01T00:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
  last_used_address: null,
  ...fields,
});

test('an end is an instant, and no end is null', () => {
  expect(expiryInstant('never', 0)).toBeNull();
  expect(expiryInstant('week', 0)).toBe('1970-01-08T00:00:00.000Z');
});

test('a set of permissions without a name is told by what it holds', () => {
  expect(roleLabel(token({}))).toBe('Viewer');
  expect(roleLabel(token({ role: null, permissions: ['read', 'run'] }))).toBe('Own set: read, run');
});

test('what opens nothing any more is shown when it is asked for', () => {
  const all = [token({}), token({ id: '2', status: 'revoked' }), token({ id: '3', status: 'expired' })];
  expect(shownTokens(all, false).map(({ id }) => id)).toEqual(['1']);
  expect(shownTokens(all, true)).toHaveLength(3);
});

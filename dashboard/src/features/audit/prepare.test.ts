import { expect, test } from 'vitest';
import type { AuditEntry } from '../../api/audit.ts';
import { changeText } from '../../components/audit-text.ts';
import { actorName, changedFields, thingName, undoOf } from './prepare.ts';

const entry = (fields: Partial<AuditEntry>): AuditEntry => ({
  id: '1',
  account: { id: 'local' },
  action: { type: 'update', result: 'success', time: '2026-01-01T00:00:00.000Z' },
  actor: {
    type: 'user',
    context: 'dash',
    token_id: '7',
    token_name: 'Ada',
    role: 'admin',
    ip_address: '127.0.0.1',
  },
  resource: { product: 'ai_gateway', type: 'ai_gateway.gateway', id: 'main', gateway: 'main' },
  before: { id: 'main', cache_ttl: 0, zdr: false, modified_at: 'a' },
  after: { id: 'main', cache_ttl: 60, zdr: false, modified_at: 'b' },
  raw: null,
  sequence: 1,
  previous_hash: '',
  hash: 'x',
  ...fields,
});

test('only what differs is told, and not when it was changed', () => {
  expect(changedFields(entry({}))).toEqual([{ name: 'cache_ttl', before: '0', after: '60' }]);
  expect(changedFields(entry({ before: null, after: { name: 'one', note: '' } }))).toEqual([
    { name: 'name', before: 'nothing', after: 'one' },
  ]);
  expect(changedFields(entry({ before: null, after: null }))).toEqual([]);
});

test('a change of a gateway can be undone, and nothing else can', () => {
  expect(undoOf(entry({}))).toEqual({ cache_ttl: 0 });
  expect(undoOf(entry({ action: { ...entry({}).action, type: 'delete' } }))).toBeNull();
  expect(undoOf(entry({ action: { ...entry({}).action, result: 'failure' } }))).toBeNull();
  expect(undoOf(entry({ resource: { ...entry({}).resource, type: 'ai_gateway.token' } }))).toBeNull();
});

test('things, actions and people are named as people know them', () => {
  expect(thingName(entry({}))).toBe('main');
  const key = {
    product: 'ai_gateway',
    type: 'ai_gateway.provider_config',
    id: '9',
    gateway: 'main',
  } as const;
  expect(thingName(entry({ resource: key, after: { alias: 'default' } }))).toBe('main / default');
  expect(changeText('revoke', 'ai_gateway.provider_config')).toBe('Revoked provider key');
  expect(changeText('toString', 'constructor')).toBe('toString constructor');
  expect(actorName(entry({}))).toBe('Ada');
});

import { expect, test } from 'vitest';
import type { GatewayObject } from '../../../../src/api/contract.ts';
import { FIELDS, type FieldName } from './fields.ts';
import { bodyOf, changesOf, durationHint, formatValue, isDangerous, problemOf } from './prepare.ts';

const gateway = {
  id: 'main',
  created_at: '2026-01-01T00:00:00.000Z',
  modified_at: '2026-01-01T00:00:00.000Z',
  authentication: true,
  cache_ttl: 0,
  retry_backoff: null,
  retry_delay: null,
  log_management: 10_000_000,
  provider_urls: { openai: 'https://one.example/v1' },
  zdr: false,
} as unknown as GatewayObject;

const field = (name: FieldName) => FIELDS.get(name)!;

test('only what differs from what is saved is a change', () => {
  expect(changesOf(gateway, { cache_ttl: '', authentication: true, retry_backoff: '' })).toEqual([]);
  expect(changesOf(gateway, { cache_ttl: '3600' })).toMatchObject([{ before: 0, after: 3600 }]);
  expect(changesOf(gateway, { log_management: '' })).toMatchObject([{ before: 10_000_000, after: null }]);
});

test('nothing can be saved while something typed is wrong, and it is said what', () => {
  for (const typed of ['12', '1.5', 'an hour', '1e9', '-60']) {
    expect(changesOf(gateway, { cache_ttl: typed })).toBeNull();
    expect(problemOf(field('cache_ttl'), { cache_ttl: typed })).toMatch(/whole number|From 60/);
  }
});

test('a wait of 0 ms is a value of its own, and an empty box is none', () => {
  expect(changesOf(gateway, { retry_delay: '0' })).toMatchObject([{ after: 0 }]);
  expect(changesOf(gateway, { retry_delay: ' ' })).toEqual([]);
});

test('addresses are read row by row', () => {
  const rows = (...list: [string, string][]) => list.map(([slug, url]) => ({ slug, url }));
  const read = (list: [string, string][]) => changesOf(gateway, { provider_urls: rows(...list) });
  expect(read([['openai', 'https://one.example/v1']])).toEqual([]);
  expect(
    read([
      ['openai', ' https://two.example '],
      ['', ''],
    ]),
  ).toMatchObject([{ after: { openai: 'https://two.example' } }]);
  expect(read([['Open AI', 'https://two.example']])).toBeNull();
  expect(read([['openai', 'javascript:alert(1)']])).toBeNull();
  expect(
    read([
      ['openai', 'https://a.example'],
      ['openai', 'https://b.example'],
    ]),
  ).toBeNull();
});

test('a save sends everything that the gateway has, with the changes over it', () => {
  const changes = changesOf(gateway, { cache_ttl: '60' })!;
  const body = bodyOf(gateway, changes);
  expect(body).toMatchObject({ cache_ttl: 60, authentication: true, zdr: false });
  expect(body).not.toHaveProperty('id');
  expect(body).not.toHaveProperty('modified_at');
});

test('opening a gateway to others is dangerous, closing it is not', () => {
  expect(isDangerous(changesOf(gateway, { authentication: false })!)).toBe(true);
  const open = { ...gateway, authentication: false } as GatewayObject;
  expect(isDangerous(changesOf(open, { authentication: true })!)).toBe(false);
});

test('values are told in words', () => {
  expect(formatValue(field('cache_ttl'), 0)).toBe('off');
  expect(formatValue(field('cache_ttl'), 3600)).toBe('3,600 seconds');
  expect(formatValue(field('retry_backoff'), null)).toBe('Not set');
  expect(formatValue(field('provider_urls'), {})).toBe('none');
  expect(durationHint(field('cache_ttl'), '86400')).toBe('= 1 d');
  expect(durationHint(field('cache_ttl'), '30')).toBeNull();
});

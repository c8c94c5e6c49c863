import { expect, test } from 'vitest';
import type { GatewayObject } from '../../../../src/api/contract.ts';
import { raiseSemantic, SEMANTIC_DEFAULTS } from '../../../../src/config/semantic-schema.ts';
import type { FieldName } from './field.ts';
import { FIELDS, savedValue } from './fields.ts';
import {
  bodyOf,
  changesOf,
  durationHint,
  formatValue,
  isDangerous,
  problemOf,
  readField,
} from './prepare.ts';

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
  share_in_flight: true,
  semantic_cache: null,
} as unknown as GatewayObject;

const similar = {
  mode: 'shadow',
  embedder: 'openai/text-embedding-3-small',
  embedder_dimensions: 256,
  error_budget: 0.02,
  ttl: 3600,
  scope: 'user',
  max_temperature: 0.5,
  sample_rate: 0.05,
  daily_check_budget: 0.5,
  judge: null,
} as const;

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

test('where similar answers were never set up, their fields show what they would be', () => {
  expect(savedValue(gateway, 'semantic_cache.mode')).toBe('off');
  expect(savedValue(gateway, 'semantic_cache.error_budget')).toBe(0.01);
  expect(bodyOf(gateway, changesOf(gateway, { cache_ttl: '60' })!).semantic_cache).toBeNull();
  const changes = changesOf(gateway, { 'semantic_cache.mode': 'shadow' })!;
  expect(changes).toMatchObject([{ before: 'off', after: 'shadow' }]);
  expect(bodyOf(gateway, changes).semantic_cache).toEqual({ mode: 'shadow' });
  // Nothing is turned on by a change of something else.
  const other = changesOf(gateway, { 'semantic_cache.ttl': '600' })!;
  expect(bodyOf(gateway, other).semantic_cache).toEqual({ mode: 'off', ttl: 600 });
});

test('a change of one thing about similar answers leaves the others as they are', () => {
  const set = { ...gateway, semantic_cache: similar } as GatewayObject;
  const changes = changesOf(set, { 'semantic_cache.error_budget': '2.5', share_in_flight: false })!;
  expect(bodyOf(set, changes)).toMatchObject({
    share_in_flight: false,
    cache_ttl: 0,
    semantic_cache: { ...similar, error_budget: 0.025 },
  });
  expect(bodyOf(set, changesOf(set, { cache_ttl: '60' })!).semantic_cache).toEqual(similar);
});

test('shares are typed in percent, with a point or a comma', () => {
  const budget = field('semantic_cache.error_budget');
  expect(readField(budget, '1.1')).toEqual({ value: 0.011 });
  expect(readField(budget, '0,5')).toEqual({ value: 0.005 });
  expect(readField(budget, '')).toHaveProperty('problem');
  expect(readField(budget, '21')).toEqual({ problem: 'From 0.1 to 20.' });
  expect(readField(budget, 'one')).toHaveProperty('problem');
  expect(readField(field('semantic_cache.sample_rate'), '0')).toEqual({ value: 0 });
  expect(formatValue(budget, 0.011)).toBe('1.1 %');
  expect(formatValue(field('semantic_cache.max_temperature'), 0)).toBe('0');
  expect(formatValue(field('semantic_cache.mode'), 'verify')).toBe('Verify');
});

test('an embedder is local or a model of a provider, a judge is a model or nobody', () => {
  const [embedder, judge] = [field('semantic_cache.embedder'), field('semantic_cache.judge')];
  for (const text of ['local', 'local:mine', ' openai/text-embedding-3-small '])
    expect(readField(embedder, text)).toEqual({ value: text.trim() });
  for (const text of ['openai', 'OpenAI/x', 'local:../x', 'openai/a b'])
    expect(readField(embedder, text), text).toHaveProperty('problem');
  expect(readField(embedder, '')).toEqual({ value: 'local' });
  expect(readField(judge, ' ')).toEqual({ value: null });
  expect(readField(judge, 'local')).toHaveProperty('problem');
  expect(formatValue(judge, null)).toBe('Not set');
});

test('the defaults of similar answers are those of the gateway', () => {
  const names = [...FIELDS.values()].filter(({ name }) => name.startsWith('semantic_cache.'));
  const shown = Object.fromEntries(names.map(({ name, fallback }) => [name.split('.')[1], fallback]));
  expect(shown).toEqual({ ...raiseSemantic(SEMANTIC_DEFAULTS), mode: 'off' });
});

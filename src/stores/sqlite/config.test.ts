import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CustomProvider, Gateway, StoredKey, Token } from '../../core/stores/config.ts';
import { openConfigStore } from './config.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-config-'));
  path = join(folder, 'config.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function gateway(id: string, change: Partial<Gateway> = {}): Gateway {
  return {
    account: 'local',
    id,
    createdAt: 1,
    modifiedAt: 1,
    isDefault: id === 'default',
    authentication: true,
    cacheTtl: 0,
    cacheInvalidateOnUpdate: false,
    cacheEpoch: 0,
    collectLogs: true,
    collectPayloads: true,
    logManagement: null,
    logManagementStrategy: null,
    logRetentionDays: null,
    rateLimitingLimit: 0,
    rateLimitingInterval: 0,
    rateLimitingTechnique: 'fixed',
    retryMaxAttempts: null,
    retryDelayMs: null,
    retryBackoff: null,
    requestTimeoutMs: null,
    byokOnly: false,
    zdr: false,
    providerUrls: { openai: 'https://example.com/v1' },
    heartbeatSeconds: null,
    shareInFlight: true,
    semanticCache: null,
    ...change,
  };
}

const key = (gatewayId: string, alias: string): StoredKey => ({
  id: `key-${gatewayId}-${alias}`,
  account: 'local',
  gateway: gatewayId,
  provider: 'openai',
  alias,
  isDefault: alias === 'default',
  secretId: `secret-${alias}`,
  preview: '…4f2a',
  createdAt: 1,
  modifiedAt: 1,
  rateLimit: null,
  rateLimitPeriod: null,
});

const provider = (id: string, slug: string): CustomProvider => ({
  id,
  account: 'local',
  slug,
  name: slug,
  baseUrl: 'https://example.com',
  description: null,
  link: null,
  enable: true,
  beta: false,
  curlExample: null,
  jsExample: null,
  headers: { 'x-team': 'one' },
  position: null,
  createdAt: 1,
  modifiedAt: 1,
});

const token = (id: string, change: Partial<Token> = {}): Token => ({
  id,
  account: 'local',
  name: id,
  hash: `hash-of-${id}`,
  preview: 'abcdef',
  permissions: ['run'],
  createdAt: 1,
  expiresAt: null,
  revokedAt: null,
  ...change,
});

test('everything that was written is there after a restart', () => {
  const first = openConfigStore(path);
  first.putAccount('other');
  first.putGateway(gateway('default'));
  first.putKey(key('default', 'default'));
  first.putCustomProvider(provider('p1', 'mine'));
  first.putToken(token('t1', { permissions: ['edit', 'run'] }));
  const before = first.snapshot();
  first.close();

  const second = openConfigStore(path);
  const after = second.snapshot();
  expect([...after.accounts].sort()).toEqual(['local', 'other']);
  expect(after.gateways).toEqual(before.gateways);
  expect(after.gateways.get('local/default')).toEqual(gateway('default'));
  expect(after.keys.get('local/default/openai/default')).toEqual(key('default', 'default'));
  expect(after.customProviders.get('local/mine')).toEqual(provider('p1', 'mine'));
  expect(after.tokens.get('hash-of-t1')?.permissions).toEqual(['edit', 'run']);
  second.close();
});

test('a snapshot that was handed out never changes, and the next one shows the write', () => {
  const store = openConfigStore(path);
  store.putGateway(gateway('a'));
  const old = store.snapshot();
  store.putGateway(gateway('a', { cacheTtl: 60 }));
  store.putGateway(gateway('b'));
  expect(old.gateways.get('local/a')?.cacheTtl).toBe(0);
  expect(old.gateways.has('local/b')).toBe(false);
  const now = store.snapshot();
  expect(now.version).toBeGreaterThan(old.version);
  expect(now.gateways.get('local/a')?.cacheTtl).toBe(60);
  expect(() => Object.assign(now.gateways.get('local/a')!.providerUrls, { openai: 'x' })).toThrow(TypeError);
  store.close();
});

test('deleting a gateway takes its keys with it and nobody else’s', () => {
  const store = openConfigStore(path);
  store.putGateway(gateway('a'));
  store.putGateway(gateway('b'));
  store.putKey(key('a', 'default'));
  store.putKey(key('a', 'spare'));
  store.putKey(key('b', 'default'));
  store.deleteGateway('local', 'a');
  expect([...store.snapshot().gateways.keys()]).toEqual(['local/b']);
  expect([...store.snapshot().keys.keys()]).toEqual(['local/b/openai/default']);
  store.deleteKey(key('b', 'default'));
  expect(store.snapshot().keys.size).toBe(0);
  store.close();
});

test('a revoked token leaves the snapshot and stays on the list', () => {
  const store = openConfigStore(path);
  store.putToken(token('t1'));
  store.putToken(token('t2', { createdAt: 2 }));
  store.putToken(token('t1', { revokedAt: 3 }));
  expect([...store.snapshot().tokens.keys()]).toEqual(['hash-of-t2']);
  expect(store.listTokens('local').map((found) => found.id)).toEqual(['t2', 't1']);
  expect(store.listTokens('other')).toEqual([]);
  store.close();
});

test('a slug belongs to one custom provider: a second one does not push it out', () => {
  const store = openConfigStore(path);
  store.putCustomProvider(provider('p1', 'mine'));
  expect(() => store.putCustomProvider(provider('p2', 'mine'))).toThrow();
  expect(store.snapshot().customProviders.get('local/mine')?.id).toBe('p1');
  store.putCustomProvider(provider('p1', 'renamed'));
  expect([...store.snapshot().customProviders.keys()]).toEqual(['local/renamed']);
  store.deleteCustomProvider('local', 'p1');
  expect(store.snapshot().customProviders.size).toBe(0);
  store.close();
});

test('refresh() takes over what another process wrote, and does nothing otherwise', () => {
  const server = openConfigStore(path);
  const commandLine = openConfigStore(path);
  server.putToken(token('t1'));
  expect(server.refresh()).toBe(false);
  commandLine.putToken(token('t2'));
  expect(server.snapshot().tokens.has('hash-of-t2')).toBe(false);
  expect(server.refresh()).toBe(true);
  expect(server.snapshot().tokens.has('hash-of-t2')).toBe(true);
  expect(server.refresh()).toBe(false);
  commandLine.close();
  server.close();
});

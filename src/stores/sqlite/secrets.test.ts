import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GatewayError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { openConfigStore } from './config.ts';
import { openDatabase } from './database.ts';
import { openSecretStore, WrongMasterKeyError } from './secrets.ts';

const CANARY = 'test-key-canary-0123456789';
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-secrets-'));
  path = join(folder, 'config.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const everyByteOnDisk = (): Buffer =>
  Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

test('a secret comes back after a restart, and never lies on disk in the clear', () => {
  const master = randomBytes(32);
  const first = openSecretStore(path, master);
  first.put('s1', new Secret(CANARY));
  expect(everyByteOnDisk().includes(CANARY)).toBe(false);
  first.close();
  expect(everyByteOnDisk().includes(CANARY)).toBe(false);
  expect(everyByteOnDisk().includes(master)).toBe(false);
  const second = openSecretStore(path, master);
  expect(second.read('s1')?.reveal()).toBe(CANARY);
  expect(second.read('missing')).toBeNull();
  second.close();
});

test('a replaced secret takes effect at once, a deleted one is gone', () => {
  const store = openSecretStore(path, randomBytes(32));
  store.put('s1', new Secret('test-key-old'));
  expect(store.read('s1')?.reveal()).toBe('test-key-old');
  store.put('s1', new Secret('test-key-new'));
  expect(store.read('s1')?.reveal()).toBe('test-key-new');
  store.delete('s1');
  expect(store.read('s1')).toBeNull();
  store.close();
});

test('a wrong master key is refused at open, and no byte on disk changes', () => {
  const master = randomBytes(32);
  const store = openSecretStore(path, master);
  store.put('s1', new Secret(CANARY));
  store.close();
  const before = readFileSync(path);
  expect(() => openSecretStore(path, randomBytes(32))).toThrow(WrongMasterKeyError);
  expect(readFileSync(path).equals(before)).toBe(true);
  const again = openSecretStore(path, master);
  expect(again.read('s1')?.reveal()).toBe(CANARY);
  again.close();
});

test('a wrong master key is refused although no secret was stored yet', () => {
  openSecretStore(path, randomBytes(32)).close();
  expect(() => openSecretStore(path, randomBytes(32))).toThrow(WrongMasterKeyError);
});

test('a master key that is too short is refused', () => {
  expect(() => openSecretStore(path, Buffer.from('short'))).toThrow(/at least 32 bytes/);
});

test('rotation: the new master key opens everything, the old one nothing', () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const store = openSecretStore(path, oldKey);
  for (let i = 0; i < 5; i++) store.put(`s${i}`, new Secret(`test-key-${i}`));
  expect(store.rotate(newKey)).toBe(5);
  store.put('s5', new Secret('test-key-5'));
  store.close();
  expect(() => openSecretStore(path, oldKey)).toThrow(WrongMasterKeyError);
  const reopened = openSecretStore(path, newKey);
  for (let i = 0; i < 6; i++) expect(reopened.read(`s${i}`)?.reveal()).toBe(`test-key-${i}`);
  reopened.close();
});

test('rotation is all or nothing: one secret that does not open leaves everything under the old key', () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const store = openSecretStore(path, oldKey);
  store.put('a', new Secret('test-key-a'));
  store.put('b', new Secret('test-key-b'));
  const database = openDatabase(path);
  database.prepare("UPDATE secret SET wrapped_key = zeroblob(60) WHERE id = 'b'").run();
  database.close();
  expect(() => store.rotate(newKey)).toThrow();
  store.close();
  const reopened = openSecretStore(path, oldKey);
  expect(reopened.read('a')?.reveal()).toBe('test-key-a');
  reopened.close();
});

test('a sealed row that was moved to another id or changed does not open', () => {
  const master = randomBytes(32);
  const store = openSecretStore(path, master);
  store.put('a', new Secret('test-key-a'));
  store.put('b', new Secret('test-key-b'));
  store.close();
  const database = openDatabase(path);
  database.exec(
    "UPDATE secret SET (wrapped_key, sealed_value) = (SELECT wrapped_key, sealed_value FROM secret WHERE id = 'a') WHERE id = 'b'",
  );
  database.close();
  const reopened = openSecretStore(path, master);
  expect(() => reopened.read('b')).toThrow(GatewayError);
  expect(reopened.read('a')?.reveal()).toBe('test-key-a');
  reopened.close();
});

test('another process’s rotation stops writes under the old key, and its changes are seen after refresh()', () => {
  const master = randomBytes(32);
  const server = openSecretStore(path, master);
  const other = openSecretStore(path, master);
  server.put('a', new Secret('test-key-old'));
  other.put('a', new Secret('test-key-new'));
  server.refresh();
  expect(server.read('a')?.reveal()).toBe('test-key-new');
  other.rotate(randomBytes(32));
  expect(() => server.put('b', new Secret('test-key-b'))).toThrow(/master key was changed/);
  other.close();
  server.close();
});

test('configuration and secrets share one file', () => {
  const configuration = openConfigStore(path);
  const secrets = openSecretStore(path, randomBytes(32));
  configuration.putAccount('local');
  secrets.put('s1', new Secret(CANARY));
  configuration.putAccount('other');
  expect(secrets.read('s1')?.reveal()).toBe(CANARY);
  secrets.close();
  configuration.close();
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  checkDatabase,
  DamagedDatabaseError,
  isBusy,
  migrate,
  NewerDatabaseError,
  openDatabase,
  setAside,
} from './database.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-database-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('migrations run once and in order', () => {
  const path = join(folder, 'a.db');
  const steps = ['CREATE TABLE a (x)', 'INSERT INTO a VALUES (1)'];
  const first = openDatabase(path);
  migrate(first, steps.slice(0, 1));
  migrate(first, steps);
  migrate(first, steps);
  expect(first.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 });
  checkDatabase(first);
  first.close();
});

test('a failing migration leaves the version and the file as they were', () => {
  const database = openDatabase(join(folder, 'a.db'));
  expect(() => migrate(database, ['CREATE TABLE a (x); CREATE TABLE a (x)'])).toThrow();
  migrate(database, ['CREATE TABLE a (x)']);
  database.close();
});

test('a file of a newer version is refused with what to do', () => {
  const database = openDatabase(join(folder, 'a.db'));
  migrate(database, ['CREATE TABLE a (x)', 'CREATE TABLE b (x)']);
  expect(() => migrate(database, ['CREATE TABLE a (x)'])).toThrow(NewerDatabaseError);
  database.close();
});

test('a file that is no database is named as damaged and can be set aside', () => {
  const path = join(folder, 'a.db');
  writeFileSync(path, Buffer.alloc(8192, 'not a database '));
  expect(() => openDatabase(path)).toThrow(DamagedDatabaseError);
  setAside(path, Date.UTC(2026, 0, 2));
  expect(readdirSync(folder)).toEqual(['a.db.damaged-2026-01-02T00-00-00-000Z']);
  openDatabase(path).close();
});

test('a transaction that throws leaves nothing behind', () => {
  const database = openDatabase(join(folder, 'a.db'));
  database.exec('CREATE TABLE a (x)');
  expect(() =>
    database.transaction(() => {
      database.exec('INSERT INTO a VALUES (1)');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(database.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 0 });
  database.close();
});

test('a lock held by somebody else is told apart from damage', () => {
  const path = join(folder, 'a.db');
  const first = openDatabase(path);
  const second = openDatabase(path, { busyTimeoutMs: 10 });
  first.exec('BEGIN IMMEDIATE');
  let seen: unknown;
  try {
    second.transaction(() => undefined);
  } catch (error) {
    seen = error;
  }
  expect(isBusy(seen)).toBe(true);
  first.exec('ROLLBACK');
  first.close();
  second.close();
});

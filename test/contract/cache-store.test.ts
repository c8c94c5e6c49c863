import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { Health } from '../../src/core/health.ts';
import type { CacheStore } from '../../src/core/stores/cache.ts';
import { MemoryCacheStore } from '../../src/stores/memory/cache.ts';
import { openCacheDatabase, SAME_KEY } from '../../src/stores/sqlite/cache-rows.ts';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import { BUDGET, entry, keyOf, kinds, newPath, openFile, time } from './cache-fixtures.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const open: CacheStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

describe.each(Object.entries(kinds))('cache store: %s', (_, make) => {
  const opened = (budget = BUDGET): CacheStore => {
    const store = make(budget);
    open.push(store);
    return store;
  };
  const settled = async (store: CacheStore): Promise<void> => void (await store.stats());

  it('gives back exactly what was put', async () => {
    const store = opened();
    store.put(entry(1));
    await settled(store);
    expect(await store.find(keyOf(1))).toEqual(entry(1));
    expect(await store.find(keyOf(2))).toBeNull();
  });

  it('replaces an entry of the same key', async () => {
    const store = opened();
    store.put(entry(1));
    store.put(entry(1, { body: Buffer.from('new') }));
    await settled(store);
    expect((await store.find(keyOf(1)))?.body.toString()).toBe('new');
    expect((await store.stats()).entries).toBe(1);
  });

  it('never returns an expired entry', async () => {
    const store = opened();
    store.put(entry(1));
    await settled(store);
    time.nowMs += 60_000;
    expect(await store.find(keyOf(1))).toBeNull();
  });

  it('deletes one entry, and all of one gateway', async () => {
    const store = opened();
    store.put(entry(1));
    store.put(entry(2));
    store.put(entry(3, { gateway: 'other' }));
    store.delete(keyOf(1));
    await settled(store);
    expect(await store.find(keyOf(1))).toBeNull();
    store.purge('local', 'default');
    await settled(store);
    expect(await store.find(keyOf(2))).toBeNull();
    expect(await store.find(keyOf(3))).not.toBeNull();
  });

  it('stays within its budget', async () => {
    const store = opened();
    for (let n = 0; n < 100; n++) store.put(entry(n, { body: Buffer.alloc(10_000, n) }));
    await settled(store);
    const { bytes, entries } = await store.stats();
    expect(bytes).toBeLessThanOrEqual(BUDGET);
    expect(entries).toBeGreaterThan(10);
    expect(await store.find(keyOf(0))).toBeNull();
    expect((await store.find(keyOf(99)))?.body.length).toBe(10_000);
  });

  it('does not let one huge entry push out the others', async () => {
    const store = opened();
    store.put(entry(1));
    store.put(entry(2, { body: Buffer.alloc(BUDGET) }));
    await settled(store);
    expect(await store.find(keyOf(1))).not.toBeNull();
    expect(await store.find(keyOf(2))).toBeNull();
  });
});

describe('the memory tier', () => {
  it('gives back small and large, before and after it was asked for, whatever the caller does with its bytes', () => {
    const store = make(BUDGET * 10);
    for (const [n, length] of [0, 1, 3000, 8000, 9000, 100_000].entries()) {
      const change = { headers: ['x-name', 'Übersee 😀 \ud800'], body: Buffer.alloc(length, n + 1) };
      const body = Buffer.from(change.body);
      store.put(entry(n, { ...change, body }));
      body.fill(0);
      for (let time = 0; time < 3; time++) expect(store.find(keyOf(n))).toEqual(entry(n, change));
    }
  });

  it('drops what was used longest ago, be it asked for or not', () => {
    const store = make(20 * 2024);
    for (let n = 0; n < 20; n++) store.put(entry(n, { body: Buffer.alloc(1000, n) }));
    for (const n of [0, 5]) store.find(keyOf(n));
    for (let n = 20; n < 38; n++) store.put(entry(n, { body: Buffer.alloc(1000, n) }));
    const left = Array.from({ length: 38 }, (_, n) => n).filter((n) => store.find(keyOf(n)) !== null);
    expect(left).toEqual([0, 5, ...Array.from({ length: 18 }, (_, n) => n + 20)]);
  });

  it('does not hold on to the memory of entries that were replaced between others that stay', async () => {
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const store = make(1024 * 1024);
    for (let n = 0; n < 400; n++) {
      store.put(entry(n));
      for (let time = 0; time < 30; time++) store.put(entry(1000, { body: Buffer.alloc(4000, n) }));
    }
    // Not what was given to the store, only what it keeps. Memory is given back a little after it was found to be garbage.
    const kept = (): number => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers - before;
    };
    await expect.poll(kept).toBeLessThan(4 * 1024 * 1024);
    expect(store.find(keyOf(399))).toEqual(entry(399));
    expect(store.find(keyOf(0))).toBeNull();
  });

  const make = (budget: number): MemoryCacheStore => {
    const store = new MemoryCacheStore(budget, () => time.nowMs);
    open.push(store);
    return store;
  };
});

describe('the disk tier', () => {
  it('survives a restart', async () => {
    const path = newPath();
    const first = openFile(path);
    first.put(entry(7));
    await first.close();
    const second = openFile(path);
    open.push(second);
    expect(second.find(keyOf(7))).toEqual(entry(7));
  });

  it('reads rows of before it was kept how long their answers took', async () => {
    const path = newPath();
    const first = openFile(path);
    first.put(entry(7));
    await first.close();
    const database = openDatabase(path);
    database.exec("UPDATE entries SET head = json_remove(head, '$.durationMs')");
    database.close();
    const second = openFile(path);
    open.push(second);
    expect(second.find(keyOf(7))).toEqual(entry(7, { durationMs: null }));
  });

  it('goes on with a file of the earlier layout, which has an index of whole keys', async () => {
    const path = newPath();
    const database = openDatabase(path);
    database.exec(`
      CREATE TABLE entries (
        id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, gateway TEXT NOT NULL,
        expires_at INTEGER NOT NULL, size INTEGER NOT NULL, head TEXT NOT NULL, body BLOB NOT NULL
      );
      CREATE INDEX entries_of_gateway ON entries (gateway, size, expires_at);
      CREATE TABLE hits (entry INTEGER PRIMARY KEY, hits INTEGER NOT NULL);
      CREATE TRIGGER forget_hits AFTER DELETE ON entries BEGIN
        DELETE FROM hits WHERE entry = old.id;
      END;
      PRAGMA user_version = 2;
    `);
    const { body, ...head } = entry(7);
    const text = JSON.stringify(head);
    database
      .prepare('INSERT INTO entries (key, gateway, expires_at, size, head, body) VALUES (?, ?, ?, ?, ?, ?)')
      .run(Buffer.from(head.key, 'hex'), 'local/default', head.expiresAt, text.length + 123, text, body);
    database.close();
    const store = openFile(path);
    open.push(store);
    expect(store.find(keyOf(7))).toEqual(entry(7));
    store.put(entry(7, { body: Buffer.from('new') }));
    store.put(entry(8));
    store.addHits(new Map([[keyOf(8), 3]]));
    expect((await store.stats()).entries).toBe(2);
    expect(store.find(keyOf(7))?.body.toString()).toBe('new');
    expect(store.find(keyOf(8))).toEqual(entry(8));
    store.delete(keyOf(8));
    expect((await store.stats()).entries).toBe(1);
    expect(store.find(keyOf(8))).toBeNull();
  });

  it('finds an entry by an index, in files of both layouts', async () => {
    const plan = (layout: string): string => {
      const database = openCacheDatabase(newPath());
      database.exec(layout);
      const row = database.prepare(`EXPLAIN QUERY PLAN SELECT head FROM entries WHERE ${SAME_KEY}`).get('');
      database.close();
      return String(row?.detail);
    };
    expect(plan('')).toContain('USING INDEX entries_by_key');
    const earlier = 'DROP INDEX entries_by_key; CREATE UNIQUE INDEX whole_key ON entries (key)';
    expect(plan(earlier)).toContain('USING INDEX whole_key');
  });

  it('tells keys apart that end with the same bytes', async () => {
    const store = openFile();
    open.push(store);
    const key = (start: string): string => `${start.repeat(48)}${'ab'.repeat(8)}`;
    store.put(entry(1, { key: key('1') }));
    store.put(entry(2, { key: key('2') }));
    const { entries } = await store.stats();
    expect(entries).toBe(1);
    expect(store.find(key('1'))).toEqual(entry(1, { key: key('1') }));
    expect(store.find(key('2'))).toBeNull();
  });

  it('gives the space back after a purge', async () => {
    const path = newPath();
    const store = openFile(path, 50_000_000);
    for (let n = 0; n < 200; n++) store.put(entry(n, { body: Buffer.alloc(50_000, n) }));
    await store.stats();
    store.purge('local', 'default');
    await store.close();
    expect(statSync(path).size).toBeLessThan(1_000_000);
  });

  it('sets a damaged file aside, says so, and starts empty', async () => {
    const path = newPath();
    writeFileSync(path, Buffer.alloc(8192, 7));
    const health = new Health();
    const store = openFile(path, BUDGET, health);
    open.push(store);
    expect(health.list().map(({ component }) => component)).toEqual(['cache-database']);
    store.put(entry(1));
    await store.stats();
    expect(store.find(keyOf(1))).not.toBeNull();
  });

  it.each(['read', 'write'])(
    'sets aside a file that turns out damaged at a %s, and goes on',
    async (when) => {
      const path = newPath();
      const first = openFile(path);
      for (let n = 0; n < 5; n++) first.put(entry(n, { body: Buffer.alloc(2000, n) }));
      await first.close();
      // The first page, with the schema, is whole: the others are not.
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(0x5a, 4096));
      const health = new Health();
      const store = openFile(path, BUDGET, health);
      open.push(store);
      expect(health.list()).toEqual([]);
      if (when === 'read') expect(store.find(keyOf(1))).toBeNull();
      else {
        store.put(entry(9));
        await store.stats();
      }
      expect(health.list().map(({ component }) => component)).toEqual(['cache-database']);
      expect(readdirSync(dirname(path)).some((name) => name.startsWith('cache.db.damaged-'))).toBe(true);
      store.put(entry(1));
      await store.stats();
      expect(store.find(keyOf(1))).toEqual(entry(1));
    },
  );

  it('does not find an entry any more as soon as it was deleted', async () => {
    const store = openFile();
    open.push(store);
    store.put(entry(1));
    await store.stats();
    store.delete(keyOf(1));
    expect(store.find(keyOf(1))).toBeNull();
    store.put(entry(1));
    await store.stats();
    expect(store.find(keyOf(1))).toEqual(entry(1));
  });
});

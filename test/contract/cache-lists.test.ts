import { afterEach, describe, expect, it } from 'vitest';
import { TieredCacheStore } from '../../src/cache/tiers.ts';
import type { CacheListQuery, CachePage, CacheStore } from '../../src/core/stores/cache.ts';
import { MemoryCacheStore } from '../../src/stores/memory/cache.ts';
import { BUDGET, entry, keyOf, kinds, newPath, openFile, time } from './cache-fixtures.ts';

const open: CacheStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

const listOf = (store: CacheStore, change: Partial<CacheListQuery> = {}): Promise<CachePage> =>
  Promise.resolve(
    store.list({
      account: 'local',
      gateway: 'default',
      orderBy: 'size',
      direction: 'desc',
      limit: 10,
      offset: 0,
      ...change,
    }),
  );

describe.each(Object.entries(kinds))('lists of a cache store: %s', (_, make) => {
  const filled = (): CacheStore => {
    const store = make(BUDGET);
    open.push(store);
    for (const n of [1, 2, 3]) {
      store.put(entry(n, { body: Buffer.alloc(n * 100), storedAt: time.nowMs - 10 * n, model: `m${n}` }));
    }
    store.put(entry(4, { gateway: 'other' }));
    store.put(entry(5, { account: 'other' }));
    return store;
  };
  const sizes = ({ rows }: CachePage): number[] => rows.map(({ bytes }) => bytes);

  it('show what was put, of the one gateway, in pages', async () => {
    const store = filled();
    const page = await listOf(store);
    expect(page.totalCount).toBe(3);
    expect(page.rows[0]).toEqual({
      key: keyOf(3),
      provider: 'openai',
      model: 'm3',
      storedAt: time.nowMs - 30,
      expiresAt: time.nowMs + 60_000,
      recordId: 'record-3',
      costNanos: 5,
      bytes: 300,
      hits: 0,
    });
    expect(sizes(page)).toEqual([300, 200, 100]);
    expect(sizes(await listOf(store, { direction: 'asc', limit: 2 }))).toEqual([100, 200]);
    expect(sizes(await listOf(store, { offset: 2 }))).toEqual([100]);
    expect(await listOf(store, { offset: 9 })).toEqual({ rows: [], totalCount: 3 });
    expect((await listOf(store, { gateway: "default' OR 1=1 --" })).totalCount).toBe(0);
  });

  it('count hits, also of an entry that was replaced or removed', async () => {
    const store = filled();
    await listOf(store);
    store.addHits(
      new Map([
        [keyOf(1), 2],
        [keyOf(2), 1],
        [keyOf(9), 7],
      ]),
    );
    store.addHits(new Map([[keyOf(2), 4]]));
    const hits = async (): Promise<[string, number][]> =>
      (await listOf(store, { orderBy: 'hits' })).rows.map((row) => [row.key, row.hits]);
    expect(await hits()).toEqual([
      [keyOf(2), 5],
      [keyOf(1), 2],
      [keyOf(3), 0],
    ]);
    store.delete(keyOf(2));
    store.put(entry(1));
    expect((await hits()).map(([, count]) => count)).toEqual([0, 0]);
  });

  it('leave out what has expired', async () => {
    const store = filled();
    store.put(entry(6, { expiresAt: time.nowMs + 10 }));
    expect((await listOf(store)).totalCount).toBe(4);
    time.nowMs += 10;
    expect((await listOf(store)).totalCount).toBe(3);
  });

  it('show what a purge by provider, model or age leaves', async () => {
    const store = filled();
    store.put(entry(7, { provider: 'anthropic', model: 'm7' }));
    const some = { account: 'local', gateway: 'default', provider: null, model: null, storedBefore: null };
    expect(await store.purgeSome({ ...some, provider: 'openai', model: 'm1' })).toBe(1);
    expect(await store.purgeSome({ ...some, storedBefore: time.nowMs - 25 })).toBe(1);
    expect(await store.purgeSome({ ...some, provider: "openai' OR 1=1 --" })).toBe(0);
    expect((await listOf(store, { orderBy: 'created_at' })).rows.map(({ model }) => model)).toEqual([
      'm7',
      'm2',
    ]);
    expect(await store.find(keyOf(1))).toBeNull();
    expect((await listOf(store, { gateway: 'other' })).totalCount).toBe(1);
    expect((await store.stats()).entries).toBe(4);
  });
});

describe('memory over disk', () => {
  it('counts what memory answers, and keeps the count on disk', async () => {
    const path = newPath();
    const make = (): TieredCacheStore =>
      new TieredCacheStore(new MemoryCacheStore(BUDGET, () => time.nowMs), openFile(path));
    const first = make();
    first.put(entry(1));
    await first.stats();
    for (let n = 0; n < 3; n++) await first.find(keyOf(1));
    expect((await listOf(first)).rows[0]?.hits).toBe(3);
    await first.find(keyOf(1));
    await first.close();
    const second = make();
    open.push(second);
    await second.find(keyOf(1));
    expect((await listOf(second)).rows[0]?.hits).toBe(5);
  });
});

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SemanticStore } from '../../src/core/stores/semantic.ts';
import {
  anAnswer,
  anEntry,
  BUDGET,
  hashOf,
  listOf,
  loaded,
  nearestTo,
  newPath,
  type OpenedStore,
  openStore,
  selection,
  time,
  until,
  vectorOf,
} from './semantic-fixtures.ts';

const open: SemanticStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});
function opened(...options: Parameters<typeof openStore>): OpenedStore {
  const made = openStore(...options);
  open.push(made.store);
  return made;
}

const put = (store: SemanticStore, n: number, body = `answer ${n}`): string => {
  const entry = anEntry(n);
  store.put(entry, vectorOf(n), anAnswer(body));
  return entry.id;
};
const ids = async (store: SemanticStore, n: number): Promise<string[]> =>
  (await store.nearest(nearestTo(vectorOf(n)))).map(({ entry }) => entry.id);

describe('the file of the semantic cache', () => {
  it('does not exist before the first use', async () => {
    const path = newPath();
    const { store } = opened(path);
    expect(await store.stats('local', 'main')).toEqual({
      entries: 0,
      bytes: 0,
      partitions: 0,
      isLoading: false,
    });
    expect(await store.list(listOf())).toEqual({ rows: [], totalCount: 0 });
    expect(await store.find('local', 'main', 'none')).toBeNull();
    expect(await store.answer('none')).toBeNull();
    expect(await store.remove(selection())).toBe(0);
    store.noteHit('none');
    expect(readdirSync(dirname(path))).toEqual([]);
    expect(await ids(store, 1)).toEqual([]);
    expect(existsSync(path)).toBe(true);
  });

  it('survives a restart, with hits and without what was removed or replaced', async () => {
    const path = newPath();
    const first = openStore(path).store;
    const kept = put(first, 1);
    const removed = put(first, 2);
    put(first, 3);
    const newer = put(first, 3);
    first.noteHit(kept);
    expect(await first.remove(selection({ id: removed }))).toBe(1);
    const last = put(first, 4);
    await first.close();
    await expect(first.nearest(nearestTo(vectorOf(1)))).rejects.toThrow();

    const { store, health } = opened(path);
    await loaded(store);
    expect(await ids(store, 1)).toEqual([kept]);
    expect(await ids(store, 2)).toEqual([]);
    expect(await ids(store, 3)).toEqual([newer]);
    expect(await ids(store, 4)).toEqual([last]);
    expect((await store.find('local', 'main', kept))?.hits).toBe(1);
    expect((await store.answer(last))?.body.toString()).toBe('answer 4');
    expect((await store.stats('local', 'main')).entries).toBe(3);
    const after = put(store, 5);
    expect(await ids(store, 5)).toEqual([after]);
    expect((await store.list(listOf())).totalCount).toBe(4);
    expect(health.list()).toEqual([]);
  });

  it('answers from what is there while the rest is being read in', async () => {
    const path = newPath();
    const first = openStore(path, 100_000_000, 64_000_000).store;
    for (let n = 0; n < 4000; n++) {
      put(first, n);
      // What waits for the disk is bounded.
      if (n % 500 === 499) await first.list(listOf({ limit: 1 }));
    }
    await first.close();
    const { store } = opened(path, 100_000_000, 64_000_000);
    const fresh = put(store, 5000);
    const removal = store.remove(selection({ storedBefore: time.nowMs }));
    const replacing = put(store, 17);
    expect(await ids(store, 5000)).toEqual([fresh]);
    expect(await removal).toBe(0);
    await loaded(store);
    expect((await store.stats('local', 'main')).entries).toBe(4001);
    for (const n of [0, 1, 1999, 3999]) expect(await ids(store, n)).toHaveLength(1);
    expect(await ids(store, 17)).toEqual([replacing]);
    expect((await store.list(listOf({ limit: 1 }))).totalCount).toBe(4001);
  }, 120_000);

  it('does not read in what was removed meanwhile', async () => {
    const path = newPath();
    const first = openStore(path, 10_000_000).store;
    for (let n = 0; n < 2000; n++) put(first, n);
    await first.close();
    const { store } = opened(path, 10_000_000);
    expect(await store.remove(selection())).toBe(2000);
    await loaded(store);
    for (const n of [0, 1000, 1999]) expect(await ids(store, n)).toEqual([]);
    expect((await store.stats('local', 'main')).entries).toBe(0);
  });

  it('stays within its budget on disk too, under lasting pressure', async () => {
    const path = newPath();
    const budget = 3_000_000;
    const { store } = opened(path, budget);
    for (let n = 0; n < 5000; n++) {
      put(store, n, 'x'.repeat(((n * 37) % 100) * 40));
      if (n % 200 === 199) await store.list(listOf({ limit: 1 }));
    }
    const { bytes } = await store.stats('local', 'main');
    expect(bytes).toBeLessThanOrEqual(budget);
    expect(bytes).toBeGreaterThan(budget * 0.4);
    // What was evicted is deleted from the file soon after.
    await until(
      async () => (await store.list(listOf({ limit: 1 }))).totalCount,
      async (total) => total === (await store.stats('local', 'main')).entries,
    );
    // Pages, not only their content; and what one batch may add before something goes for it.
    expect(statSync(path).size).toBeLessThan(budget * 1.3);
    await store.close();
    const again = opened(path, budget / 4).store;
    await loaded(again);
    expect((await again.stats('local', 'main')).bytes).toBeLessThanOrEqual(budget / 4);
    await until(
      async () => (await again.list(listOf({ limit: 1 }))).totalCount,
      async (total) => total === (await again.stats('local', 'main')).entries,
    );
  }, 120_000);

  it('keeps no more entries than the index has memory for', async () => {
    const path = newPath();
    const { store } = opened(path, 50_000_000, 1_048_576);
    for (let n = 0; n < 8000; n++) {
      put(store, n, '');
      if (n % 1000 === 999) await store.list(listOf({ limit: 1 }));
    }
    const { entries } = await store.stats('local', 'main');
    expect(entries).toBeLessThan(8000);
    expect(entries).toBeGreaterThan(4000);
    await until(
      async () => (await store.list(listOf({ limit: 1 }))).totalCount,
      (total) => total === entries,
    );
  });

  it('gives the space back after a removal', async () => {
    const path = newPath();
    const store = openStore(path, 50_000_000).store;
    for (let n = 0; n < 400; n++) put(store, n, 'x'.repeat(30_000));
    expect(await store.remove(selection())).toBe(400);
    await store.close();
    expect(statSync(path).size).toBeLessThan(1_000_000);
  });

  it('forgets what has expired when it is started again', async () => {
    const path = newPath();
    const first = openStore(path).store;
    put(first, 1);
    await first.close();
    time.nowMs += 3_600_000;
    const { store } = opened(path);
    await loaded(store);
    expect((await store.stats('local', 'main')).entries).toBe(0);
    const beforeThat = time.nowMs;
    time.nowMs -= 3_600_000;
    // Gone from the file, not only hidden.
    await until(
      async () => (await store.list(listOf())).totalCount,
      (total) => total === 0,
    );
    time.nowMs = beforeThat;
  });

  it('says so when the file cannot be opened, and rejects what is asked', async () => {
    const { store, health } = opened(join(newPath(), 'no-folder', 'semantic.db'));
    put(store, 1);
    await expect(store.nearest(nearestTo(vectorOf(1)))).rejects.toThrow('cannot be used');
    expect(health.list().map(({ component }) => component)).toEqual(['semantic-disk']);
    await expect(store.nearest(nearestTo(vectorOf(1)))).rejects.toThrow('cannot be used');
    put(store, 2);
    expect(health.counters.get('semantic_skipped')).toBe(1);
  });

  it('takes no vector that is none', async () => {
    const { store, health } = opened(newPath());
    for (const vector of [new Float32Array(0), new Float32Array(9000), new Float32Array([1, Number.NaN])])
      store.put(anEntry(1), vector, anAnswer(''));
    expect(await store.nearest(nearestTo(new Float32Array(0)))).toEqual([]);
    expect(health.counters.get('semantic_skipped')).toBe(3);
    expect((await store.list(listOf())).totalCount).toBe(0);
  });
});

describe('a damaged file of the semantic cache', () => {
  const expectSetAside = async ({ store, health }: OpenedStore, path: string): Promise<void> => {
    expect(health.list().map(({ component }) => component)).toEqual(['semantic-database']);
    const names = readdirSync(dirname(path));
    expect(names.filter((name) => name.startsWith(`${basename(path)}.damaged-`))).not.toEqual([]);
    const id = put(store, 1);
    expect(await ids(store, 1)).toEqual([id]);
    expect((await store.list(listOf())).rows.map((row) => row.id)).toEqual([id]);
  };

  it('is set aside when it is none at all, and what was asked meanwhile is answered', async () => {
    const path = newPath();
    writeFileSync(path, Buffer.alloc(16_384, 7));
    const made = opened(path);
    const removal = made.store.remove(selection());
    const stats = made.store.stats('local', 'main');
    expect(await ids(made.store, 1)).toEqual([]);
    expect(await removal).toBe(0);
    expect(await stats).toMatchObject({ entries: 0 });
    await expectSetAside(made, path);
  });

  it('is set aside, or goes on, whichever page is damaged; nothing waits for ever', async () => {
    const path = newPath();
    const first = openStore(path).store;
    for (let n = 0; n < 150; n++) put(first, n, 'x'.repeat(1000));
    await first.close();
    const bytes = readFileSync(path);
    const pages = bytes.length / 8192;
    let setAside = 0;
    for (let page = 0; page < pages; page += 4) {
      const copy = newPath();
      writeFileSync(copy, Buffer.from(bytes).fill(page % 8 === 0 ? 0 : 0x5a, page * 8192, (page + 1) * 8192));
      const made = openStore(copy);
      const { store, health } = made;
      await loaded(store);
      for (const n of [0, 50, 100, 149]) {
        const [id] = await ids(store, n);
        if (id !== undefined) await store.answer(id);
      }
      put(store, 1);
      if (health.isDegraded('semantic-database')) {
        setAside++;
        await expectSetAside(made, copy);
      } else if (!health.isDegraded('semantic-disk')) expect(await ids(store, 1)).toHaveLength(1);
      await store.close();
    }
    expect(setAside).toBeGreaterThan(2);
  }, 120_000);

  it('does not take entries of another partition for those of the asked one, whatever the file says', async () => {
    const path = newPath();
    const first = openStore(path).store;
    for (let n = 0; n < 20; n++)
      first.put(anEntry(n, { partition: hashOf(`p${n % 2}`) }), vectorOf(n), anAnswer(''));
    await first.close();
    const { store } = opened(path, BUDGET);
    await loaded(store);
    for (let n = 0; n < 20; n++) {
      const other = nearestTo(vectorOf(n), { partition: hashOf(`p${(n + 1) % 2}`) });
      expect(await store.nearest(other)).toEqual([]);
    }
  });
});

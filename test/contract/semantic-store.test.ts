import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { SemanticEntry, SemanticStore } from '../../src/core/stores/semantic.ts';
import { MemorySemanticStore } from '../../src/stores/memory/semantic.ts';
import {
  anAnswer,
  anEntry,
  BUDGET,
  DIMENSIONS,
  hashOf,
  listOf,
  nearestTo,
  newPath,
  openStore,
  selection,
  time,
  vectorOf,
} from './semantic-fixtures.ts';

const kinds: Record<string, (budget: number) => SemanticStore> = {
  memory: (budget) => new MemorySemanticStore(budget, () => time.nowMs),
  sqlite: (budget) => openStore(newPath(), budget).store,
};

const open: SemanticStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

describe.each(Object.entries(kinds))('semantic store: %s', (_, make) => {
  const opened = (budget = BUDGET): SemanticStore => {
    const store = make(budget);
    open.push(store);
    return store;
  };
  const put = (store: SemanticStore, n: number, change: Partial<SemanticEntry> = {}): SemanticEntry => {
    const entry = anEntry(n, change);
    store.put(entry, vectorOf(n), anAnswer(`answer ${n}`));
    return entry;
  };
  const ids = async (store: SemanticStore, n: number, partition = hashOf('partition')): Promise<string[]> =>
    (await store.nearest(nearestTo(vectorOf(n), { partition }))).map(({ entry }) => entry.id);

  it('finds what was put at once, with its true cosine, and gives back the answer byte for byte', async () => {
    const store = opened();
    const entry = anEntry(1, { costNanos: null, model: null, provider: null });
    const body = Buffer.from([0, 255, 1, 128, 10]);
    store.put(entry, vectorOf(1), { headers: ['X-A', '1', 'x-a', 'é "2"'], body });
    for (const round of ['in memory', 'in the file']) {
      const [found, ...others] = await store.nearest(nearestTo(vectorOf(1)));
      expect(found?.entry, round).toEqual(entry);
      expect(found?.cosine).toBeCloseTo(1, 6);
      expect(others).toEqual([]);
      expect(await store.answer(entry.id)).toEqual({ headers: ['X-A', '1', 'x-a', 'é "2"'], body });
      await store.list(listOf());
    }
    expect(await store.answer(anEntry(1).id)).toBeNull();
  });

  it('gives the nearest first, as many as were asked for, none below the bound', async () => {
    const store = opened();
    const near = (tilt: number): Float32Array => {
      const vector = new Float32Array(DIMENSIONS);
      vector[0] = Math.cos(tilt);
      vector[1] = Math.sin(tilt);
      return vector;
    };
    const tilts = [0.3, 0.1, 0.2, 0.05, 0.4, 2];
    for (const tilt of tilts) store.put(anEntry(0, { text: `${tilt}` }), near(tilt), anAnswer(''));
    const texts = async (limit: number, minCosine: number): Promise<string[]> =>
      (await store.nearest(nearestTo(near(0), { limit, minCosine }))).map(({ entry }) => entry.text);
    expect(await texts(3, -1)).toEqual(['0.05', '0.1', '0.2']);
    expect(await texts(50, Math.cos(0.25))).toEqual(['0.05', '0.1', '0.2']);
    expect(await texts(50, -1)).toEqual(['0.05', '0.1', '0.2', '0.3', '0.4', '2']);
    for (const { entry, cosine } of await store.nearest(nearestTo(near(0), { limit: 50, minCosine: -1 })))
      expect(cosine).toBeCloseTo(Math.cos(Number(entry.text)), 6);
  });

  it('puts an entry in place of one with the same partition and text', async () => {
    const store = opened();
    const first = put(store, 1);
    const second = put(store, 1);
    const elsewhere = put(store, 1, { partition: hashOf('other') });
    expect(await ids(store, 1)).toEqual([second.id]);
    expect(await store.answer(first.id)).toBeNull();
    await store.list(listOf());
    const third = put(store, 1);
    expect(await ids(store, 1)).toEqual([third.id]);
    expect(await ids(store, 1, hashOf('other'))).toEqual([elsewhere.id]);
    expect(await store.answer(second.id)).toBeNull();
    expect((await store.list(listOf())).totalCount).toBe(2);
    expect((await store.stats('local', 'main')).entries).toBe(2);
  });

  it('never finds an expired entry', async () => {
    const store = opened();
    const entry = put(store, 1);
    expect(await ids(store, 1)).toEqual([entry.id]);
    time.nowMs += 3_600_000;
    expect(await ids(store, 1)).toEqual([]);
    expect(await store.answer(entry.id)).toBeNull();
    expect(await store.find('local', 'main', entry.id)).toBeNull();
    expect(await store.list(listOf())).toEqual({ rows: [], totalCount: 0 });
  });

  it('never finds an entry of another partition, gateway or length of vectors', async () => {
    const store = opened();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 5 })), { maxLength: 60 }),
        async (puts) => {
          const salt = anEntry(0).id;
          const owners = new Map<string, string>();
          for (const [n, owner] of puts) {
            const partition = hashOf(`${salt} ${owner}`);
            owners.set(put(store, n, { partition, gateway: `g${owner}` }).id, partition);
          }
          for (let n = 0; n <= 8; n++) {
            for (let owner = 0; owner <= 6; owner++) {
              const partition = hashOf(`${salt} ${owner}`);
              const query = nearestTo(vectorOf(n), { partition, minCosine: -1, limit: 100 });
              for (const { entry } of await store.nearest(query)) {
                expect(entry.partition).toBe(partition);
                expect(owners.get(entry.id)).toBe(partition);
              }
              const isThere = puts.some(([one, other]) => one === n && other === owner);
              expect(await ids(store, n, partition)).toHaveLength(isThere ? 1 : 0);
              expect(await store.nearest({ ...query, vector: vectorOf(n, 48) })).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('removes singly, by partition, by age, by gateway, and tells how many', async () => {
    const store = opened();
    const single = put(store, 1);
    put(store, 2);
    put(store, 3, { partition: hashOf('other') });
    put(store, 4, { storedAt: time.nowMs - 1000 });
    put(store, 5, { gateway: 'second' });
    put(store, 6, { account: 'else', partition: hashOf('other') });
    expect(await store.remove(selection({ id: single.id, gateway: 'second' }))).toBe(0);
    expect(await store.remove(selection({ id: single.id }))).toBe(1);
    expect(await store.remove(selection({ id: single.id }))).toBe(0);
    expect(await ids(store, 1)).toEqual([]);
    expect(await store.answer(single.id)).toBeNull();
    expect(await store.remove(selection({ partition: hashOf('other') }))).toBe(1);
    expect(await ids(store, 3, hashOf('other'))).toEqual([]);
    expect(await store.remove(selection({ storedBefore: time.nowMs }))).toBe(1);
    expect(await ids(store, 4)).toEqual([]);
    expect(await store.remove(selection())).toBe(1);
    expect(await ids(store, 2)).toEqual([]);
    expect(await ids(store, 5)).toHaveLength(1);
    expect(await ids(store, 6, hashOf('other'))).toHaveLength(1);
  });

  it('removes by who answered', async () => {
    const store = opened();
    put(store, 1, { provider: 'openai', model: 'gpt-4o' });
    put(store, 2, { provider: 'openai', model: 'gpt-4o-mini' });
    put(store, 3, { provider: 'groq', model: 'gpt-4o' });
    put(store, 4, { provider: null, model: null });
    expect(await store.remove(selection({ provider: 'openai', model: 'gpt-4o' }))).toBe(1);
    expect([await ids(store, 1), (await ids(store, 2)).length, (await ids(store, 3)).length]).toEqual([
      [],
      1,
      1,
    ]);
    expect(await store.remove(selection({ model: 'gpt-4o' }))).toBe(1);
    expect(await store.remove(selection({ provider: 'openai' }))).toBe(1);
    expect(await ids(store, 4)).toHaveLength(1);
  });

  it('removes many at once', async () => {
    const store = opened(10_000_000);
    for (let n = 0; n < 1700; n++) put(store, n);
    expect(await store.remove(selection())).toBe(1700);
    expect(await ids(store, 1699)).toEqual([]);
    expect((await store.stats('local', 'main')).entries).toBe(0);
  });

  it('keeps what is put after a removal has begun', async () => {
    const store = opened();
    put(store, 1);
    const removal = store.remove(selection());
    const later = put(store, 2);
    expect(await removal).toBe(1);
    expect(await ids(store, 2)).toEqual([later.id]);
    expect((await store.list(listOf())).rows.map(({ id }) => id)).toEqual([later.id]);
  });

  it('counts hits', async () => {
    const store = opened();
    const entry = put(store, 1);
    store.noteHit(entry.id);
    await store.list(listOf());
    store.noteHit(entry.id);
    store.noteHit(anEntry(9).id);
    expect((await store.find('local', 'main', entry.id))?.hits).toBe(2);
    expect((await store.list(listOf())).rows.map(({ hits }) => hits)).toEqual([2]);
    expect(await store.find('local', 'second', entry.id)).toBeNull();
  });

  it('lists entries in order, by page, by partition and by words whatever their case', async () => {
    const store = opened();
    const base = time.nowMs;
    for (let n = 0; n < 5; n++) {
      const entry = anEntry(n, { storedAt: base + n, partition: hashOf(`p${n % 2}`) });
      store.put(entry, vectorOf(n), anAnswer('x'.repeat(((n * 7) % 5) * 100)));
      for (let hit = 0; hit < (n * 3) % 5; hit++) store.noteHit(entry.id);
    }
    const order = async (change: Parameters<typeof listOf>[0]): Promise<number[]> =>
      (await store.list(listOf(change))).rows.map(({ storedAt }) => storedAt - base);
    expect(await order({})).toEqual([4, 3, 2, 1, 0]);
    expect(await order({ direction: 'asc', limit: 2, offset: 1 })).toEqual([1, 2]);
    expect(await order({ orderBy: 'size' })).toEqual([2, 4, 1, 3, 0]);
    expect(await order({ orderBy: 'hits', direction: 'asc' })).toEqual([0, 2, 4, 1, 3]);
    expect(await order({ partition: hashOf('p1') })).toEqual([3, 1]);
    expect(await order({ search: 'ION 3: WHAT' })).toEqual([3]);
    expect(await order({ search: 'öSTERREICH', limit: 2 })).toEqual([4, 3]);
    expect((await store.list(listOf({ search: 'Ö', limit: 1, offset: 9 }))).totalCount).toBe(5);
    expect(await order({ search: '%' })).toEqual([]);
    expect(await order({ gateway: 'second' })).toEqual([]);
  });

  it('tells entries, bytes and partitions of a gateway', async () => {
    const store = opened();
    put(store, 1);
    put(store, 2, { partition: hashOf('other') });
    put(store, 3, { gateway: 'second', partition: hashOf('third') });
    const stats = await store.stats('local', 'main');
    expect(stats).toMatchObject({ entries: 2, partitions: 2, isLoading: false });
    const { rows } = await store.list(listOf());
    expect(stats.bytes).toBe(rows.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(await store.stats('local', 'none')).toMatchObject({ entries: 0, bytes: 0, partitions: 0 });
  });

  it('stays within its budget: what was given again or was dear stays, what is huge is not kept', async () => {
    const store = opened();
    const body = 'x'.repeat(9000);
    const fill = (n: number, change: Partial<SemanticEntry> = {}): SemanticEntry => {
      const entry = anEntry(n, change);
      store.put(entry, vectorOf(n), anAnswer(body));
      return entry;
    };
    const used = fill(1000);
    for (let hit = 0; hit < 30; hit++) store.noteHit(used.id);
    const dear = fill(1001, { costNanos: 50_000_000 });
    await store.list(listOf());
    for (let n = 0; n < 300; n++) fill(n);
    const huge = anEntry(2000);
    store.put(huge, vectorOf(2000), anAnswer('x'.repeat(BUDGET / 2)));
    const { bytes, entries } = await store.stats('local', 'main');
    expect(bytes).toBeLessThanOrEqual(BUDGET);
    expect(entries).toBeGreaterThan(60);
    expect(await ids(store, 1000)).toEqual([used.id]);
    expect(await ids(store, 1001)).toEqual([dear.id]);
    expect(await ids(store, 2000)).toEqual([]);
    expect((await store.answer(dear.id))?.body.length).toBe(9000);
  });

  it('rejects when the signal is aborted before or meanwhile', async () => {
    const store = opened();
    put(store, 1);
    const reason = new Error('gone');
    const before = nearestTo(vectorOf(1), { signal: AbortSignal.abort(reason) });
    await expect(store.nearest(before)).rejects.toBe(reason);
    const controller = new AbortController();
    const aborted = store.nearest(nearestTo(vectorOf(1), { signal: controller.signal }));
    controller.abort(reason);
    if (store instanceof MemorySemanticStore) await aborted;
    else await expect(aborted).rejects.toBe(reason);
    expect(await ids(store, 1)).toHaveLength(1);
  });

  it('does not mind what callers do with a vector after the call', async () => {
    const store = opened();
    const entry = anEntry(1);
    const vector = vectorOf(1);
    store.put(entry, vector, anAnswer(''));
    vector.fill(0);
    const question = vectorOf(1);
    const found = store.nearest(nearestTo(question));
    question.fill(0);
    expect((await found).map(({ entry: { id } }) => id)).toEqual([entry.id]);
  });
});

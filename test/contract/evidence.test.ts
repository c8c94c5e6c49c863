import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/stores/sqlite/database.ts';
import {
  aHit,
  aPair,
  DAY_MS,
  type EvidenceFolder,
  evidenceFolder,
  listed,
  NOON,
  settled,
} from './evidence-fixtures.ts';

let test: EvidenceFolder;
beforeEach(() => {
  test = evidenceFolder();
});
afterEach(() => test.close());

describe('the evidence', () => {
  it('leaves no file where only questions are asked of it', () => {
    const store = test.open();
    expect(store.summarise('a', 'g', 0, NOON)).toMatchObject({
      served: 0,
      error: { judged: 0, share: null },
    });
    expect(store.wrongPairs('a', 'g')).toEqual([]);
    expect(store.pauseOf('a', 'g')).toBe(null);
    expect(listed(store).totalCount).toBe(0);
    store.close();
    expect(readdirSync(test.folder)).toEqual([]);
  });

  it('knows the same before it is written, afterwards, and after a restart', async () => {
    let store = test.open({ flushMs: 100_000 });
    const [first, second] = [aHit(), aHit({ served: false, probability: 0.955 })];
    for (const each of [first, second]) {
      store.noteLookUp({ ...each, mode: 'verify', reason: null });
      store.putHit(each);
    }
    store.noteLookUp({ account: 'a', gateway: 'g', at: NOON, mode: 'on', reason: 'score', probability: 0.8 });
    store.noteLookUp({
      account: 'a',
      gateway: 'g',
      at: NOON,
      mode: 'on',
      reason: 'no-neighbour',
      probability: null,
    });
    store.noteNoise('a', 'g', NOON, true);
    store.noteNoise('a', 'g', NOON, false);
    store.noteCheckCost('a', 'g', NOON, 40);
    store.noteNearMiss('a', 'g', NOON, 0.8, 'wrong');
    expect(store.judge('a', 'g', first.id, 'wrong', 'label', 'no')).toBe(true);
    const check = (): void => {
      expect(store.findHit('a', 'g', first.id)).toEqual({
        ...first,
        verdict: 'wrong',
        judgedBy: 'label',
        note: 'no',
      });
      const summary = store.summarise('a', 'g', NOON, NOON + 1);
      expect(summary).toMatchObject({
        reasons: { hit: 2, score: 1, 'no-neighbour': 1 },
        served: 1,
        wouldServe: 1,
        error: { wrong: 1, judged: 1, share: 1 },
        noise: { wrong: 1, judged: 2, share: 0.5 },
        savedNanos: 1_000,
        savedMs: 800,
        checkNanos: 40,
      });
      const bin = (from: number) => summary.bins.find((each) => each.from === from);
      expect(bin(0)).toEqual({ from: 0, lookUps: 3, right: 0, wrong: 2 });
      expect(bin(0.95)).toEqual({ from: 0.95, lookUps: 2, right: 0, wrong: 1 });
      expect(bin(0.998)).toEqual({ from: 0.998, lookUps: 0, right: 0, wrong: 0 });
      expect(store.checkNanosOf('a', 'g', 20_000)).toBe(40);
      expect(store.checkNanosOf('a', 'g', 20_001)).toBe(0);
      expect(store.verdictsOf('entry-1')).toEqual({ right: 0, wrong: 1 });
      expect(store.servedSince('a', 'g', NOON, 60)).toBe(1);
      expect(store.servedSince('a', 'g', NOON + 1, 60)).toBe(0);
      expect(store.judgedSince('a', 'g', 0, 10)).toEqual({ right: 0, wrong: 1 });
      // Another day, another gateway, another account.
      expect(store.summarise('a', 'g', NOON + DAY_MS, NOON + 2 * DAY_MS).served).toBe(0);
      expect(store.summarise('a', 'other', 0, NOON).served).toBe(0);
      expect(store.findHit('b', 'g', first.id)).toBe(null);
    };
    check();
    expect(readdirSync(test.folder)).toEqual([]);
    expect(listed(store).rows.map(({ id }) => id)).toEqual([second.id, first.id]);
    check();
    store = test.reopen(store);
    check();
    expect(listed(store, { verdict: 'none' }).rows.map(({ id }) => id)).toEqual([second.id]);
    expect(listed(store, { served: true }).rows.map(({ id }) => id)).toEqual([first.id]);
    expect(listed(store, { entryId: 'entry-2' }).totalCount).toBe(0);
    expect(listed(store, { limit: 1, offset: 1 })).toMatchObject({ rows: [{ id: first.id }], totalCount: 2 });
  });

  it('lets a person overrule a machine, and no machine a person', () => {
    let store = test.open();
    const one = aHit();
    store.putHit(one);
    store.judge('a', 'g', one.id, 'wrong', 'embedding', null);
    store.judge('a', 'g', one.id, 'right', 'person', 'fine');
    expect(store.judge('a', 'g', one.id, 'wrong', 'judge', null)).toBe(true);
    store = test.reopen(store);
    expect(store.judge('a', 'g', one.id, 'wrong', 'judge', null)).toBe(true);
    expect(store.findHit('a', 'g', one.id)).toMatchObject({
      verdict: 'right',
      judgedBy: 'person',
      note: 'fine',
    });
    expect(store.summarise('a', 'g', NOON, NOON + 1)).toMatchObject({ error: { wrong: 0, judged: 1 } });
    store.judge('a', 'g', one.id, 'unsure', 'person', null);
    expect(store.summarise('a', 'g', NOON, NOON + 1)).toMatchObject({ error: { wrong: 0, judged: 0 } });
    expect(store.judge('a', 'g', 'nothing', 'right', 'person', null)).toBe(false);
    expect(store.judge('a', 'other', one.id, 'right', 'person', null)).toBe(false);
  });

  it('shows in shadow what would have been wrong, and once it serves what was', () => {
    const store = test.open();
    const shadow = aHit({ served: false, savedNanos: 5 });
    store.putHit(shadow);
    store.judge('a', 'g', shadow.id, 'wrong', 'text', null);
    expect(store.summarise('a', 'g', NOON, NOON + 1)).toMatchObject({
      error: { wrong: 1, judged: 1 },
      savedNanos: 5,
    });
    store.putHit(aHit({ savedNanos: 7 }));
    expect(store.summarise('a', 'g', NOON, NOON + 1)).toMatchObject({ error: { judged: 0 }, savedNanos: 7 });
  });

  it('counts the newest verdicts only', () => {
    const store = test.open();
    for (let i = 0; i < 10; i++) {
      const one = aHit({ at: NOON + i });
      store.putHit(one);
      store.judge('a', 'g', one.id, i < 5 ? 'wrong' : 'right', 'text', null);
      if (i === 7) listed(store);
    }
    expect(store.judgedSince('a', 'g', 0, 6)).toEqual({ right: 5, wrong: 1 });
    expect(store.judgedSince('a', 'g', NOON + 4, 100)).toEqual({ right: 5, wrong: 1 });
  });

  it('keeps wrong pairs, pauses and what noise was like until they are taken back', () => {
    let store = test.open();
    store.putWrongPair(aPair('1'));
    store.putWrongPair(aPair('2'));
    store.setPause('a', 'g', { since: 5, reason: 'too many' });
    store.setCountsFrom('a', 'g', 17);
    for (let i = 0; i < 310; i++) store.noteNoiseCosine('a', 'g', null, i);
    store.noteNoiseCosine('a', 'g', 'm', 0.5);
    store = test.reopen(store);
    expect(store.wrongPairs('a', 'g').map(({ id }) => id)).toEqual(['2', '1']);
    expect(store.wrongPairs('a', 'h')).toEqual([]);
    expect(store.pauseOf('a', 'g')).toEqual({ since: 5, reason: 'too many' });
    expect(store.countsFrom('a', 'g')).toBe(17);
    expect(store.noiseCosines('a', 'g', 'm')).toEqual([0.5]);
    const kept = store.noiseCosines('a', 'g', null);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([300, 10, 309]);
    expect(store.deleteWrongPair('a', 'h', '1')).toBe(false);
    expect(store.deleteWrongPair('a', 'g', '1')).toBe(true);
    store.setPause('a', 'g', null);
    store = test.reopen(store);
    expect(store.wrongPairs('a', 'g').map(({ id }) => id)).toEqual(['2']);
    expect([store.pauseOf('a', 'g'), store.countsFrom('a', 'g')]).toEqual([null, 17]);
  });

  it('keeps so many hits of each verdict and no more, but counts them all', async () => {
    const store = test.open({ keptHits: 50 });
    const wrong: string[] = [];
    for (let i = 0; i < 400; i++) {
      const one = aHit();
      store.putHit(one);
      if (i % 40 !== 0) continue;
      store.judge('a', 'g', one.id, 'wrong', 'text', null);
      wrong.push(one.id);
    }
    await settled(() => listed(store, { verdict: 'none' }).totalCount <= 52);
    expect(listed(store, { verdict: 'none' }).totalCount).toBeGreaterThanOrEqual(50);
    expect(listed(store, { verdict: 'wrong', limit: 99 }).rows.map(({ id }) => id)).toEqual(
      wrong.toReversed(),
    );
    expect(store.summarise('a', 'g', NOON, NOON + 1).served).toBe(400);
  });

  it('forgets a gateway at once, and its words soon', async () => {
    let store = test.open();
    for (let i = 0; i < 100; i++) store.putHit(aHit({ asked: `canary ${i}` }));
    store.putWrongPair(aPair('1', { asked: 'canary' }));
    store.putHit(aHit({ gateway: 'other' }));
    listed(store);
    store.putHit(aHit());
    store.forget('a', 'g');
    expect(store.wrongPairs('a', 'g')).toEqual([]);
    expect(listed(store).totalCount).toBe(0);
    expect(store.summarise('a', 'g', NOON, NOON + 1).served).toBe(0);
    const database = openDatabase(test.path, { readOnly: true });
    await settled(() => database.prepare('SELECT 1 FROM forgotten').get() === undefined);
    database.close();
    store = test.reopen(store);
    expect(readFileSync(test.path).includes('canary')).toBe(false);
    expect(store.summarise('a', 'other', NOON, NOON + 1).served).toBe(1);
    store.putHit(aHit());
    expect(listed(store).totalCount).toBe(1);
  });
});

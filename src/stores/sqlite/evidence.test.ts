import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../core/ids.ts';
import type { SimilarHit } from '../../core/stores/semantic-evidence.ts';
import { openDatabase } from './database.ts';
import { SqliteEvidenceStore } from './evidence.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;

let folder: string;
let path: string;
let trouble: string[];
const open: SqliteEvidenceStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-evidence-'));
  path = join(folder, 'semantic-evidence.db');
  trouble = [];
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(options: { keptHits?: number; flushMs?: number } = {}): SqliteEvidenceStore {
  const clock = { now: () => NOON, tick: () => performance.now() };
  const store = new SqliteEvidenceStore({
    path,
    clock,
    onTrouble: (message) => void trouble.push(message),
    flushMs: 5,
    ...options,
  });
  open.push(store);
  return store;
}

function reopened(store: SqliteEvidenceStore): SqliteEvidenceStore {
  store.close();
  return opened();
}

const hit = (change: Partial<SimilarHit> = {}): SimilarHit => ({
  id: newId(NOON),
  account: 'a',
  gateway: 'g',
  at: NOON,
  served: true,
  entryId: 'entry-1',
  partition: 'p'.repeat(64),
  asked: 'How do I enable it?',
  stored: 'How can I turn it on?',
  similarity: 0.91,
  probability: 0.996,
  storedRecordId: newId(NOON),
  model: 'm',
  ageMs: 5_000,
  savedNanos: 1_000,
  savedMs: 800,
  ...change,
});

const pair = (id: string, change: object = {}) => ({
  id,
  account: 'a',
  gateway: 'g',
  asked: 'x',
  stored: 'y',
  at: NOON,
  hitId: 'h',
  ...change,
});

async function settled(done: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!done()) {
    if (performance.now() > end) throw new Error('it is never so');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const listed = (store: SqliteEvidenceStore, change: object = {}) =>
  store.listHits({
    account: 'a',
    gateway: 'g',
    served: null,
    verdict: null,
    entryId: null,
    limit: 10,
    offset: 0,
    ...change,
  });

describe('the evidence', () => {
  it('leaves no file where only questions are asked of it', () => {
    const store = opened();
    expect(store.summarise('a', 'g', 0, NOON)).toMatchObject({
      served: 0,
      error: { judged: 0, share: null },
    });
    expect(store.wrongPairs('a', 'g')).toEqual([]);
    expect(store.pauseOf('a', 'g')).toBe(null);
    expect(listed(store).totalCount).toBe(0);
    store.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('knows the same before it is written, afterwards, and after a restart', async () => {
    let store = opened({ flushMs: 100_000 });
    const [first, second] = [hit(), hit({ served: false, probability: 0.955 })];
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
    expect(readdirSync(folder)).toEqual([]);
    expect(listed(store).rows.map(({ id }) => id)).toEqual([second.id, first.id]);
    check();
    store = reopened(store);
    check();
    expect(listed(store, { verdict: 'none' }).rows.map(({ id }) => id)).toEqual([second.id]);
    expect(listed(store, { served: true }).rows.map(({ id }) => id)).toEqual([first.id]);
    expect(listed(store, { entryId: 'entry-2' }).totalCount).toBe(0);
    expect(listed(store, { limit: 1, offset: 1 })).toMatchObject({ rows: [{ id: first.id }], totalCount: 2 });
  });

  it('lets a person overrule a machine, and no machine a person', () => {
    let store = opened();
    const one = hit();
    store.putHit(one);
    store.judge('a', 'g', one.id, 'wrong', 'embedding', null);
    store.judge('a', 'g', one.id, 'right', 'person', 'fine');
    expect(store.judge('a', 'g', one.id, 'wrong', 'judge', null)).toBe(true);
    store = reopened(store);
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
    const store = opened();
    const shadow = hit({ served: false, savedNanos: 5 });
    store.putHit(shadow);
    store.judge('a', 'g', shadow.id, 'wrong', 'text', null);
    expect(store.summarise('a', 'g', NOON, NOON + 1)).toMatchObject({
      error: { wrong: 1, judged: 1 },
      savedNanos: 5,
    });
    store.putHit(hit({ savedNanos: 7 }));
    expect(store.summarise('a', 'g', NOON, NOON + 1)).toMatchObject({ error: { judged: 0 }, savedNanos: 7 });
  });

  it('counts the newest verdicts only', () => {
    const store = opened();
    for (let i = 0; i < 10; i++) {
      const one = hit({ at: NOON + i });
      store.putHit(one);
      store.judge('a', 'g', one.id, i < 5 ? 'wrong' : 'right', 'text', null);
      if (i === 7) listed(store);
    }
    expect(store.judgedSince('a', 'g', 0, 6)).toEqual({ right: 5, wrong: 1 });
    expect(store.judgedSince('a', 'g', NOON + 4, 100)).toEqual({ right: 5, wrong: 1 });
  });

  it('keeps wrong pairs, pauses and what noise was like until they are taken back', () => {
    let store = opened();
    store.putWrongPair(pair('1'));
    store.putWrongPair(pair('2'));
    store.setPause('a', 'g', { since: 5, reason: 'too many' });
    store.setCountsFrom('a', 'g', 17);
    for (let i = 0; i < 310; i++) store.noteNoiseCosine('a', 'g', null, i);
    store.noteNoiseCosine('a', 'g', 'm', 0.5);
    store = reopened(store);
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
    store = reopened(store);
    expect(store.wrongPairs('a', 'g').map(({ id }) => id)).toEqual(['2']);
    expect([store.pauseOf('a', 'g'), store.countsFrom('a', 'g')]).toEqual([null, 17]);
  });

  it('keeps so many hits of each verdict and no more, but counts them all', async () => {
    const store = opened({ keptHits: 50 });
    const wrong: string[] = [];
    for (let i = 0; i < 400; i++) {
      const one = hit();
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
    let store = opened();
    for (let i = 0; i < 100; i++) store.putHit(hit({ asked: `canary ${i}` }));
    store.putWrongPair(pair('1', { asked: 'canary' }));
    store.putHit(hit({ gateway: 'other' }));
    listed(store);
    store.putHit(hit());
    store.forget('a', 'g');
    expect(store.wrongPairs('a', 'g')).toEqual([]);
    expect(listed(store).totalCount).toBe(0);
    expect(store.summarise('a', 'g', NOON, NOON + 1).served).toBe(0);
    const database = openDatabase(path, { readOnly: true });
    await settled(() => database.prepare('SELECT 1 FROM forgotten').get() === undefined);
    database.close();
    store = reopened(store);
    expect(readFileSync(path).includes('canary')).toBe(false);
    expect(store.summarise('a', 'other', NOON, NOON + 1).served).toBe(1);
    store.putHit(hit());
    expect(listed(store).totalCount).toBe(1);
  });

  it('never holds up the event loop for long, also under a flood', async () => {
    const store = opened({ keptHits: 500 });
    const asked = 'word '.repeat(200);
    store.putHit(hit());
    listed(store);
    for (let i = 0; i < 1_500; i++) store.putHit(hit({ asked }));
    const turns: number[] = [];
    let last = performance.now();
    await settled(() => {
      const now = performance.now();
      turns.push(now - last);
      last = now;
      return turns.length > 60;
    });
    // A slow disk or a busy machine may hold up one; what was gathered would take hundreds of ms at once.
    expect(turns.sort((a, b) => a - b)[30]).toBeLessThan(60);
    expect(store.summarise('a', 'g', NOON, NOON + 1).served).toBe(1_501);
  });

  it('begins anew when the file is damaged, and says so', () => {
    writeFileSync(path, 'this is no database, and never was one. '.repeat(50));
    const store = opened();
    store.putWrongPair(pair('1'));
    expect(store.wrongPairs('a', 'g')).toHaveLength(1);
    expect(trouble).toEqual([expect.stringContaining('damaged')]);
    expect(readdirSync(folder).some((name) => name.includes('.damaged-'))).toBe(true);
  });

  it('begins anew when damage shows in the middle of the work', () => {
    let store = opened();
    for (let i = 0; i < 400; i++) store.putHit(hit({ asked: 'x'.repeat(2_000) }));
    store.close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096 * 8);
    writeFileSync(path, bytes);
    store = opened();
    store.putHit(hit());
    listed(store, { limit: 50 });
    expect(trouble).toEqual([expect.stringContaining('damaged')]);
    listed(store);
    store.putWrongPair(pair('1'));
    expect(store.wrongPairs('a', 'g')).toHaveLength(1);
  });

  it('pauses everything when the file is of a newer version, and leaves it alone', () => {
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const store = opened();
    store.putHit(hit());
    expect(store.pauseOf('a', 'g')).toMatchObject({ reason: expect.stringContaining('newer') });
    expect(store.verdictsOf('entry-1')).toEqual({ right: 0, wrong: 0 });
    store.close();
    expect(trouble).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Evaluation, Score } from '../../core/stores/evaluations.ts';
import { openDatabase } from './database.ts';
import { openEvaluationStore } from './evaluations.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-evaluations-'));
  path = join(folder, 'evaluations.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const evaluation = (id: string, change: Partial<Evaluation> = {}): Evaluation => ({
  id,
  account: 'local',
  gateway: 'g',
  name: id,
  tokenId: 't',
  datasets: [],
  evaluators: [{ typeId: 'cost' }],
  state: 'running',
  totalLogs: 0,
  isCut: false,
  problem: null,
  results: [],
  createdAt: 1,
  modifiedAt: 1,
  ...change,
});

const score = (change: Partial<Score> = {}): Score => ({
  typeId: 'cost',
  state: 'scored',
  value: 2,
  passed: null,
  explanation: null,
  reason: null,
  costNanos: null,
  ...change,
});

test('records are judged once, however often they are added or scored', () => {
  const { opened: store } = openEvaluationStore(path, 0);
  store.putEvaluation(evaluation('e'));
  store.addLogs('e', ['a', 'b', 'c']);
  store.addLogs('e', ['c', 'a']);
  expect(store.countLogs('e')).toBe(3);
  expect(store.waitingLogs('e', 2)).toEqual(['a', 'b']);
  store.markStarted('e', 'a');
  expect(store.startedLogs('e')).toEqual(['a']);
  expect(store.waitingLogs('e', 9)).toEqual(['b', 'c']);
  store.putScores('e', 'a', [score()]);
  store.putScores('e', 'a', [score({ value: 4, costNanos: 7 })]);
  store.putScores('e', 'b', [score({ state: 'skipped', value: null, reason: 'gone' })]);
  expect(store.startedLogs('e')).toEqual([]);
  expect(store.countDone('e')).toBe(2);
  expect(store.countStarted('e')).toBe(1);
  expect(store.summarise('e')).toEqual([
    { typeId: 'cost', scored: 1, passed: 0, average: 4, skipped: { gone: 1 }, failed: {}, costNanos: 7 },
  ]);
  store.close();
});

test('what was written is there after the file was opened anew, and unfinished evaluations are found', () => {
  const first = openEvaluationStore(path, 0).opened;
  first.putEvaluation(evaluation('done', { state: 'completed' }));
  first.putEvaluation(evaluation('open'));
  first.addLogs('open', ['a']);
  first.close();
  const { opened: store } = openEvaluationStore(path, 0);
  expect(store.unfinishedEvaluations().map(({ id }) => id)).toEqual(['open']);
  expect(store.waitingLogs('open', 9)).toEqual(['a']);
  expect(store.findEvaluation('local', 'other', 'open')).toBeNull();
  expect(store.findEvaluation('other', 'g', 'open')).toBeNull();
  store.close();
});

test('what a deleted evaluation left is swept away, and never becomes another’s', () => {
  const { opened: store } = openEvaluationStore(path, 0);
  store.putEvaluation(evaluation('old'));
  store.addLogs('old', ['a', 'b']);
  store.putScores('old', 'a', [score()]);
  store.deleteEvaluation('local', 'g', 'old');
  store.putEvaluation(evaluation('new'));
  expect(store.countLogs('new')).toBe(0);
  expect(store.summarise('new')).toEqual([]);
  store.addLogs('new', ['c']);
  // A score that comes late is nobody's.
  store.putScores('old', 'b', [score()]);
  while (store.sweep() > 0);
  expect(store.countLogs('new')).toBe(1);
  store.close();
  const database = openDatabase(path);
  expect(database.prepare('SELECT count(*) AS n FROM score').get()).toEqual({ n: 0 });
  expect(database.prepare('SELECT count(*) AS n FROM evaluation_log').get()).toEqual({ n: 1 });
  database.close();
});

test('a damaged file is set aside', () => {
  writeFileSync(path, 'x'.repeat(8192));
  const { opened: store, setAside } = openEvaluationStore(path, 0);
  expect(setAside).toContain('.damaged-');
  expect(readdirSync(folder).some((name) => name.includes('.damaged-'))).toBe(true);
  expect(store.listDatasets('local', 'g')).toEqual([]);
  store.close();
});

import { expect, test } from 'vitest';
import { SEMANTIC_REASONS } from '../../../../../src/core/semantic.ts';
import type { MeasuredShare, SemanticSummary } from '../../../api/semantic.ts';
import { curvePoints, endOfScale, rankReasons, standingOf, stepsOf, verdictMark } from './prepare.ts';

const share = (wrong: number, judged: number, low: number, high: number): MeasuredShare => ({
  wrong,
  judged,
  share: judged === 0 ? null : wrong / judged,
  low,
  high,
});
const NOTHING = share(0, 0, 0, 1);

test('a measured share is held against its budget by its interval, not by itself alone', () => {
  expect(standingOf(NOTHING, 0.01)).toBe('none');
  expect(standingOf(share(0, 400, 0, 0.0095), 0.01)).toBe('sure');
  expect(standingOf(share(1, 200, 0.001, 0.028), 0.01)).toBe('within');
  expect(standingOf(share(3, 100, 0.0103, 0.085), 0.02)).toBe('unsure');
  expect(standingOf(share(9, 100, 0.048, 0.16), 0.02)).toBe('above');
});

test('the scale has room for the budget and all intervals, and ends at one', () => {
  expect(endOfScale([NOTHING], 0.01)).toBeCloseTo(0.02);
  expect(endOfScale([NOTHING], null)).toBeCloseTo(0.02);
  expect(endOfScale([share(1, 20, 0.01, 0.24), NOTHING], 0.01)).toBeCloseTo(0.264);
  expect(endOfScale([share(1, 1, 0.2, 1)], 0.05)).toBe(1);
});

test('the curve has the points that something is known of, and marks the one that holds now', () => {
  const point = (probability: number, hit_rate: number, precision: number | null) => ({
    probability,
    hit_rate,
    precision,
    low: 0.9,
    high: 1,
    judged: precision === null ? 0 : 40,
  });
  const curve = [point(0.5, 0.4, 0.9), point(0.9, 0.2, 0.98), point(0.99, 0.1, null)];
  const areas = { p_chr_auc: 0.37, pr_auc: 0.95, crr: 0.39, hit_rate: 0.4 };
  const summary = { curve, areas, operating_point: 0.95 } as SemanticSummary;
  expect(curvePoints(summary).map(({ setting, isNow }) => [setting, isNow])).toEqual([
    [0.5, false],
    [0.9, true],
  ]);
  expect(curvePoints({ ...summary, operating_point: null }).some(({ isNow }) => isNow)).toBe(false);
  expect(curvePoints({ ...summary, curve: [] })).toEqual([]);
  // What lies below the last bound that was checked is no finding.
  const shorter = { ...summary, areas: { ...areas, hit_rate: 0.2 } };
  expect(curvePoints(shorter).map(({ setting }) => setting)).toEqual([0.9]);
});

test('reasons stand by how often they occur, and a hit is none', () => {
  const ranked = rankReasons([
    { reason: 'score', count: 5 },
    { reason: 'hit', count: 100 },
    { reason: 'no-neighbour', count: 20 },
    { reason: 'tools', count: 0 },
  ]);
  expect(ranked).toEqual([
    { reason: 'no-neighbour', count: 20, length: 1 },
    { reason: 'score', count: 5, length: 0.25 },
  ]);
});

test('two questions stop at the rung of their reason, and none beyond it is said to have passed', () => {
  const outcomes = (reason: string | null) =>
    stepsOf({ would_hit: reason === null, reason }).map(({ outcome }) => outcome);
  expect(outcomes(null)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
  expect(outcomes('gate-numbers')).toEqual(['passed', 'passed', 'stopped', 'skipped', 'skipped']);
  expect(outcomes('score').at(-1)).toBe('stopped');
  expect(outcomes('time-words')[0]).toBe('stopped');
  for (const reason of SEMANTIC_REASONS)
    expect(
      outcomes(reason).filter((one) => one === 'stopped'),
      reason,
    ).toHaveLength(1);
});

test('a verdict says by whom it is', () => {
  expect(verdictMark({ verdict: null, judged_by: null })).toMatchObject({ text: 'Not checked', by: null });
  expect(verdictMark({ verdict: 'wrong', judged_by: 'person' })).toMatchObject({
    tone: 'bad',
    by: 'said by a person',
  });
});

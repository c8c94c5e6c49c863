import { expect, test } from 'vitest';
import { areasOf, curveOf } from './semantic-rows.ts';

const bin = (from: number, lookUps: number, right: number, wrong: number) => ({
  from,
  lookUps,
  right,
  wrong,
});
const areas = (bins: Parameters<typeof curveOf>[0], lookUps: number) => areasOf(bins, curveOf(bins, lookUps));

test('the areas go as far down as there are verdicts, and no further', () => {
  // Counts are of all that had at least so much: between 0.5 and 0.8 are 20 look-ups, of which none was checked.
  const found = areas([bin(0.5, 60, 30, 10), bin(0.8, 40, 30, 10), bin(0.9, 20, 20, 0)], 100)!;
  expect(found.hit_rate).toBeCloseTo(0.4, 12);
  // Precision is 1 up to a hit rate of 0.2, and 0.75 at 0.4: of the 20 between them, half of what was checked was right.
  expect(found.p_chr_auc).toBeCloseTo(0.2 + 0.2 * 0.875, 12);
  expect(found.pr_auc).toBeCloseTo((0.2 + 0.1 * 0.875) / 0.3, 12);
  expect(found.crr).toBeCloseTo(found.p_chr_auc / found.pr_auc, 12);
});

test('there are none where nothing was checked, or nothing was looked up', () => {
  expect(areas([bin(0.5, 60, 0, 0), bin(0.9, 20, 0, 0)], 100)).toBeNull();
  // Verdicts about look-ups of another day.
  expect(areas([bin(0.5, 0, 3, 1), bin(0.9, 0, 3, 0)], 0)).toBeNull();
  expect(areas([], 0)).toBeNull();
});

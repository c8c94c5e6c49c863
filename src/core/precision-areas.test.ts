import { describe, expect, it } from 'vitest';
import { precisionAreas } from './precision-areas.ts';

/** The points of a list of right and wrong answers, best score first. */
function pointsOf(list: readonly boolean[]) {
  let right = 0;
  return list.map((isRight, at) => {
    if (isRight) right++;
    return { hitRate: (at + 1) / list.length, precision: right / (at + 1) };
  });
}
const of = (right: number, wrong: number): boolean[] => [
  ...new Array<boolean>(right).fill(true),
  ...new Array<boolean>(wrong).fill(false),
];

describe('the areas under a precision curve', () => {
  it('are one where everything is right', () => {
    expect(precisionAreas(pointsOf(of(10, 0)))).toEqual({ pChrAuc: 1, prAuc: 1, crr: 1 });
  });

  it('of a perfect ranking are one by recall, and p (1 - ln p) by hit ratio', () => {
    const share = 0.45;
    const areas = precisionAreas(pointsOf(of(4_500, 5_500)))!;
    expect(areas.prAuc).toBeCloseTo(1, 6);
    expect(areas.pChrAuc).toBeCloseTo(share * (1 - Math.log(share)), 3);
    expect(areas.crr).toBeCloseTo(areas.pChrAuc, 4);
  });

  it('of a ranking that knows nothing are the share of what is right', () => {
    const alternating = Array.from({ length: 20_000 }, (_, at) => at % 2 === 0);
    const areas = precisionAreas(pointsOf(alternating))!;
    expect(areas.pChrAuc).toBeCloseTo(0.5, 2);
    expect(areas.prAuc).toBeCloseTo(0.5, 2);
    expect(areas.crr).toBeCloseTo(1, 2);
  });

  it('are worked out by hand for three points', () => {
    const areas = precisionAreas([
      { hitRate: 0.2, precision: 1 },
      { hitRate: 0.4, precision: 0.9 },
      { hitRate: 0.5, precision: 0.8 },
    ])!;
    // 0.2 * 1 + 0.2 * 0.95 + 0.1 * 0.85
    expect(areas.pChrAuc).toBeCloseTo(0.475, 12);
    // Right: 0.2, 0.36, 0.4 of all; recall 0.5, 0.9, 1.
    expect(areas.prAuc).toBeCloseTo(0.5 * 1 + 0.4 * 0.95 + 0.1 * 0.85, 12);
    expect(areas.crr).toBeCloseTo(0.475 / 0.965, 12);
  });

  it('count nothing beyond the last point', () => {
    expect(precisionAreas([{ hitRate: 0.3, precision: 1 }])).toMatchObject({ pChrAuc: 0.3, prAuc: 1 });
  });

  it('are none without a point, and have no retention when nothing is right', () => {
    expect(precisionAreas([])).toBeNull();
    expect(precisionAreas(pointsOf(of(0, 3)))).toEqual({ pChrAuc: 0, prAuc: 0, crr: null });
  });
});
